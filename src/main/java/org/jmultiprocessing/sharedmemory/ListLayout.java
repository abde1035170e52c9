package org.jmultiprocessing.sharedmemory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How CPython 3.9 and later lay out a list of {@code n} items, in the machine's byte order:
 * <pre>
 * 0              long        n
 * 8              long[n + 1] where each item begins, from the beginning of the items, and where the last one ends
 * 8 (n + 2)      items       each in a multiple of 8 bytes
 * formats        byte[8][n]  each item's format of Python's struct, filled up with zeros
 * formats + 8 n  byte[n]     each item's kind: 0 number or truth value, 1 str, 2 bytes, 3 None
 * </pre>
 * CPython 3.8 has {@code long[n]} with the items' lengths instead of their beginnings.
 */
final class ListLayout {
    static final int WORD = 8;
    static final byte PLAIN = 0;
    static final byte TEXT = 1;
    static final byte BYTES = 2;
    static final byte NONE = 3;

    static final String LONG = "q";
    static final String DOUBLE = "d";
    static final String TRUTH = "xxxxxxx?";
    static final String NOTHING = "xxxxxx?x";
    /** Where the truth value is in its word. */
    static final int TRUTH_AT = 7;
    private static final char STRING = 's';

    private final long[] begins;

    /** @param begins where each item begins, and where the last one ends */
    private ListLayout(long[] begins) {
        this.begins = begins;
    }

    /** The layout for these values, each as {@link #value} gives it. */
    static ListLayout of(Object[] values) {
        long[] begins = new long[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            begins[i + 1] = begins[i] + room(values[i]);
        }
        return new ListLayout(begins);
    }

    /** CPython takes a str's characters for its bytes here, and cuts what is not ASCII; there is room for all of it in ours. */
    private static long room(Object value) {
        byte[] bytes = bytes(value);
        long room = bytes == null ? WORD : (long) WORD * (bytes.length / WORD + 1);
        if (bytes != null && format(room).length() > WORD) {
            throw new IllegalArgumentException("an item of " + bytes.length + " bytes does not fit into a ShareableList: 9999991 is the most,"
                    + " since the format of an item has 8 characters; put it into a SharedMemory of its own");
        }
        return room;
    }

    /** Reads and checks the layout of a list that exists. */
    static ListLayout read(SharedMemory memory) {
        long count = memory.size() < 2 * WORD ? -1 : memory.buffer(0, WORD).getLong();
        if (count < 0 || count > (memory.size() - 2 * WORD) / (2 * WORD + 1)) {
            throw noList(memory, "");
        }
        long[] begins = new long[(int) count + 1];
        for (int i = 0; i <= count; i++) {
            begins[i] = memory.buffer((long) WORD * (i + 1), WORD).getLong();
            if (i == 0 && begins[0] != 0) {
                throw noList(memory, " that this can read: CPython 3.8 lays out lists in another way; use 3.9 or later");
            }
            if (i > 0 && (begins[i] < begins[i - 1] + WORD || begins[i] % WORD != 0 || begins[i] - begins[i - 1] > Integer.MAX_VALUE)) {
                throw noList(memory, "");
            }
        }
        ListLayout layout = new ListLayout(begins);
        if (begins[(int) count] > memory.size() || layout.size() > memory.size()) {
            throw noList(memory, "");
        }
        return layout;
    }

    private static IllegalArgumentException noList(SharedMemory memory, String reason) {
        return new IllegalArgumentException("shared memory '" + memory.name() + "' holds no ShareableList" + reason);
    }

    void write(SharedMemory memory) {
        memory.buffer(0, WORD).putLong(count());
        for (int i = 0; i < begins.length; i++) {
            memory.buffer((long) WORD * (i + 1), WORD).putLong(begins[i]);
        }
    }

    int count() {
        return begins.length - 1;
    }

    /** How many bytes the whole list takes. */
    long size() {
        return formatAt(count()) + count();
    }

    long itemAt(int index) {
        return WORD * (count() + 2L) + begins[index];
    }

    int roomOf(int index) {
        return (int) (begins[index + 1] - begins[index]);
    }

    long formatAt(int index) {
        return itemAt(count()) + (long) WORD * index;
    }

    long kindAt(int index) {
        return formatAt(count()) + index;
    }

    /** Whole numbers as Long, others as Double; anything else as it is. */
    static Object widened(Object given) {
        if (given instanceof Integer || given instanceof Short || given instanceof Byte) {
            return ((Number) given).longValue();
        }
        return given instanceof Float ? (Object) ((Float) given).doubleValue() : given;
    }

    /** The value as a list holds it. */
    static Object value(Object given) {
        Object value = widened(given);
        if (value == null || value instanceof Long || value instanceof Double || value instanceof Boolean || value instanceof String
                || value instanceof byte[]) {
            return value;
        }
        throw new IllegalArgumentException("a ShareableList cannot hold a " + value.getClass().getName()
                + ": it takes whole and floating-point numbers, Boolean, String, byte[] and null, as Python's");
    }

    /** What is written for a String or byte[]; null for other values. */
    static byte[] bytes(Object value) {
        return value instanceof String ? ((String) value).getBytes(StandardCharsets.UTF_8) : value instanceof byte[] ? (byte[]) value : null;
    }

    static byte kind(Object value) {
        return value == null ? NONE : value instanceof String ? TEXT : value instanceof byte[] ? BYTES : PLAIN;
    }

    static String format(long room) {
        return Long.toString(room) + STRING;
    }

    static String format(Object value, int room) {
        if (value == null) {
            return NOTHING;
        }
        return value instanceof Long ? LONG : value instanceof Double ? DOUBLE : value instanceof Boolean ? TRUTH : format(room);
    }

    /** The length of a str or bytes item by its format; -1 if it is another format. */
    static int lengthOf(String format) {
        int digits = format.length() - 1;
        if (digits < 1 || format.charAt(digits) != STRING) {
            return -1;
        }
        int length = 0;
        for (int i = 0; i < digits; i++) {
            int digit = format.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            length = 10 * length + digit;
        }
        return length;
    }

    /** The bytes less the zeros at their end, which cannot be told from those that fill the room. */
    static byte[] stripped(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
