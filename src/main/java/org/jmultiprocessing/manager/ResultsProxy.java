package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.spi.Transferable;

/**
 * The results of a {@link PoolProxy#imap}, one after the other: Python's {@code Iterator} proxy. What the function threw for an element is thrown in
 * its place, as itself; then the next can be asked for.
 *
 * @param <R> what they are
 */
public final class ResultsProxy<R> extends ObjectProxy implements Iterator<R>, AutoCloseable {
    static {
        Transferable.register(ResultsProxy.class, new HandleForm.Reader<>(ResultsProxy.class));
    }

    ResultsProxy(Handle handle) {
        super(handle);
    }

    @Override
    public boolean hasNext() {
        return (Boolean) handle().call(ResultsReferent.HAS_NEXT);
    }

    @Override
    @SuppressWarnings("unchecked") // It is what the function returned.
    public R next() {
        return (R) handle().call(ResultsReferent.NEXT, BlockingReferent.FOREVER);
    }

    /**
     * As {@link #next()}, for a time.
     *
     * @param timeout how long; null for ever
     * @return the result
     * @throws TimeoutException if it does not come in time; it can be asked for again
     * @throws InterruptedException if the thread is interrupted before or while it waits; it can be asked for again
     */
    @SuppressWarnings("unchecked") // It is what the function returned.
    public R next(Duration timeout) throws TimeoutException, InterruptedException {
        return (R) handle().callInterruptibly(ResultsReferent.NEXT, Times.nanos(timeout));
    }

    /** Ends it early: what was not begun is not done. */
    @Override
    public void close() {
        handle().call(ResultsReferent.CLOSE);
    }
}
