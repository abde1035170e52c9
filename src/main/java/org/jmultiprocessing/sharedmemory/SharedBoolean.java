package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedValue} that is a boolean. */
public final class SharedBoolean extends SharedValue {
    static {
        Transferable.register(SharedBoolean.class, new Reader());
    }

    /**
     * Makes a value with an {@link RLock} of its own.
     *
     * @param value the first value
     */
    public SharedBoolean(boolean value) {
        this(value, new RLock());
    }

    /**
     * Makes a value with a lock that may also protect others.
     *
     * @param value the first value
     * @param lock the lock
     */
    public SharedBoolean(boolean value, Mutex lock) {
        super(required(lock));
        setBits(bits(value));
    }

    private SharedBoolean(boolean value, boolean raw) {
        super(null);
        setBits(bits(value));
    }

    private SharedBoolean(Arena.Block block, Mutex lock) {
        super(block, lock);
    }

    /**
     * Makes a value without a lock.
     *
     * @param value the first value
     * @return the value
     */
    public static SharedBoolean raw(boolean value) {
        return new SharedBoolean(value, true);
    }

    private static long bits(boolean value) {
        return value ? 1 : 0;
    }

    private static boolean from(long bits) {
        return bits != 0;
    }

    /** @return the value */
    public boolean get() {
        return from(lockedBits());
    }

    /** @param value the new value */
    public void set(boolean value) {
        setLockedBits(bits(value));
    }

    /**
     * Changes it if it has a certain value, in one step.
     *
     * @param expected the value it has to have
     * @param value the new value
     * @return whether it was changed
     */
    public boolean compareAndSet(boolean expected, boolean value) {
        return exchangeLockedBits(bits(expected), bits(value));
    }

    /** @return the value, read without the lock */
    @Override
    public String toString() {
        return "SharedBoolean[" + from(bits()) + "]";
    }

    private static final class Reader implements Transferable.Reader<SharedBoolean> {
        @Override
        public SharedBoolean readTransfer(TransferInput in) {
            return new SharedBoolean(Arena.read(in, 1), readLock(in));
        }
    }
}
