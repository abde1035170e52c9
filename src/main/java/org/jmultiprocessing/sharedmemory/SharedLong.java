package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedValue} that is a long. */
public final class SharedLong extends SharedValue {
    static {
        Transferable.register(SharedLong.class, new Reader());
    }

    /**
     * Makes a value with an {@link RLock} of its own.
     *
     * @param value the first value
     */
    public SharedLong(long value) {
        this(value, new RLock());
    }

    /**
     * Makes a value with a lock that may also protect others.
     *
     * @param value the first value
     * @param lock the lock
     */
    public SharedLong(long value, Mutex lock) {
        super(required(lock));
        setBits(bits(value));
    }

    private SharedLong(long value, boolean raw) {
        super(null);
        setBits(bits(value));
    }

    private SharedLong(Arena.Block block, Mutex lock) {
        super(block, lock);
    }

    /**
     * Makes a value without a lock.
     *
     * @param value the first value
     * @return the value
     */
    public static SharedLong raw(long value) {
        return new SharedLong(value, true);
    }

    private static long bits(long value) {
        return value;
    }

    private static long from(long bits) {
        return bits;
    }

    /** @return the value */
    public long get() {
        return from(lockedBits());
    }

    /** @param value the new value */
    public void set(long value) {
        setLockedBits(bits(value));
    }

    /**
     * Adds to it, in one step.
     *
     * @param delta what to add
     * @return the value after that
     */
    public long add(long delta) {
        enter();
        try {
            while (true) {
                long now = bits();
                long next = from(now) + delta;
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
    public boolean compareAndSet(long expected, long value) {
        return exchangeLockedBits(bits(expected), bits(value));
    }

    /** @return the value, read without the lock */
    @Override
    public String toString() {
        return "SharedLong[" + from(bits()) + "]";
    }

    private static final class Reader implements Transferable.Reader<SharedLong> {
        @Override
        public SharedLong readTransfer(TransferInput in) {
            return new SharedLong(Arena.read(in, 1), readLock(in));
        }
    }
}
