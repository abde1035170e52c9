package org.jmultiprocessing.sharedmemory;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jmultiprocessing.internal.arena.ArrayMemory;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedArray} of floats. */
public final class SharedFloatArray extends SharedArray {
    private static final int BYTES = 4;

    static {
        Transferable.register(SharedFloatArray.class, new Reader());
    }

    /**
     * Makes an array of zeros with an {@link RLock} of its own.
     *
     * @param length how many elements
     */
    public SharedFloatArray(int length) {
        this(length, new RLock());
    }

    /**
     * Makes an array of zeros with a lock that may also protect others.
     *
     * @param length how many elements
     * @param lock the lock
     */
    public SharedFloatArray(int length, Mutex lock) {
        super(ArrayMemory.create(bytes(length, BYTES)), BYTES, required(lock));
    }

    /**
     * Makes an array with an {@link RLock} of its own.
     *
     * @param values its elements, copied
     */
    public SharedFloatArray(float[] values) {
        this(values.length);
        copyFrom(0, values, 0, values.length);
    }

    private SharedFloatArray(ArrayMemory memory, Mutex lock) {
        super(memory, BYTES, lock);
    }

    /**
     * Makes an array of zeros without a lock.
     *
     * @param length how many elements
     * @return the array
     */
    public static SharedFloatArray raw(int length) {
        return new SharedFloatArray(ArrayMemory.create(bytes(length, BYTES)), null);
    }

    /**
     * @param index from 0
     * @return that element
     */
    public float get(int index) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            return Float.intBitsToFloat(Words.getIntVolatile(data, at));
        } finally {
            leave();
        }
    }

    /**
     * @param index from 0
     * @param value the new element
     */
    public void set(int index, float value) {
        enter();
        try {
            ByteBuffer data = data();
            int at = at(index, BYTES);
            Words.putIntRelease(data, at, Float.floatToRawIntBits(value));
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
    public void copyTo(int index, float[] target, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            data().asFloatBuffer().get(index, target, offset, count);
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
    public void copyFrom(int index, float[] source, int offset, int count) {
        Objects.checkFromIndexSize(index, count, length());
        enter();
        try {
            data().asFloatBuffer().put(index, source, offset, count);
        } finally {
            leave();
        }
    }

    /** @return a copy of all elements */
    public float[] toArray() {
        float[] copy = new float[length()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }

    private static final class Reader implements Transferable.Reader<SharedFloatArray> {
        @Override
        public SharedFloatArray readTransfer(TransferInput in) {
            return new SharedFloatArray(ArrayMemory.read(in), SharedValue.readLock(in));
        }
    }
}
