package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.spi.Transferable;

/**
 * A result of a {@link PoolProxy}'s task, which waits in the manager's server: Python's {@code AsyncResult} proxy, and a {@link Future}.
 *
 * @param <T> what it is
 */
public final class ResultProxy<T> extends ObjectProxy implements Future<T> {
    static {
        Transferable.register(ResultProxy.class, new HandleForm.Reader<>(ResultProxy.class));
    }

    ResultProxy(Handle handle) {
        super(handle);
    }

    /**
     * Waits for the result.
     *
     * @return the result
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws ExecutionException with what the task threw as its cause
     */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        return get(BlockingReferent.FOREVER);
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return get(Math.max(0, unit.toNanos(timeout)));
    }

    @SuppressWarnings("unchecked") // It is what the task returned.
    private T get(long nanos) throws InterruptedException {
        return (T) handle().callInterruptibly(ResultReferent.GET, nanos);
    }

    /**
     * Waits until it is there; Python's {@code wait}.
     *
     * @param timeout how long; null for ever
     * @return whether it is
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return (Boolean) handle().callInterruptibly(ResultReferent.AWAIT, Times.nanos(timeout));
    }

    /** @return whether it is there, a failure too */
    public boolean ready() {
        return (Boolean) handle().call(ResultReferent.READY);
    }

    /**
     * @return whether the task returned
     * @throws IllegalStateException if it is not there yet
     */
    public boolean successful() {
        return (Boolean) handle().call(ResultReferent.SUCCESSFUL);
    }

    @Override
    public boolean isDone() {
        return ready();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return (Boolean) handle().call(ResultReferent.CANCEL, mayInterruptIfRunning);
    }

    @Override
    public boolean isCancelled() {
        return (Boolean) handle().call(ResultReferent.IS_CANCELLED);
    }
}
