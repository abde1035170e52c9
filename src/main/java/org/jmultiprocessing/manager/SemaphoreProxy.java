package org.jmultiprocessing.manager;

import java.time.Duration;
import org.jmultiprocessing.spi.Transferable;

/**
 * A semaphore in a {@link Manager}'s server: Python's {@code Manager().Semaphore()}. The permits that a client's process holds return when it ends,
 * however it does.
 */
public class SemaphoreProxy extends ObjectProxy {
    static {
        Transferable.register(SemaphoreProxy.class, new HandleForm.Reader<>(SemaphoreProxy.class));
    }

    SemaphoreProxy(Handle handle) {
        super(handle);
    }

    /**
     * Takes a permit. Blocks until there is one.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public final void acquire() throws InterruptedException {
        handle().callInterruptibly(SemaphoreReferent.ACQUIRE, BlockingReferent.FOREVER);
    }

    /**
     * Takes a permit within a time.
     *
     * @param timeout how long; null for ever, zero or less: only if there is one
     * @return whether it was taken
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public final boolean tryAcquire(Duration timeout) throws InterruptedException {
        return (Boolean) handle().callInterruptibly(SemaphoreReferent.ACQUIRE, Times.nanos(timeout));
    }

    /** @return whether a permit was there and is taken */
    public final boolean tryAcquire() {
        return (Boolean) handle().call(SemaphoreReferent.ACQUIRE, 0L);
    }

    /**
     * Gives a permit back, whoever took it.
     *
     * @throws IllegalStateException {@code semaphore or lock released too many times}, of a bounded one
     */
    public final void release() {
        release(1);
    }

    /**
     * Gives permits back; Python's {@code release(n)}.
     *
     * @param count how many, 1 or more
     * @throws IllegalArgumentException {@code n must be one or more}
     * @throws IllegalStateException {@code semaphore or lock released too many times}, of a bounded one
     */
    public final void release(int count) {
        handle().call(SemaphoreReferent.RELEASE, count);
    }

    /**
     * Takes a permit, to be given back by {@link HeldProxy#close}. Blocks as {@link #acquire}.
     *
     * @return for try-with-resources
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public final HeldProxy hold() throws InterruptedException {
        acquire();
        return new HeldProxy(this::release);
    }

    /** @return how many permits are there, at an instant during the call */
    public final int getValue() {
        return (Integer) handle().call(SemaphoreReferent.GET_VALUE);
    }
}
