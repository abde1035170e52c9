package org.jmultiprocessing.internal.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@link Words} by what every JDK offers. */
final class ViewWords {
    private static final VarHandle SHORTS = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private ViewWords() { }

    static short getShortAcquire(ByteBuffer memory, int offset) {
        return (short) SHORTS.getAcquire(memory, offset);
    }

    static void putShortRelease(ByteBuffer memory, int offset, short value) {
        SHORTS.setRelease(memory, offset, value);
    }

    static int getInt(ByteBuffer memory, int offset) {
        return (int) INTS.get(memory, offset);
    }

    static int getIntVolatile(ByteBuffer memory, int offset) {
        return (int) INTS.getVolatile(memory, offset);
    }

    static void putInt(ByteBuffer memory, int offset, int value) {
        INTS.set(memory, offset, value);
    }

    static void putIntRelease(ByteBuffer memory, int offset, int value) {
        INTS.setRelease(memory, offset, value);
    }

    static boolean casInt(ByteBuffer memory, int offset, int expected, int value) {
        return INTS.compareAndSet(memory, offset, expected, value);
    }

    static int addInt(ByteBuffer memory, int offset, int delta) {
        return (int) INTS.getAndAdd(memory, offset, delta);
    }

    static long getLong(ByteBuffer memory, int offset) {
        return (long) LONGS.get(memory, offset);
    }

    static long getLongVolatile(ByteBuffer memory, int offset) {
        return (long) LONGS.getVolatile(memory, offset);
    }

    static void putLong(ByteBuffer memory, int offset, long value) {
        LONGS.set(memory, offset, value);
    }

    static void putLongRelease(ByteBuffer memory, int offset, long value) {
        LONGS.setRelease(memory, offset, value);
    }

    static boolean casLong(ByteBuffer memory, int offset, long expected, long value) {
        return LONGS.compareAndSet(memory, offset, expected, value);
    }

    static void putLongVolatile(ByteBuffer memory, int offset, long value) {
        LONGS.setVolatile(memory, offset, value);
    }
}
