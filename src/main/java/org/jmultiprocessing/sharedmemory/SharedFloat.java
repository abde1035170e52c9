package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedValue} that is a float. */
public final class SharedFloat extends SharedValue {
    static {
        Transferable.register(SharedFloat.class, new Reader());
    }

    /**
     * Makes a value with an {@link RLock} of its own.
     *
     * @param value the first value
     */
    public SharedFloat(float value) {
        this(value, new RLock());
    }

    /**
     * Makes a value with a lock that may also protect others.
     *
     * @param value the first value
     * @param lock the lock
     */
    public SharedFloat(float value, Mutex lock) {
        super(required(lock));
        setBits(bits(value));
    }

    private SharedFloat(float value, boolean raw) {
        super(null);
        setBits(bits(value));
    }

    private SharedFloat(Arena.Block block, Mutex lock) {
        super(block, lock);
    }

    /**
     * Makes a value without a lock.
     *
     * @param value the first value
     * @return the value
     */
    public static SharedFloat raw(float value) {
        return new SharedFloat(value, true);
    }

    private static long bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    private static float from(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    /** @return the value */
    public float get() {
        return from(lockedBits());
    }

    /** @param value the new value */
    public void set(float value) {
        setLockedBits(bits(value));
    }

    /**
     * Adds to it, in one step.
     *
     * @param delta what to add
     * @return the value after that
     */
    public float add(float delta) {
        enter();
        try {
            while (true) {
                long now = bits();
                float next = from(now) + delta;
                if (exchangeBits(now, bits(next))) {
                    return next;
                }
            }
        } finally {
            leave();
        }
    }

    /**
     * Changes it if it has a certain value, in one step. Compared are bits: NaN is NaN, 0.0 is not -0.0.
     *
     * @param expected the value it has to have
     * @param value the new value
     * @return whether it was changed
     */
    public boolean compareAndSet(float expected, float value) {
        return exchangeLockedBits(bits(expected), bits(value));
    }

    /** @return the value, read without the lock */
    @Override
    public String toString() {
        return "SharedFloat[" + from(bits()) + "]";
    }

    private static final class Reader implements Transferable.Reader<SharedFloat> {
        @Override
        public SharedFloat readTransfer(TransferInput in) {
            return new SharedFloat(Arena.read(in, 1), readLock(in));
        }
    }
}
