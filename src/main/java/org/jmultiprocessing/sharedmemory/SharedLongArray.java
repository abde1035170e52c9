package org.jmultiprocessing.sharedmemory;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jmultiprocessing.internal.arena.ArrayMemory;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedArray} of longs. */
public final class SharedLongArray extends SharedArray {
    private static final int BYTES = 8;

    static {
        Transferable.register(SharedLongArray.class, new Reader());
    }

    /**
     * Makes an array of zeros with an {@link RLock} of its own.
     *
     * @param length how many elements
     */
    public SharedLongArray(int length) {
        this(length, new RLock());
    }

    /**
     * Makes an array of zeros with a lock that may also protect others.
     *
     * @param length how many elements
     * @param lock the lock
     */
    public SharedLongArray(int length, Mutex lock) {
        super(ArrayMemory.create(bytes(length, BYTES)), BYTES, required(lock));
    }

    /**
     * Makes an array with an {@link RLock} of its own.
     *
     * @param values its elements, copied
     */
    public SharedLongArray(long[] values) {
        this(values.length);
        copyFrom(0, values, 0, values.length);
    }

    private SharedLongArray(ArrayMemory memory, Mutex lock) {
        super(memory, BYTES, lock);
    }

    /**
     * Makes an array of zeros without a lock.
     *
     * @param length how many elements
     * @return the array
     */
    public static SharedLongArray raw(int length) {
        return new SharedLongArray(ArrayMemory.create(bytes(length, BYTES)), null);
    }

    /**
     * @param index from 0
     * @return that element
     */
    public long get(int index) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            return Words.getLongVolatile(data, at);
        } finally {
            leave();
        }
    }

    /**
     * @param index from 0
     * @param value the new element
     */
    public void set(int index, long value) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            Words.putLongRelease(data, at, value);
        } finally {
            leave();
        }
    }

    /**
     * Adds to an element, in one step.
     *
     * @param index from 0
     * @param delta what to add
     * @return the element after that
     */
    public long add(int index, long delta) {
        enter();
        try {
            int at = at(index, BYTES);
            while (true) {
                long now = Words.getLongVolatile(data(), at);
                if (Words.casLong(data(), at, now, now + delta)) {
                    return now + delta;
                }
            }
        } finally {
            leave();
        }
    }

    /**
     * Changes an element if it has a certain value, in one step.
     *
     * @param index from 0
     * @param expected the value it has to have
     * @param value the new value
     * @return whether it was changed
     */
    public boolean compareAndSet(int index, long expected, long value) {
        enter();
        try {
            return Words.casLong(data(), at(index, BYTES), expected, value);
        } finally {
            leave();
        }
    }

    /**
     * Copies elements out.
     *
     * @param index of the first
     * @param target where they go
     * @param offset of the first there
     * @param count how many
     */
    public void copyTo(int index, long[] target, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            data().asLongBuffer().get(index, target, offset, count);
        } finally {
            leave();
        }
    }

    /**
     * Copies elements in.
     *
     * @param index of the first
     * @param source where they come from
     * @param offset of the first there
     * @param count how many
     */
    public void copyFrom(int index, long[] source, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            data().asLongBuffer().put(index, source, offset, count);
        } finally {
            leave();
        }
    }

    /** @return a copy of all elements */
    public long[] toArray() {
        long[] copy = new long[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }

    private static final class Reader implements Transferable.Reader<SharedLongArray> {
        @Override
        public SharedLongArray readTransfer(TransferInput in) {
            return new SharedLongArray(ArrayMemory.read(in), SharedValue.readLock(in));
        }
    }
}
