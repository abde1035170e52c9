package org.jmultiprocessing.internal.wire;

import java.io.ObjectInputFilter;
import org.jmultiprocessing.errors.SerializationException;

/**
 * What Java serialization may build from a message: no more objects than the message has bytes, arrays that these bytes can fill, classes that the
 * {@link Trust} allows. A filter that the JVM has for itself ({@code jdk.serialFilter}) is asked too, by the JDK. For one stream.
 */
final class JavaBounds implements ObjectInputFilter {
    /** Deeper than any thread's usual stack lets a writer go. */
    private static final int MAX_DEPTH = 5000;
    /** A collection's table is allocated by its size; HashMap's has up to 11 slots for an entry, which takes two bytes at least. */
    private static final int SLOTS_PER_BYTE = 16;
    private static final int FREE_SLOTS = 1024;

    private final int bytes;
    private final Trust trust;
    private long slots;
    private String refusal;

    JavaBounds(int bytes, Trust trust) {
        this.bytes = bytes;
        this.trust = trust;
        this.slots = (long) bytes * SLOTS_PER_BYTE + FREE_SLOTS;
    }

    /** Why something was rejected, or null if nothing was. */
    String refusal() {
        return refusal;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        if (info.depth() > MAX_DEPTH) {
            return refuse("it is nested more than " + MAX_DEPTH + " deep");
        }
        if (info.references() > bytes) {
            return refuse("it announces more objects than it has bytes");
        }
        if (info.arrayLength() >= 0) {
            slots -= info.arrayLength();
            if (slots < 0) {
                return refuse("it announces an array of " + info.arrayLength() + " elements and has " + bytes + " bytes");
            }
        }
        if (trust.isOwn() || info.serialClass() == TransferStub.class) {
            return Status.UNDECIDED;
        }
        return checkForeign(trust.filter(), info);
    }

    private Status checkForeign(ObjectInputFilter filter, FilterInfo info) {
        Status status = filter.checkInput(info);
        Class<?> type = info.serialClass();
        if (status == Status.REJECTED || status != Status.ALLOWED && type != null && !isHarmless(type)) {
            return refuse(type == null ? "it exceeds a limit of this connection's ObjectInputFilter" : notAllowed(type, info.arrayLength()));
        }
        return status == null ? Status.UNDECIDED : status;
    }

    /** Boxes and what they and enums extend: a filter that names the user's classes need not name these. */
    private static boolean isHarmless(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element.isPrimitive() || element == Object.class || element == String.class || element == Number.class || element == Enum.class
            || element == Integer.class || element == Long.class || element == Double.class || element == Boolean.class
            || element == Byte.class || element == Short.class || element == Character.class || element == Float.class;
    }

    private Status refuse(String reason) {
        if (refusal == null) {
            refusal = "the message is refused: " + reason;
        }
        return Status.REJECTED;
    }

    private static String notAllowed(Class<?> type, long arrayLength) {
        String length = arrayLength < 0 ? "" : " with " + arrayLength + " elements";
        return "this connection's ObjectInputFilter does not allow " + type.getTypeName() + length;
    }

    /** Asks a filter about the class of an object that is not rebuilt by Java serialization. */
    static void requireAllowed(ObjectInputFilter filter, Class<?> type) {
        Status status = filter.checkInput(new FilterInfo() {
            @Override
            public Class<?> serialClass() {
                return type;
            }

            @Override
            public long arrayLength() {
                return -1;
            }

            @Override
            public long depth() {
                return 1;
            }

            @Override
            public long references() {
                return 1;
            }

            @Override
            public long streamBytes() {
                return 0;
            }
        });
        if (status != Status.ALLOWED) {
            throw new SerializationException("the message is refused: " + notAllowed(type, -1));
        }
    }
}
