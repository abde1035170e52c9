package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import org.jmultiprocessing.spi.Transferable;

/**
 * Where a number of threads, of any clients of a {@link Manager}, wait for each other, again and again: Python's {@code Manager().Barrier()}.
 *
 * <p>It breaks when a wait is interrupted or late, when the action fails, by {@link #abort}, and when a process ends while a thread of it waits. All
 * who wait then, and all who come until {@link #reset}, get a {@link BrokenBarrierException}.
 */
public final class BarrierProxy extends ObjectProxy {
    static {
        Transferable.register(BarrierProxy.class, new HandleForm.Reader<>(BarrierProxy.class));
    }

    BarrierProxy(Handle handle) {
        super(handle);
    }

    /**
     * Waits until all parties have arrived. Blocks.
     *
     * @return how many had arrived before, from 0; a different number for each
     * @throws InterruptedException if the thread is interrupted before it waits, or while it does, which breaks the barrier
     * @throws BrokenBarrierException if the barrier is or gets broken, or is reset
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        return await(null);
    }

    /**
     * Waits until all parties have arrived, for a time.
     *
     * @param timeout how long; null for ever, zero or less not at all
     * @return how many had arrived before, from 0; a different number for each
     * @throws InterruptedException if the thread is interrupted before it waits, or while it does, which breaks the barrier
     * @throws BrokenBarrierException if the barrier is or gets broken, or is reset, or the time is over; that breaks the barrier too
     */
    public int await(Duration timeout) throws InterruptedException, BrokenBarrierException {
        return (Integer) handle().callInterruptibly(BarrierReferent.AWAIT, Times.nanos(timeout));
    }

    /** Breaks the barrier: all who wait, and all who come, get a {@link BrokenBarrierException}. */
    public void abort() {
        handle().call(BarrierReferent.ABORT);
    }

    /** Makes it as new. Those who wait get a {@link BrokenBarrierException}. */
    public void reset() {
        handle().call(BarrierReferent.RESET);
    }

    /** @return how many have to arrive */
    public int parties() {
        return (Integer) handle().call(BarrierReferent.PARTIES);
    }

    /** @return how many wait, at an instant during the call */
    public int nWaiting() {
        return (Integer) handle().call(BarrierReferent.N_WAITING);
    }

    /** @return whether it is broken, at an instant during the call */
    public boolean isBroken() {
        return (Boolean) handle().call(BarrierReferent.IS_BROKEN);
    }
}
