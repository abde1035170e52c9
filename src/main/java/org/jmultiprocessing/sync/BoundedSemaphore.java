package org.jmultiprocessing.sync;

import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A {@link Semaphore} that never has more permits than it was made with, on every platform; Python's {@code multiprocessing.BoundedSemaphore}. A
 * release that would make it so throws an {@link IllegalStateException}, {@code semaphore or lock released too many times}, and changes nothing.
 */
public final class BoundedSemaphore extends Semaphore {
    static {
        Transferable.register(BoundedSemaphore.class, new Reader());
    }

    /** Makes a semaphore with one permit. */
    public BoundedSemaphore() {
        this(1);
    }

    /**
     * Makes a semaphore.
     *
     * @param value how many permits it has, 0 or more
     * @throws IllegalArgumentException {@code semaphore initial value must be >= 0}
     */
    public BoundedSemaphore(int value) {
        this(value, OwnerDeath.RECOVER);
    }

    /**
     * Makes a semaphore.
     *
     * @param value how many permits it has, 0 or more
     * @param ownerDeath whether the permits of a process that dies return; not {@link OwnerDeath#THROW}
     * @throws IllegalArgumentException {@code semaphore initial value must be >= 0}; or that death cannot be told
     */
    public BoundedSemaphore(int value, OwnerDeath ownerDeath) {
        super(value, ownerDeath, value);
    }

    private BoundedSemaphore(Arena.Block block) {
        super(block);
    }

    private static final class Reader implements Transferable.Reader<BoundedSemaphore> {
        @Override
        public BoundedSemaphore readTransfer(TransferInput in) {
            return new BoundedSemaphore(Arena.read(in, Permits.LINES));
        }
    }
}
