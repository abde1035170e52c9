package org.jmultiprocessing.sharedmemory;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jmultiprocessing.internal.arena.ArrayMemory;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedArray} of shorts. */
public final class SharedShortArray extends SharedArray {
    private static final int BYTES = 2;

    static {
        Transferable.register(SharedShortArray.class, new Reader());
    }

    /**
     * Makes an array of zeros with an {@link RLock} of its own.
     *
     * @param length how many elements
     */
    public SharedShortArray(int length) {
        this(length, new RLock());
    }

    /**
     * Makes an array of zeros with a lock that may also protect others.
     *
     * @param length how many elements
     * @param lock the lock
     */
    public SharedShortArray(int length, Mutex lock) {
        super(ArrayMemory.create(bytes(length, BYTES)), BYTES, required(lock));
    }

    /**
     * Makes an array with an {@link RLock} of its own.
     *
     * @param values its elements, copied
     */
    public SharedShortArray(short[] values) {
        this(values.length);
        copyFrom(0, values, 0, values.length);
    }

    private SharedShortArray(ArrayMemory memory, Mutex lock) {
        super(memory, BYTES, lock);
    }

    /**
     * Makes an array of zeros without a lock.
     *
     * @param length how many elements
     * @return the array
     */
    public static SharedShortArray raw(int length) {
        return new SharedShortArray(ArrayMemory.create(bytes(length, BYTES)), null);
    }

    /**
     * @param index from 0
     * @return that element
     */
    public short get(int index) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            return Words.getShortAcquire(data, at);
        } finally {
            leave();
        }
    }

    /**
     * @param index from 0
     * @param value the new element
     */
    public void set(int index, short value) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            Words.putShortRelease(data, at, value);
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
    public void copyTo(int index, short[] target, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            data().asShortBuffer().get(index, target, offset, count);
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
    public void copyFrom(int index, short[] source, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            data().asShortBuffer().put(index, source, offset, count);
        } finally {
            leave();
        }
    }

    /** @return a copy of all elements */
    public short[] toArray() {
        short[] copy = new short[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }

    private static final class Reader implements Transferable.Reader<SharedShortArray> {
        @Override
        public SharedShortArray readTransfer(TransferInput in) {
            return new SharedShortArray(ArrayMemory.read(in), SharedValue.readLock(in));
        }
    }
}
