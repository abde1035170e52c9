package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedValue} that is a short. */
public final class SharedShort extends SharedValue {
    static {
        Transferable.register(SharedShort.class, new Reader());
    }

    /**
     * Makes a value with an {@link RLock} of its own.
     *
     * @param value the first value
     */
    public SharedShort(short value) {
        this(value, new RLock());
    }

    /**
     * Makes a value with a lock that may also protect others.
     *
     * @param value the first value
     * @param lock the lock
     */
    public SharedShort(short value, Mutex lock) {
        super(required(lock));
        setBits(bits(value));
    }

    private SharedShort(short value, boolean raw) {
        super(null);
        setBits(bits(value));
    }

    private SharedShort(Arena.Block block, Mutex lock) {
        super(block, lock);
    }

    /**
     * Makes a value without a lock.
     *
     * @param value the first value
     * @return the value
     */
    public static SharedShort raw(short value) {
        return new SharedShort(value, true);
    }

    private static long bits(short value) {
        return value;
    }

    private static short from(long bits) {
        return (short) bits;
    }

    /** @return the value */
    public short get() {
        return from(lockedBits());
    }

    /** @param value the new value */
    public void set(short value) {
        setLockedBits(bits(value));
    }

    /**
     * Adds to it, in one step.
     *
     * @param delta what to add
     * @return the value after that
     */
    public short add(short delta) {
        enter();
        try {
            while (true) {
                long now = bits();
                short next = (short) (from(now) + delta);
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
    public boolean compareAndSet(short expected, short value) {
        return exchangeLockedBits(bits(expected), bits(value));
    }

    /** @return the value, read without the lock */
    @Override
    public String toString() {
        return "SharedShort[" + from(bits()) + "]";
    }

    private static final class Reader implements Transferable.Reader<SharedShort> {
        @Override
        public SharedShort readTransfer(TransferInput in) {
            return new SharedShort(Arena.read(in, 1), readLock(in));
        }
    }
}
