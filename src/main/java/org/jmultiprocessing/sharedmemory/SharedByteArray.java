package org.jmultiprocessing.sharedmemory;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jmultiprocessing.internal.arena.ArrayMemory;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedArray} of bytes. */
public final class SharedByteArray extends SharedArray {
    private static final int BYTES = 1;

    static {
        Transferable.register(SharedByteArray.class, new Reader());
    }

    /**
     * Makes an array of zeros with an {@link RLock} of its own.
     *
     * @param length how many elements
     */
    public SharedByteArray(int length) {
        this(length, new RLock());
    }

    /**
     * Makes an array of zeros with a lock that may also protect others.
     *
     * @param length how many elements
     * @param lock the lock
     */
    public SharedByteArray(int length, Mutex lock) {
        super(ArrayMemory.create(bytes(length, BYTES)), BYTES, required(lock));
    }

    /**
     * Makes an array with an {@link RLock} of its own.
     *
     * @param values its elements, copied
     */
    public SharedByteArray(byte[] values) {
        this(values.length);
        copyFrom(0, values, 0, values.length);
    }

    private SharedByteArray(ArrayMemory memory, Mutex lock) {
        super(memory, BYTES, lock);
    }

    /**
     * Makes an array of zeros without a lock.
     *
     * @param length how many elements
     * @return the array
     */
    public static SharedByteArray raw(int length) {
        return new SharedByteArray(ArrayMemory.create(bytes(length, BYTES)), null);
    }

    /**
     * @param index from 0
     * @return that element
     */
    public byte get(int index) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            return Words.getByteAcquire(data, at);
        } finally {
            leave();
        }
    }

    /**
     * @param index from 0
     * @param value the new element
     */
    public void set(int index, byte value) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            Words.putByteRelease(data, at, value);
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
    public void copyTo(int index, byte[] target, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            data().get(index, target, offset, count);
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
    public void copyFrom(int index, byte[] source, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            data().put(index, source, offset, count);
        } finally {
            leave();
        }
    }

    /** @return a copy of all elements */
    public byte[] toArray() {
        byte[] copy = new byte[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }

    private static final class Reader implements Transferable.Reader<SharedByteArray> {
        @Override
        public SharedByteArray readTransfer(TransferInput in) {
            return new SharedByteArray(ArrayMemory.read(in), SharedValue.readLock(in));
        }
    }
}
