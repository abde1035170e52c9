package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedValue} that is a double. */
public final class SharedDouble extends SharedValue {
    static {
        Transferable.register(SharedDouble.class, new Reader());
    }

    /**
     * Makes a value with an {@link RLock} of its own.
     *
     * @param value the first value
     */
    public SharedDouble(double value) {
        this(value, new RLock());
    }

    /**
     * Makes a value with a lock that may also protect others.
     *
     * @param value the first value
     * @param lock the lock
     */
    public SharedDouble(double value, Mutex lock) {
        super(required(lock));
        setBits(bits(value));
    }

    private SharedDouble(double value, boolean raw) {
        super(null);
        setBits(bits(value));
    }

    private SharedDouble(Arena.Block block, Mutex lock) {
        super(block, lock);
    }

    /**
     * Makes a value without a lock.
     *
     * @param value the first value
     * @return the value
     */
    public static SharedDouble raw(double value) {
        return new SharedDouble(value, true);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static double from(long bits) {
        return Double.longBitsToDouble(bits);
    }

    /** @return the value */
    public double get() {
        return from(lockedBits());
    }

    /** @param value the new value */
    public void set(double value) {
        setLockedBits(bits(value));
    }

    /**
     * Adds to it, in one step.
     *
     * @param delta what to add
     * @return the value after that
     */
    public double add(double delta) {
        enter();
        try {
            while (true) {
                long now = bits();
                double next = from(now) + delta;
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
    public boolean compareAndSet(double expected, double value) {
        return exchangeLockedBits(bits(expected), bits(value));
    }

    /** @return the value, read without the lock */
    @Override
    public String toString() {
        return "SharedDouble[" + from(bits()) + "]";
    }

    private static final class Reader implements Transferable.Reader<SharedDouble> {
        @Override
        public SharedDouble readTransfer(TransferInput in) {
            return new SharedDouble(Arena.read(in, 1), readLock(in));
        }
    }
}
