package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import org.jmultiprocessing.spi.Transferable;

/**
 * A condition of a lock in a {@link Manager}'s server: Python's {@code Manager().Condition()}, and a {@link Condition}. A thread of any client can
 * wait and signal, with the lock held. A waiter whose process ends is not counted.
 */
public final class ConditionProxy extends ObjectProxy implements Condition {
    static {
        Transferable.register(ConditionProxy.class, new HandleForm.Reader<>(ConditionProxy.class));
    }

    private volatile MutexProxy lock;

    ConditionProxy(Handle handle) {
        super(handle);
    }

    // ---- the lock ----

    /** @return the lock, a {@link LockProxy} or {@link RLockProxy}; asks the server, once */
    public MutexProxy lock() {
        MutexProxy known = lock;
        if (known == null) {
            known = (MutexProxy) handle().call(ConditionReferent.LOCK);
            lock = known;
        }
        return known;
    }

    /**
     * Acquires the lock. Blocks; see {@link MutexProxy#acquire}.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public void acquire() throws InterruptedException {
        lock().acquire();
    }

    /**
     * Acquires the lock within a time; see {@link MutexProxy#tryAcquire(Duration)}.
     *
     * @param timeout how long; null for ever, zero or less: only if it is free
     * @return whether it is acquired
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return lock().tryAcquire(timeout);
    }

    /** Releases the lock; see {@link MutexProxy#release}. */
    public void release() {
        lock().release();
    }

    /**
     * Acquires the lock, to be released by {@link HeldProxy#close}.
     *
     * @return for try-with-resources
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public HeldProxy hold() throws InterruptedException {
        return lock().hold();
    }

    // ---- waiting ----

    /**
     * Gives the lock up, waits for a signal, and acquires the lock again. Blocks; the last part cannot be interrupted.
     *
     * @throws InterruptedException if the thread is interrupted before it is told; it holds the lock
     * @throws IllegalStateException {@code must acquire() condition before using wait()}
     */
    @Override
    public void await() throws InterruptedException {
        await((Duration) null);
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
        return await(Times.nanos(timeout));
    }

    private boolean await(long nanos) throws InterruptedException {
        return (Boolean) handle().callInterruptibly(ConditionReferent.AWAIT, nanos);
    }

    /**
     * Waits until something is true, looking at it after each signal; Python's {@code wait_for(predicate)}.
     *
     * @param predicate called by this process with the lock held
     * @throws InterruptedException if the thread is interrupted before it is true; it holds the lock
     */
    public void awaitFor(BooleanSupplier predicate) throws InterruptedException {
        awaitFor(predicate, null);
    }

    /**
     * Waits until something is true, for a time; Python's {@code wait_for(predicate, timeout)}.
     *
     * @param predicate called by this process with the lock held
     * @param timeout how long in all; null for ever, zero or less: looks once
     * @return what the predicate said last
     * @throws InterruptedException if the thread is interrupted before it is true; it holds the lock
     */
    public boolean awaitFor(BooleanSupplier predicate, Duration timeout) throws InterruptedException {
        long nanos = Times.nanos(timeout);
        long end = System.nanoTime() + nanos;
        while (!predicate.getAsBoolean()) {
            long left = nanos == BlockingReferent.FOREVER ? nanos : Math.max(0, end - System.nanoTime());
            if (left == 0) {
                return false;
            }
            await(left);
        }
        return true;
    }

    /** As {@link #await()}; an interrupt leaves the flag set and does not end the wait. */
    @Override
    public void awaitUninterruptibly() {
        handle().call(ConditionReferent.AWAIT, BlockingReferent.FOREVER);
    }

    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long end = System.nanoTime() + nanosTimeout;
        boolean told = await(Math.max(0, nanosTimeout));
        long left = end - System.nanoTime();
        return told ? left : Math.min(0, left);
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return await(Math.max(0, unit.toNanos(time)));
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return await(Duration.ofMillis(deadline.getTime() - System.currentTimeMillis()));
    }

    // ---- signals ----

    /**
     * Ends one wait, if there is one; Python's {@code notify()}.
     *
     * @throws IllegalStateException {@code lock is not owned}
     */
    @Override
    public void signal() {
        signal(1);
    }

    /**
     * Ends so many waits, or all if there are fewer; Python's {@code notify(n)}.
     *
     * @param count how many, 0 or more
     * @throws IllegalStateException {@code lock is not owned}
     * @throws IllegalArgumentException if the count is negative
     */
    public void signal(int count) {
        handle().call(ConditionReferent.SIGNAL, count);
    }

    /**
     * Ends all waits; Python's {@code notify_all()}.
     *
     * @throws IllegalStateException {@code lock is not owned}
     */
    @Override
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }
}
