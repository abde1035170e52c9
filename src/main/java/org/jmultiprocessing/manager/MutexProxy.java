package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * What {@link LockProxy} and {@link RLockProxy} have in common. Its holder is a thread of a client of the manager; when that client's process ends,
 * however it does, the lock is free.
 *
 * <p><b>Blocking.</b> {@link #acquire}, {@link #tryAcquire(Duration)} and {@link #lockInterruptibly} end with an {@link InterruptedException} when
 * the thread is interrupted before or while it waits, and do not hold the lock then. {@link #lock} cannot be interrupted; the flag stays set.
 */
public abstract class MutexProxy extends ObjectProxy implements Lock {
    MutexProxy(Handle handle) {
        super(handle);
    }

    /**
     * Acquires it. Blocks until that is possible.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public final void acquire() throws InterruptedException {
        handle().callInterruptibly(LockReferent.ACQUIRE, BlockingReferent.FOREVER);
    }

    /**
     * Acquires it within a time; Python's {@code acquire(timeout=...)}.
     *
     * @param timeout how long; null for ever, zero or less: only if it is free
     * @return whether it is acquired
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public final boolean tryAcquire(Duration timeout) throws InterruptedException {
        return (Boolean) handle().callInterruptibly(LockReferent.ACQUIRE, Times.nanos(timeout));
    }

    /**
     * Acquires it if it is free; Python's {@code acquire(block=False)}.
     *
     * @return whether it is acquired
     */
    public final boolean tryAcquire() {
        return (Boolean) handle().call(LockReferent.ACQUIRE, 0L);
    }

    /**
     * Releases it, and wakes one of those who wait for it.
     *
     * @throws IllegalStateException {@code semaphore or lock released too many times}, or, of a reentrant one,
     *     {@code attempt to release recursive lock not owned by thread}
     */
    public final void release() {
        handle().call(LockReferent.RELEASE);
    }

    /**
     * Acquires it, to be released by {@link HeldProxy#close}. Blocks as {@link #acquire}.
     *
     * @return for try-with-resources
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public final HeldProxy hold() throws InterruptedException {
        acquire();
        return new HeldProxy(this::release);
    }

    /** @return whether anybody holds it, at an instant during the call */
    public final boolean isLocked() {
        return (Boolean) handle().call(LockReferent.IS_LOCKED);
    }

    /** Acquires it. Blocks until that is possible; an interrupt leaves the flag set and does not end the wait. */
    @Override
    public final void lock() {
        handle().call(LockReferent.ACQUIRE, BlockingReferent.FOREVER);
    }

    @Override
    public final void lockInterruptibly() throws InterruptedException {
        acquire();
    }

    @Override
    public final boolean tryLock() {
        return tryAcquire();
    }

    @Override
    public final boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return (Boolean) handle().callInterruptibly(LockReferent.ACQUIRE, Math.max(0, unit.toNanos(time)));
    }

    @Override
    public final void unlock() {
        release();
    }

    /**
     * @return a new condition of this lock, in the same server
     */
    @Override
    public final ConditionProxy newCondition() {
        return (ConditionProxy) handle().desk().call(Desk.CREATE, Kind.CONDITION.ordinal(), this);
    }
}
