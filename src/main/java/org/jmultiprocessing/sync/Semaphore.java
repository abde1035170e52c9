package org.jmultiprocessing.sync;

import java.time.Duration;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A number of permits that threads of any process take and give back; Python's {@code multiprocessing.Semaphore}. Any thread of any process may
 * release, also one that has acquired nothing: then there are more permits than before.
 *
 * <p><b>Death.</b> It is known how many permits each process has taken, and those of a process that dies return. A process that exits normally
 * keeps its permits, as in Python, until somebody releases them. Permits taken by one process and released by another confuse that: after the release
 * the first still counts as having one. Make such a semaphore with {@link OwnerDeath#IGNORE}. When more than 60 processes have permits at
 * once, those of the others do not return.
 *
 * <p>Who waits is served before long, however many others want permits: after a millisecond he is preferred to those who came later.
 *
 * <p>It takes 1 KiB of shared memory.
 */
public class Semaphore implements Held.Releasable, Transferable {
    static {
        Transferable.register(Semaphore.class, new Reader());
    }

    private final Arena.Block block;
    private final Permits permits;
    /** Only keeps it. */
    @SuppressWarnings("this-escape")
    private final Held held = new Held(this);

    /** Makes a semaphore with one permit. */
    public Semaphore() {
        this(1);
    }

    /**
     * Makes a semaphore.
     *
     * @param value how many permits it has, 0 or more
     * @throws IllegalArgumentException {@code semaphore initial value must be >= 0}
     */
    public Semaphore(int value) {
        this(value, OwnerDeath.RECOVER);
    }

    /**
     * Makes a semaphore.
     *
     * @param value how many permits it has, 0 or more
     * @param ownerDeath whether the permits of a process that dies return; not {@link OwnerDeath#THROW}
     * @throws IllegalArgumentException {@code semaphore initial value must be >= 0}; or that death cannot be told
     */
    public Semaphore(int value, OwnerDeath ownerDeath) {
        this(value, ownerDeath, Integer.MAX_VALUE);
    }

    Semaphore(int value, OwnerDeath ownerDeath, int most) {
        if (value < 0) {
            throw new IllegalArgumentException("semaphore initial value must be >= 0");
        }
        if (ownerDeath == OwnerDeath.THROW) {
            throw new IllegalArgumentException("a semaphore has no single owner whose death could be told: use RECOVER or IGNORE");
        }
        this.block = Arena.allocate(Permits.LINES);
        this.permits = Permits.create(block, value, most, ownerDeath == OwnerDeath.RECOVER);
    }

    Semaphore(Arena.Block block) {
        this.block = block;
        this.permits = new Permits(block);
    }

    /**
     * Takes a permit. Blocks until there is one.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits; it has no permit then
     */
    public final void acquire() throws InterruptedException {
        if (Thread.interrupted() || !permits.take(Deadline.NEVER, true)) {
            throw Mutex.interrupted();
        }
    }

    /**
     * Takes a permit within a time; Python's {@code acquire(timeout=...)}.
     *
     * @param timeout how long; null for ever, zero or less: only if there is one
     * @return whether it has one
     * @throws InterruptedException if the thread is interrupted before or while it waits; it has no permit then
     */
    public final boolean tryAcquire(Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw Mutex.interrupted();
        }
        if (permits.take(Deadline.after(timeout), true)) {
            return true;
        }
        if (Thread.interrupted()) {
            throw Mutex.interrupted();
        }
        return false;
    }

    /**
     * Takes a permit if there is one that nobody waits for; Python's {@code acquire(block=False)}. Does not block.
     *
     * @return whether it has one
     */
    public final boolean tryAcquire() {
        return permits.take(Deadline.NOW, false);
    }

    /**
     * Gives a permit back, or a new one, and wakes one of those who wait. Does not block.
     *
     * @throws IllegalStateException {@code semaphore or lock released too many times}
     */
    @Override
    public final void release() {
        permits.giveBack();
    }

    /**
     * Takes a permit, to be given back by {@link Held#close}. Blocks as {@link #acquire}.
     *
     * @return for try-with-resources
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public final Held hold() throws InterruptedException {
        acquire();
        return held;
    }

    /** @return how many permits there are to take, now; Python's {@code get_value()}, on every platform */
    public final int getValue() {
        return permits.available();
    }

    /**
     * Writes its place. Once it has travelled it stays until the end of its process tree.
     *
     * @param out the message under way
     */
    @Override
    public final void writeTransfer(TransferOutput out) {
        block.write(out);
    }

    /** @return its class, and how many permits there are */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[value=" + getValue() + "]";
    }

    private static final class Reader implements Transferable.Reader<Semaphore> {
        @Override
        public Semaphore readTransfer(TransferInput in) {
            return new Semaphore(Arena.read(in, Permits.LINES));
        }
    }
}
