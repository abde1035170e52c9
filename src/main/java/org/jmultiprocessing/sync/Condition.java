package org.jmultiprocessing.sync;

import java.time.Duration;
import java.util.Date;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jmultiprocessing.errors.OwnerDiedException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * Where threads of any process that hold a lock wait until another one tells them that something has changed; Python's
 * {@code multiprocessing.Condition}. Its methods are called by who holds the lock ({@link #hold}); a wait gives it up, however often it was acquired,
 * and has it back when it ends, in whatever way.
 *
 * <pre>{@code
 * try (Held held = condition.hold()) {
 *     while (!ready()) {
 *         condition.await();
 *     }
 * }
 * }</pre>
 *
 * <p>{@link #signal(int)} ends as many waits as it says of those that have begun, if there are so many; who begins to wait later takes
 * nothing from them. A process that died is not counted, and what was meant for its threads goes to others. A wait may also end without reason, but
 * only after such a death, and the lock may have been taken back from a dead holder: look again at what was waited for.
 *
 * <p>Threads of at most 124 processes at once may wait. It takes 2 KiB of shared memory, and its lock.
 */
public final class Condition implements java.util.concurrent.locks.Condition, Transferable {
    private static final int LOCK = 0;
    private static final int RLOCK = 1;

    static {
        Transferable.register(Condition.class, new Reader());
    }

    private final Arena.Block block;
    private final Mutex lock;
    private final Notifications notifications;

    /** Makes a condition with an {@link RLock} of its own. */
    public Condition() {
        this(new RLock());
    }

    /**
     * Makes a condition.
     *
     * @param lock what has to be held; several conditions may have the same
     */
    public Condition(Mutex lock) {
        this(Arena.allocate(Notifications.LINES), Objects.requireNonNull(lock, "lock"));
    }

    private Condition(Arena.Block block, Mutex lock) {
        this.block = block;
        this.lock = lock;
        this.notifications = new Notifications(block);
    }

    // ---- the lock ----

    /** @return the lock */
    public Mutex lock() {
        return lock;
    }

    /**
     * Acquires the lock. Blocks; see {@link Mutex#acquire}.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public void acquire() throws InterruptedException {
        lock.acquire();
    }

    /**
     * Acquires the lock within a time; see {@link Mutex#tryAcquire(Duration)}.
     *
     * @param timeout how long; null for ever, zero or less: only if it is free
     * @return whether it is acquired
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return lock.tryAcquire(timeout);
    }

    /** Releases the lock; see {@link Mutex#release}. */
    public void release() {
        lock.release();
    }

    /**
     * Acquires the lock, to be released by {@link Held#close}.
     *
     * @return for try-with-resources
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public Held hold() throws InterruptedException {
        return lock.hold();
    }

    // ---- waiting ----

    /**
     * Gives the lock up, waits for a signal, and acquires the lock again. Blocks; the last part cannot be interrupted.
     *
     * @throws InterruptedException if the thread is interrupted before it is told; it holds the lock
     * @throws IllegalStateException {@code must acquire() condition before using wait()}
     * @throws OwnerDiedException if a holder of the lock died meanwhile and it is one that tells so; the thread does not hold it then
     */
    @Override
    public void await() throws InterruptedException {
        await(Deadline.NEVER);
    }

    /**
     * As {@link #await()}, for a time; Python's {@code wait(timeout)}.
     *
     * @param timeout how long to wait for the signal; null for ever, zero or less not at all
     * @return whether there was one in time
     * @throws InterruptedException if the thread is interrupted before it is told; it holds the lock
     * @throws IllegalStateException {@code must acquire() condition before using wait()}
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return await(Deadline.after(timeout));
    }

    private boolean await(Deadline deadline) throws InterruptedException {
        checkMayWait();
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before the condition was signalled");
        }
        boolean told = doAwait(deadline, true);
        if (!told && Thread.interrupted()) {
            throw new InterruptedException("interrupted before the condition was signalled");
        }
        return told;
    }

    private void checkMayWait() {
        if (!lock.isMine()) {
            throw new IllegalStateException("must acquire() condition before using wait()");
        }
    }

    private boolean doAwait(Deadline deadline, boolean interruptible) {
        long ticket = notifications.register();
        int depth = lock.giveUp();
        try {
            return notifications.await(ticket, deadline, interruptible);
        } finally {
            lock.takeBack(depth);
        }
    }

    /**
     * Waits until something is true, looking at it after each signal; Python's {@code wait_for(predicate)}.
     *
     * @param predicate called with the lock held
     * @throws InterruptedException if the thread is interrupted before it is true; it holds the lock
     */
    public void awaitFor(BooleanSupplier predicate) throws InterruptedException {
        awaitFor(predicate, null);
    }

    /**
     * Waits until something is true, for a time; Python's {@code wait_for(predicate, timeout)}.
     *
     * @param predicate called with the lock held
     * @param timeout how long in all; null for ever, zero or less: looks once
     * @return what the predicate said last
     * @throws InterruptedException if the thread is interrupted before it is true; it holds the lock
     * @throws IllegalStateException {@code must acquire() condition before using wait()}
     */
    public boolean awaitFor(BooleanSupplier predicate, Duration timeout) throws InterruptedException {
        checkMayWait();
        Deadline deadline = Deadline.after(timeout);
        while (!predicate.getAsBoolean()) {
            if (deadline.isOver()) {
                return false;
            }
            await(deadline);
        }
        return true;
    }

    /** As {@link #await()}; an interrupt leaves the flag set and does not end the wait. */
    @Override
    public void awaitUninterruptibly() {
        checkMayWait();
        doAwait(Deadline.NEVER, false);
    }

    /**
     * As {@link #await(Duration)}.
     *
     * @param nanosTimeout how long
     * @return about how much of it is left; zero or less when it is over
     * @throws InterruptedException if the thread is interrupted before it is told; it holds the lock
     */
    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long end = System.nanoTime() + nanosTimeout;
        boolean told = await(Duration.ofNanos(nanosTimeout));
        long left = end - System.nanoTime();
        return told ? left : Math.min(0, left);
    }

    /**
     * As {@link #await(Duration)}.
     *
     * @param time how long
     * @param unit of the time
     * @return whether there was a signal in time
     * @throws InterruptedException if the thread is interrupted before it is told; it holds the lock
     */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return await(Duration.of(time, unit.toChronoUnit()));
    }

    /**
     * As {@link #await(Duration)}, until a time of the clock as it is now set.
     *
     * @param deadline when
     * @return whether there was a signal in time
     * @throws InterruptedException if the thread is interrupted before it is told; it holds the lock
     */
    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return await(Duration.ofMillis(deadline.getTime() - System.currentTimeMillis()));
    }

    // ---- signals ----

    /**
     * Ends one wait, if there is one; Python's {@code notify()}. Does not block.
     *
     * @throws IllegalStateException {@code lock is not owned}
     */
    @Override
    public void signal() {
        signal(1);
    }

    /**
     * Ends so many waits, or all if there are fewer; Python's {@code notify(n)}. Does not block.
     *
     * @param count how many, 0 or more
     * @throws IllegalStateException {@code lock is not owned}
     * @throws IllegalArgumentException if the count is negative
     */
    public void signal(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("cannot signal " + count + " waiters");
        }
        if (!lock.isMine()) {
            throw new IllegalStateException("lock is not owned");
        }
        if (notifications.send(count)) {
            lock.wakeWithRelease(notifications.waiters());
        }
    }

    /**
     * Ends all waits; Python's {@code notify_all()}. Does not block.
     *
     * @throws IllegalStateException {@code lock is not owned}
     */
    @Override
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }

    // ---- travelling ----

    /**
     * Writes its place and its lock's. Once it has travelled it stays until the end of its process tree.
     *
     * @param out the message under way
     */
    @Override
    public void writeTransfer(TransferOutput out) {
        block.write(out);
        writeMutex(lock, out);
    }

    static void writeMutex(Mutex mutex, TransferOutput out) {
        out.writeInt(mutex instanceof RLock ? RLOCK : LOCK);
        mutex.writeTransfer(out);
    }

    static Mutex readMutex(TransferInput in) {
        int kind = in.readInt();
        if (kind != RLOCK && kind != LOCK) {
            throw new SerializationException("there is no lock of kind " + kind);
        }
        return (Mutex) Transferable.reader(kind == RLOCK ? RLock.class : Lock.class).readTransfer(in);
    }

    /** @return its lock, and how many wait */
    @Override
    public String toString() {
        return "Condition[" + lock + ", " + notifications.waiting() + " waiting]";
    }

    private static final class Reader implements Transferable.Reader<Condition> {
        @Override
        public Condition readTransfer(TransferInput in) {
            Arena.Block block = Arena.read(in, Notifications.LINES);
            return new Condition(block, readMutex(in));
        }
    }
}
