package org.jmultiprocessing.internal.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Words of shared memory, in the machine's byte order, with the ordering in the method's name. Offsets must be multiples of the word's size. */
public final class Words {
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final VarHandle SHORTS = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private Words() { }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the byte; what its writer wrote before is seen from now on
     */
    public static byte getByteAcquire(ByteBuffer memory, int offset) {
        byte value = memory.get(offset);
        VarHandle.acquireFence();
        return value;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the byte; who sees it sees all that was written before
     */
    public static void putByteRelease(ByteBuffer memory, int offset, byte value) {
        VarHandle.releaseFence();
        memory.put(offset, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; what its writer wrote before is seen from now on
     */
    public static short getShortAcquire(ByteBuffer memory, int offset) {
        return (short) SHORTS.getAcquire(memory, offset);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; who sees it sees all that was written before
     */
    public static void putShortRelease(ByteBuffer memory, int offset, short value) {
        SHORTS.setRelease(memory, offset, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; no ordering
     */
    public static int getInt(ByteBuffer memory, int offset) {
        return (int) INTS.get(memory, offset);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; what its writer wrote before is seen from now on
     */
    public static int getIntVolatile(ByteBuffer memory, int offset) {
        return (int) INTS.getVolatile(memory, offset);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; no ordering
     */
    public static void putInt(ByteBuffer memory, int offset, int value) {
        INTS.set(memory, offset, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; who sees it sees all that was written before
     */
    public static void putIntRelease(ByteBuffer memory, int offset, int value) {
        INTS.setRelease(memory, offset, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param expected what must be there
     * @param value what is to be there
     * @return whether it was exchanged; a full fence
     */
    public static boolean casInt(ByteBuffer memory, int offset, int expected, int value) {
        return INTS.compareAndSet(memory, offset, expected, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param delta what to add
     * @return what was there before; a full fence
     */
    public static int addInt(ByteBuffer memory, int offset, int delta) {
        return (int) INTS.getAndAdd(memory, offset, delta);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; no ordering
     */
    public static long getLong(ByteBuffer memory, int offset) {
        return (long) LONGS.get(memory, offset);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; what its writer wrote before is seen from now on
     */
    public static long getLongVolatile(ByteBuffer memory, int offset) {
        return (long) LONGS.getVolatile(memory, offset);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; no ordering
     */
    public static void putLong(ByteBuffer memory, int offset, long value) {
        LONGS.set(memory, offset, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; who sees it sees all that was written before
     */
    public static void putLongRelease(ByteBuffer memory, int offset, long value) {
        LONGS.setRelease(memory, offset, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param expected what must be there
     * @param value what is to be there
     * @return whether it was exchanged; a full fence
     */
    public static boolean casLong(ByteBuffer memory, int offset, long expected, long value) {
        return LONGS.compareAndSet(memory, offset, expected, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value what is to be there
     * @return what was there before; a full fence
     */
    public static long swapLong(ByteBuffer memory, int offset, long value) {
        return (long) LONGS.getAndSet(memory, offset, value);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; a full fence
     */
    public static void putLongVolatile(ByteBuffer memory, int offset, long value) {
        LONGS.setVolatile(memory, offset, value);
    }
}
