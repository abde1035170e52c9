package org.jmultiprocessing.internal.arena;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jmultiprocessing.internal.os.Words;

/** The records of one ring, as {@link QueueLayout} shows them. Knows nothing of who may read or write where. */
final class RingMemory {
    /** Bytes of a unit of positions, and of a record's head. */
    static final int UNIT = 8;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    /** What is no longer is copied by words, which is faster for so few. */
    private static final int SHORT = 128;
    private static final int CACHE_LINE = 64;

    private final ByteBuffer memory;
    private final int base;
    private final int mask;

    /**
     * @param memory holds the ring
     * @param base where it begins, a multiple of 8
     * @param bytes its size, a power of two
     */
    RingMemory(ByteBuffer memory, int base, int bytes) {
        this.memory = memory;
        this.base = base;
        this.mask = bytes - 1;
    }

    /** Units that a message takes. */
    static int units(int length) {
        return (length + UNIT - 1) / UNIT + 1;
    }

    int capacity() {
        return (mask + 1) / UNIT;
    }

    int kind(int position) {
        return (int) (head(position) >>> 32);
    }

    int length(int position) {
        return (int) head(position);
    }

    private long head(int position) {
        return Words.getLong(memory, base + (position * UNIT & mask));
    }

    void writeHead(int position, int kind, int length) {
        Words.putLong(memory, base + (position * UNIT & mask), (long) kind << 32 | length);
    }

    void write(int position, int kind, byte[] bytes, int offset, int length) {
        writeHead(position, kind, length);
        int at = (position + 1) * UNIT & mask;
        if (length > SHORT || offset + (length + UNIT - 1 & -UNIT) > bytes.length) {
            int first = Math.min(length, mask + 1 - at);
            memory.put(base + at, bytes, offset, first);
            memory.put(base, bytes, offset + first, length - first);
            return;
        }
        for (int done = 0; done < length; done += UNIT) {
            Words.putLong(memory, base + (at + done & mask), (long) LONGS.get(bytes, offset + done));
        }
    }

    /** The target has room for the length rounded up to a multiple of 8. */
    void read(int position, byte[] target, int offset, int length) {
        int at = (position + 1) * UNIT & mask;
        if (length > SHORT) {
            int first = Math.min(length, mask + 1 - at);
            memory.get(base + at, target, offset, first);
            memory.get(base, target, offset + first, length - first);
            own(at, target, offset, length);
            return;
        }
        for (int done = 0; done < length; done += UNIT) {
            LONGS.set(target, offset + done, Words.getLong(memory, base + (at + done & mask)));
        }
    }

    /**
     * Writes one word of each cache line of a message back as it was, so that the lines belong to the reading CPU. A putter who comes round to lines
     * that are only shared with readers upgrades them one after the other; those that are not in its cache at all it fetches in a stream, which makes
     * messages of 1 KiB twice as fast. The reader may die at any of these stores: they change nothing.
     */
    private void own(int at, byte[] copy, int offset, int length) {
        for (int done = 0; done <= length - UNIT; done += CACHE_LINE) {
            Words.putLong(memory, base + (at + done & mask), (long) LONGS.get(copy, offset + done));
        }
    }
}
