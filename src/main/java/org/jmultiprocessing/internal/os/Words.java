package org.jmultiprocessing.internal.os;

import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Words of shared memory, in the machine's byte order, with the ordering in the method's name. Offsets must be multiples of the word's size.
 *
 * <p>Where the JDK lets us use {@code sun.misc.Unsafe} without a warning, which is up to 23, and later with
 * {@code --sun-misc-unsafe-memory-access=allow}, as our children have it, that is what reads and writes; else {@link ViewWords}. Compiled at last
 * they are alike. But a process is young when it puts its first messages, and a view's handle goes through eight methods:
 *
 * <table>
 * <caption>ns for a volatile read, JDK 17 / 25</caption>
 * <tr><th></th><th>interpreted</th><th>C1, profiled</th></tr>
 * <tr><td>view</td><td>1438 / 468</td><td>22 / 19</td></tr>
 * <tr><td>{@code ByteBuffer.getLong} and a fence</td><td>1101 / 351</td><td>17 / 17</td></tr>
 * <tr><td>{@code Unsafe}</td><td>527 / 173</td><td>8 / 10</td></tr>
 * </table>
 */
public final class Words {
    private static final int FIRST_THAT_WARNS = 24;
    /** Null if this JDK would warn of it, or has none. Not imported, which javadoc would warn of. */
    private static final sun.misc.Unsafe UNSAFE = unsafe();
    /** Where a direct buffer has its address. */
    private static final long ADDRESS = UNSAFE == null ? 0 : addressOffset();

    private Words() { }

    private static sun.misc.Unsafe unsafe() {
        if (Runtime.version().feature() >= FIRST_THAT_WARNS && !"allow".equals(System.getProperty("sun.misc.unsafe.memory.access"))) {
            return null;
        }
        try {
            Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (sun.misc.Unsafe) field.get(null);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError withoutIt) {
            return null;
        }
    }

    private static long addressOffset() {
        try {
            return UNSAFE.objectFieldOffset(Buffer.class.getDeclaredField("address"));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("a buffer of this JDK has no address", e);
        }
    }

    private static IndexOutOfBoundsException outside(ByteBuffer memory, int offset) {
        return new IndexOutOfBoundsException(offset + " is not in " + memory);
    }

    private static long at(ByteBuffer memory, int offset, int bytes) {
        if ((offset | memory.capacity() - bytes - offset) < 0) {
            throw outside(memory, offset);
        }
        return UNSAFE.getLong(memory, ADDRESS) + offset;
    }

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
        if (UNSAFE == null) {
            return ViewWords.getShortAcquire(memory, offset);
        }
        short result = UNSAFE.getShortVolatile(null, at(memory, offset, Short.BYTES));
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; who sees it sees all that was written before
     */
    public static void putShortRelease(ByteBuffer memory, int offset, short value) {
        if (UNSAFE == null) {
            ViewWords.putShortRelease(memory, offset, value);
            return;
        }
        UNSAFE.putShortVolatile(null, at(memory, offset, Short.BYTES), value);
        Reference.reachabilityFence(memory);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; no ordering
     */
    public static int getInt(ByteBuffer memory, int offset) {
        if (UNSAFE == null) {
            return ViewWords.getInt(memory, offset);
        }
        int result = UNSAFE.getInt(at(memory, offset, Integer.BYTES));
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; what its writer wrote before is seen from now on
     */
    public static int getIntVolatile(ByteBuffer memory, int offset) {
        if (UNSAFE == null) {
            return ViewWords.getIntVolatile(memory, offset);
        }
        int result = UNSAFE.getIntVolatile(null, at(memory, offset, Integer.BYTES));
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; no ordering
     */
    public static void putInt(ByteBuffer memory, int offset, int value) {
        if (UNSAFE == null) {
            ViewWords.putInt(memory, offset, value);
            return;
        }
        UNSAFE.putInt(at(memory, offset, Integer.BYTES), value);
        Reference.reachabilityFence(memory);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; who sees it sees all that was written before
     */
    public static void putIntRelease(ByteBuffer memory, int offset, int value) {
        if (UNSAFE == null) {
            ViewWords.putIntRelease(memory, offset, value);
            return;
        }
        UNSAFE.putOrderedInt(null, at(memory, offset, Integer.BYTES), value);
        Reference.reachabilityFence(memory);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param expected what must be there
     * @param value what is to be there
     * @return whether it was exchanged; a full fence
     */
    public static boolean casInt(ByteBuffer memory, int offset, int expected, int value) {
        if (UNSAFE == null) {
            return ViewWords.casInt(memory, offset, expected, value);
        }
        boolean result = UNSAFE.compareAndSwapInt(null, at(memory, offset, Integer.BYTES), expected, value);
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param delta what to add
     * @return what was there before; a full fence
     */
    public static int addInt(ByteBuffer memory, int offset, int delta) {
        if (UNSAFE == null) {
            return ViewWords.addInt(memory, offset, delta);
        }
        int result = UNSAFE.getAndAddInt(null, at(memory, offset, Integer.BYTES), delta);
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; no ordering
     */
    public static long getLong(ByteBuffer memory, int offset) {
        if (UNSAFE == null) {
            return ViewWords.getLong(memory, offset);
        }
        long result = UNSAFE.getLong(at(memory, offset, Long.BYTES));
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @return the word; what its writer wrote before is seen from now on
     */
    public static long getLongVolatile(ByteBuffer memory, int offset) {
        if (UNSAFE == null) {
            return ViewWords.getLongVolatile(memory, offset);
        }
        long result = UNSAFE.getLongVolatile(null, at(memory, offset, Long.BYTES));
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; no ordering
     */
    public static void putLong(ByteBuffer memory, int offset, long value) {
        if (UNSAFE == null) {
            ViewWords.putLong(memory, offset, value);
            return;
        }
        UNSAFE.putLong(at(memory, offset, Long.BYTES), value);
        Reference.reachabilityFence(memory);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; who sees it sees all that was written before
     */
    public static void putLongRelease(ByteBuffer memory, int offset, long value) {
        if (UNSAFE == null) {
            ViewWords.putLongRelease(memory, offset, value);
            return;
        }
        UNSAFE.putOrderedLong(null, at(memory, offset, Long.BYTES), value);
        Reference.reachabilityFence(memory);
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param expected what must be there
     * @param value what is to be there
     * @return whether it was exchanged; a full fence
     */
    public static boolean casLong(ByteBuffer memory, int offset, long expected, long value) {
        if (UNSAFE == null) {
            return ViewWords.casLong(memory, offset, expected, value);
        }
        boolean result = UNSAFE.compareAndSwapLong(null, at(memory, offset, Long.BYTES), expected, value);
        Reference.reachabilityFence(memory);
        return result;
    }

    /**
     * @param memory a direct buffer
     * @param offset where
     * @param value the word; a full fence
     */
    public static void putLongVolatile(ByteBuffer memory, int offset, long value) {
        if (UNSAFE == null) {
            ViewWords.putLongVolatile(memory, offset, value);
            return;
        }
        UNSAFE.putLongVolatile(null, at(memory, offset, Long.BYTES), value);
        Reference.reachabilityFence(memory);
    }
}
