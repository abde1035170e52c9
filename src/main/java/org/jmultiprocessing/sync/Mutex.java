package org.jmultiprocessing.sync;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jmultiprocessing.errors.OwnerDiedException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.arena.WaitPoint;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * What {@link org.jmultiprocessing.sync.Lock} and {@link RLock} have in common: at most one holds it, in all processes that have it.
 *
 * <p><b>Blocking.</b> {@link #acquire}, {@link #tryAcquire(Duration)} and {@link #lockInterruptibly} end with an {@link InterruptedException} when
 * the thread is interrupted before or while it waits, and do not hold the lock then. {@link #lock} cannot be interrupted; the flag stays set. Who
 * waits is served before long, however many others want it: after a millisecond he is preferred to those who came later.
 *
 * <p><b>Death.</b> The death of the process that holds it is noticed by those who want it, as {@link OwnerDeath} says. With
 * {@link OwnerDeath#THROW} every method that acquires may throw {@link OwnerDiedException}.
 */
public abstract class Mutex implements Lock, Held.Releasable, Transferable {
    /** Offset in the line's own bytes: the id of the process that died with it. What is before belongs to the subclass. */
    private static final int DIED_AT = 12;

    private final Arena.Block block;
    private final Line line;
    private final OwnerDeath ownerDeath;
    private final Held held = new Held(this);

    Mutex(Arena.Block block, OwnerDeath ownerDeath) {
        this.block = block;
        this.line = block.line(0);
        this.ownerDeath = ownerDeath;
    }

    // ---- for subclasses and others of the package ----

    /** Takes what is not yet the calling thread's. False: the time was over or an interrupt came. */
    abstract boolean take(Deadline deadline, boolean interruptible);

    /** Whether the calling thread has it, as far as that is known. */
    abstract boolean isMine();

    /** Gives it up, however often it was acquired, and says how often that was. */
    abstract int giveUp();

    /** Undoes {@link #giveUp}. */
    abstract void takeBack(int depth);

    /** Wakes those who wait for a condition, who need this lock, which the calling thread has: at once, or when it releases it. */
    abstract void wakeWithRelease(WaitPoint waiters);

    final Line line() {
        return line;
    }

    final boolean obtain(Deadline deadline, boolean interruptible) {
        if (ownerDeath == OwnerDeath.IGNORE) {
            return line.lockForNobody(deadline, interruptible);
        }
        Line.Outcome outcome = line.lock(deadline, interruptible, false);
        if (ownerDeath == OwnerDeath.THROW && outcome != Line.Outcome.NOT_LOCKED) {
            refuseAfterDeath(outcome);
        }
        return outcome != Line.Outcome.NOT_LOCKED;
    }

    private void refuseAfterDeath(Line.Outcome outcome) {
        int died = line.data() + DIED_AT;
        if (outcome == Line.Outcome.RECOVERED) {
            Words.putIntRelease(line.memory(), died, line.members().pid(line.formerOwner()));
        }
        int pid = Words.getInt(line.memory(), died);
        if (pid != 0) {
            line.unlock();
            throw new OwnerDiedException("process " + pid + " died while it held this " + getClass().getSimpleName()
                    + ": call recover() to acquire it, then mend what it protects", pid);
        }
    }

    // ---- acquire and release ----

    /**
     * Acquires it. Blocks until that is possible.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws OwnerDiedException if it was made with {@link OwnerDeath#THROW} and its last holder died
     */
    public final void acquire() throws InterruptedException {
        if (Thread.interrupted() || !take(Deadline.NEVER, true)) {
            throw interrupted();
        }
    }

    /**
     * Acquires it within a time; Python's {@code acquire(timeout=...)}.
     *
     * @param timeout how long; null for ever, zero or less: only if it is free
     * @return whether it is acquired
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws OwnerDiedException if it was made with {@link OwnerDeath#THROW} and its last holder died
     */
    public final boolean tryAcquire(Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw interrupted();
        }
        if (take(Deadline.after(timeout), true)) {
            return true;
        }
        if (Thread.interrupted()) {
            throw interrupted();
        }
        return false;
    }

    /**
     * Acquires it if it is free; Python's {@code acquire(block=False)}. Does not block.
     *
     * @return whether it is acquired
     * @throws OwnerDiedException if it was made with {@link OwnerDeath#THROW} and its last holder died
     */
    public final boolean tryAcquire() {
        return take(Deadline.NOW, false);
    }

    /** Releases it, and wakes one of those who wait for it. Does not block. */
    @Override
    public abstract void release();

    /**
     * Acquires it, to be released by {@link Held#close}. Blocks as {@link #acquire}.
     *
     * @return for try-with-resources
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws OwnerDiedException if it was made with {@link OwnerDeath#THROW} and its last holder died
     */
    public final Held hold() throws InterruptedException {
        acquire();
        return held;
    }

    /**
     * Acquires it although a holder died, after {@link OwnerDiedException}; from then on it is as good as new. Blocks as {@link #acquire}. A thread
     * that comes second has to look for itself whether there is still something to mend.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public final void recover() throws InterruptedException {
        while (true) {
            try {
                acquire();
                return;
            } catch (OwnerDiedException told) {
                if (Thread.interrupted() || line.lock(Deadline.NEVER, true, false) == Line.Outcome.NOT_LOCKED) {
                    throw interrupted();
                }
                Words.putIntRelease(line.memory(), line.data() + DIED_AT, 0);
                line.unlock();
            }
        }
    }

    /** @return whether anybody holds it, now; Python 3.14's {@code locked()} */
    public final boolean isLocked() {
        return line.owner() != 0;
    }

    /** @return what happens when its holder dies */
    public final OwnerDeath ownerDeath() {
        return ownerDeath;
    }

    // ---- java.util.concurrent.locks.Lock ----

    /** Acquires it. Blocks until that is possible; an interrupt leaves the flag set and does not end the wait. */
    @Override
    public final void lock() {
        take(Deadline.NEVER, false);
    }

    /**
     * As {@link #acquire}.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    @Override
    public final void lockInterruptibly() throws InterruptedException {
        acquire();
    }

    /**
     * As {@link #tryAcquire()}.
     *
     * @return whether it is acquired
     */
    @Override
    public final boolean tryLock() {
        return tryAcquire();
    }

    /**
     * As {@link #tryAcquire(Duration)}.
     *
     * @param time how long
     * @param unit of the time
     * @return whether it is acquired
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    @Override
    public final boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryAcquire(Duration.of(time, unit.toChronoUnit()));
    }

    /** As {@link #release}. */
    @Override
    public final void unlock() {
        release();
    }

    /**
     * @return a new condition of this lock, shared with nobody until it travels
     */
    @Override
    public final Condition newCondition() {
        return new Condition(this);
    }

    static InterruptedException interrupted() {
        // The flag of a thread that was interrupted in its wait is still set.
        Thread.interrupted();
        return new InterruptedException("interrupted before it was acquired");
    }

    // ---- travelling ----

    /**
     * Writes its place. Once it has travelled it stays until the end of its process tree.
     *
     * @param out the message under way
     */
    @Override
    public final void writeTransfer(TransferOutput out) {
        block.write(out);
        out.writeInt(ownerDeath.ordinal());
    }

    static Arena.Block readBlock(TransferInput in) {
        return Arena.read(in, 1);
    }

    static OwnerDeath readOwnerDeath(TransferInput in) {
        int ordinal = in.readInt();
        OwnerDeath[] all = OwnerDeath.values();
        if (ordinal < 0 || ordinal >= all.length) {
            throw new SerializationException("there is no way " + ordinal + " of taking a death");
        }
        return all[ordinal];
    }

    /** @return its class, and whether it is held */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + (isLocked() ? "[held]" : "[free]");
    }
}
