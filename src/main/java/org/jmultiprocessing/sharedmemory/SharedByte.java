package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/** A {@link SharedValue} that is a byte. */
public final class SharedByte extends SharedValue {
    static {
        Transferable.register(SharedByte.class, new Reader());
    }

    /**
     * Makes a value with an {@link RLock} of its own.
     *
     * @param value the first value
     */
    public SharedByte(byte value) {
        this(value, new RLock());
    }

    /**
     * Makes a value with a lock that may also protect others.
     *
     * @param value the first value
     * @param lock the lock
     */
    public SharedByte(byte value, Mutex lock) {
        super(required(lock));
        setBits(bits(value));
    }

    private SharedByte(byte value, boolean raw) {
        super(null);
        setBits(bits(value));
    }

    private SharedByte(Arena.Block block, Mutex lock) {
        super(block, lock);
    }

    /**
     * Makes a value without a lock.
     *
     * @param value the first value
     * @return the value
     */
    public static SharedByte raw(byte value) {
        return new SharedByte(value, true);
    }

    private static long bits(byte value) {
        return value;
    }

    private static byte from(long bits) {
        return (byte) bits;
    }

    /** @return the value */
    public byte get() {
        return from(lockedBits());
    }

    /** @param value the new value */
    public void set(byte value) {
        setLockedBits(bits(value));
    }

    /**
     * Adds to it, in one step.
     *
     * @param delta what to add
     * @return the value after that
     */
    public byte add(byte delta) {
        enter();
        try {
            while (true) {
                long now = bits();
                byte next = (byte) (from(now) + delta);
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
    public boolean compareAndSet(byte expected, byte value) {
        return exchangeLockedBits(bits(expected), bits(value));
    }

    /** @return the value, read without the lock */
    @Override
    public String toString() {
        return "SharedByte[" + from(bits()) + "]";
    }

    private static final class Reader implements Transferable.Reader<SharedByte> {
        @Override
        public SharedByte readTransfer(TransferInput in) {
            return new SharedByte(Arena.read(in, 1), readLock(in));
        }
    }
}
