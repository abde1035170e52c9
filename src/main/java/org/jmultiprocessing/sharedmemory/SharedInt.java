package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedValue} that is an int. */
public final class SharedInt extends SharedValue {
    static {
        Transferable.register(SharedInt.class, new Reader());
    }

    /**
     * Makes a value with an {@link RLock} of its own.
     *
     * @param value the first value
     */
    public SharedInt(int value) {
        this(value, new RLock());
    }

    /**
     * Makes a value with a lock that may also protect others.
     *
     * @param value the first value
     * @param lock the lock
     */
    public SharedInt(int value, Mutex lock) {
        super(required(lock));
        setBits(bits(value));
    }

    private SharedInt(int value, boolean raw) {
        super(null);
        setBits(bits(value));
    }

    private SharedInt(Arena.Block block, Mutex lock) {
        super(block, lock);
    }

    /**
     * Makes a value without a lock.
     *
     * @param value the first value
     * @return the value
     */
    public static SharedInt raw(int value) {
        return new SharedInt(value, true);
    }

    private static long bits(int value) {
        return value;
    }

    private static int from(long bits) {
        return (int) bits;
    }

    /** @return the value */
    public int get() {
        return from(lockedBits());
    }

    /** @param value the new value */
    public void set(int value) {
        setLockedBits(bits(value));
    }

    /**
     * Adds to it, in one step.
     *
     * @param delta what to add
     * @return the value after that
     */
    public int add(int delta) {
        enter();
        try {
            while (true) {
                long now = bits();
                int next = from(now) + delta;
                if (exchangeBits(now, bits(next))) {
                    return next;
                }
            }
        } finally {
            leave();
        }
    }

    /**
     * Changes it if it has a certain value, in one step.
     *
     * @param expected the value it has to have
     * @param value the new value
     * @return whether it was changed
     */
    public boolean compareAndSet(int expected, int value) {
        return exchangeLockedBits(bits(expected), bits(value));
    }

    /** @return the value, read without the lock */
    @Override
    public String toString() {
        return "SharedInt[" + from(bits()) + "]";
    }

    private static final class Reader implements Transferable.Reader<SharedInt> {
        @Override
        public SharedInt readTransfer(TransferInput in) {
            return new SharedInt(Arena.read(in, 1), readLock(in));
        }
    }
}
