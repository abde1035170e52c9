package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedValue} that is a char. */
public final class SharedChar extends SharedValue {
    static {
        Transferable.register(SharedChar.class, new Reader());
    }

    /**
     * Makes a value with an {@link RLock} of its own.
     *
     * @param value the first value
     */
    public SharedChar(char value) {
        this(value, new RLock());
    }

    /**
     * Makes a value with a lock that may also protect others.
     *
     * @param value the first value
     * @param lock the lock
     */
    public SharedChar(char value, Mutex lock) {
        super(required(lock));
        setBits(bits(value));
    }

    private SharedChar(char value, boolean raw) {
        super(null);
        setBits(bits(value));
    }

    private SharedChar(Arena.Block block, Mutex lock) {
        super(block, lock);
    }

    /**
     * Makes a value without a lock.
     *
     * @param value the first value
     * @return the value
     */
    public static SharedChar raw(char value) {
        return new SharedChar(value, true);
    }

    private static long bits(char value) {
        return value;
    }

    private static char from(long bits) {
        return (char) bits;
    }

    /** @return the value */
    public char get() {
        return from(lockedBits());
    }

    /** @param value the new value */
    public void set(char value) {
        setLockedBits(bits(value));
    }

    /**
     * Changes it if it has a certain value, in one step.
     *
     * @param expected the value it has to have
     * @param value the new value
     * @return whether it was changed
     */
    public boolean compareAndSet(char expected, char value) {
        return exchangeLockedBits(bits(expected), bits(value));
    }

    /** @return the value, read without the lock */
    @Override
    public String toString() {
        return "SharedChar[" + from(bits()) + "]";
    }

    private static final class Reader implements Transferable.Reader<SharedChar> {
        @Override
        public SharedChar readTransfer(TransferInput in) {
            return new SharedChar(Arena.read(in, 1), readLock(in));
        }
    }
}
