package org.jmultiprocessing.sync;

import java.util.Objects;
import org.jmultiprocessing.errors.OwnerDiedException;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.WaitPoint;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A lock that one thread of one process holds; Python's {@code multiprocessing.Lock}. Not reentrant: who acquires it twice waits for itself. Any
 * thread of any process may release it.
 *
 * <pre>{@code
 * Lock lock = new Lock();
 * new Process(Demo::count, lock).start();
 * try (Held held = lock.hold()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>It takes 64 bytes of shared memory.
 */
public final class Lock extends Mutex {
    static {
        Transferable.register(Lock.class, new Reader());
    }


    /** Makes a lock that is free, and is taken back from a holder that dies. */
    public Lock() {
        this(OwnerDeath.RECOVER);
    }

    /**
     * Makes a lock that is free.
     *
     * @param ownerDeath what happens when its holder dies; {@link OwnerDeath#IGNORE} for a lock that is acquired by one process and released by
     *         another
     */
    public Lock(OwnerDeath ownerDeath) {
        this(Arena.allocate(1), Objects.requireNonNull(ownerDeath, "ownerDeath"));
    }

    private Lock(Arena.Block block, OwnerDeath ownerDeath) {
        super(block, ownerDeath);
    }

    @Override
    boolean take(Deadline deadline, boolean interruptible) {
        return obtain(deadline, interruptible);
    }

    /**
     * Releases it, whoever acquired it, and wakes one of those who wait for it. Does not block.
     *
     * @throws IllegalStateException {@code semaphore or lock released too many times}
     */
    @Override
    public void release() {
        if (!line().unlock(line().self())) {
            releaseForAnother();
        }
    }

    private void releaseForAnother() {
        long owner;
        do {
            owner = line().owner();
            if (owner == 0) {
                throw new IllegalStateException("semaphore or lock released too many times");
            }
        } while (!line().unlock(owner));
    }

    /** A thread of this process has it; if it is never taken back it is not known who. */
    @Override
    boolean isMine() {
        return line().owner() == line().self() || ownerDeath() == OwnerDeath.IGNORE && isLocked();
    }

    @Override
    int giveUp() {
        release();
        return 1;
    }

    /** @throws OwnerDiedException if its last holder died */
    @Override
    void takeBack(int depth) {
        lock();
    }

    /** At once: it may be another process that releases it. */
    @Override
    void wakeWithRelease(WaitPoint waiters) {
        waiters.signalAll();
    }

    private static final class Reader implements Transferable.Reader<Lock> {
        @Override
        public Lock readTransfer(TransferInput in) {
            return new Lock(readBlock(in), readOwnerDeath(in));
        }
    }
}
