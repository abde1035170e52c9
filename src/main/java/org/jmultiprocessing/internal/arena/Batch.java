package org.jmultiprocessing.internal.arena;

import java.util.Arrays;

/** Messages copied out of a queue, one behind another. To be used again and again; not for several threads. */
public final class Batch {
    private static final int FIRST_BYTES = 512;

    private byte[] bytes;
    private final int[] starts;
    private final int[] lengths;
    private int count;
    private int end;

    /**
     * @param messages how many it holds at most
     * @param capacity bytes that it holds from the beginning; it grows for a single message only
     */
    public Batch(int messages, int capacity) {
        bytes = new byte[Math.max(FIRST_BYTES, capacity)];
        starts = new int[messages];
        lengths = new int[messages];
    }

    /** @return how many messages it holds */
    public int count() {
        return count;
    }

    /** @return where the messages are */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * @param index of a message
     * @return where it begins
     */
    public int start(int index) {
        return starts[index];
    }

    /**
     * @param index of a message
     * @return its length
     */
    public int length(int index) {
        return lengths[index];
    }

    void clear() {
        count = 0;
        end = 0;
    }

    boolean hasRoom(int length) {
        return count < starts.length && length <= bytes.length - RingMemory.UNIT - end;
    }

    /** Makes room for one message; the batch must be empty. */
    void grow(int length) {
        long needed = (long) length + 2 * RingMemory.UNIT;
        bytes = new byte[(int) Math.min(Math.max(needed, Math.min(2L * bytes.length, needed + needed / 2)), Integer.MAX_VALUE - 8)];
    }

    /** Takes a message's place; the caller fills it. Returns where. */
    int add(int length) {
        int start = end;
        starts[count] = start;
        lengths[count++] = length;
        end = start + (length + RingMemory.UNIT - 1 & -RingMemory.UNIT);
        return start;
    }

    /** Gives memory back that a large message took. */
    public void shrink(int limit) {
        if (bytes.length > limit) {
            bytes = new byte[FIRST_BYTES];
            clear();
        }
    }

    @Override
    public String toString() {
        return count + " messages of " + Arrays.toString(Arrays.copyOf(lengths, count)) + " bytes";
    }
}
