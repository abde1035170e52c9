package org.jmultiprocessing.sharedmemory;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jmultiprocessing.internal.arena.ArrayMemory;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedArray} of booleans. */
public final class SharedBooleanArray extends SharedArray {
    private static final int BYTES = 1;

    static {
        Transferable.register(SharedBooleanArray.class, new Reader());
    }

    /**
     * Makes an array of zeros with an {@link RLock} of its own.
     *
     * @param length how many elements
     */
    public SharedBooleanArray(int length) {
        this(length, new RLock());
    }

    /**
     * Makes an array of zeros with a lock that may also protect others.
     *
     * @param length how many elements
     * @param lock the lock
     */
    public SharedBooleanArray(int length, Mutex lock) {
        super(ArrayMemory.create(bytes(length, BYTES)), BYTES, required(lock));
    }

    /**
     * Makes an array with an {@link RLock} of its own.
     *
     * @param values its elements, copied
     */
    public SharedBooleanArray(boolean[] values) {
        this(values.length);
        copyFrom(0, values, 0, values.length);
    }

    private SharedBooleanArray(ArrayMemory memory, Mutex lock) {
        super(memory, BYTES, lock);
    }

    /**
     * Makes an array of zeros without a lock.
     *
     * @param length how many elements
     * @return the array
     */
    public static SharedBooleanArray raw(int length) {
        return new SharedBooleanArray(ArrayMemory.create(bytes(length, BYTES)), null);
    }

    /**
     * @param index from 0
     * @return that element
     */
    public boolean get(int index) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            return Words.getByteAcquire(data, at) != 0;
        } finally {
            leave();
        }
    }

    /**
     * @param index from 0
     * @param value the new element
     */
    public void set(int index, boolean value) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            Words.putByteRelease(data, at, (byte) (value ? 1 : 0));
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
    public void copyTo(int index, boolean[] target, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            for (int i = 0; i < count; i++) {
                target[offset + i] = data().get(index + i) != 0;
            }
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
    public void copyFrom(int index, boolean[] source, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            for (int i = 0; i < count; i++) {
                data().put(index + i, (byte) (source[offset + i] ? 1 : 0));
            }
        } finally {
            leave();
        }
    }

    /** @return a copy of all elements */
    public boolean[] toArray() {
        boolean[] copy = new boolean[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }

    private static final class Reader implements Transferable.Reader<SharedBooleanArray> {
        @Override
        public SharedBooleanArray readTransfer(TransferInput in) {
            return new SharedBooleanArray(ArrayMemory.read(in), SharedValue.readLock(in));
        }
    }
}
