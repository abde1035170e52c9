package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The results of an {@code imap}, one after the other, as they come. Elements are taken from the input, and encoded, by the thread that asks for
 * results, a bounded number ahead of what it has got: an endless input is fine, and memory does not grow with its length. For one thread at a time.
 *
 * @param <R> the results
 */
public interface ResultIterator<R> extends Iterator<R>, AutoCloseable {
    /**
     * Asks whether there is another result to wait for. Does not wait for it, but for the input if that blocks.
     *
     * @return whether {@link #next()} has something to give, be it a failure
     */
    @Override
    boolean hasNext();

    /**
     * Waits for the next result. What the function threw for an element is thrown in its place, itself, also a checked exception, as
     * {@code ForkJoinTask.join} does; afterwards the next can be asked for. So is what the input threw, and that is the end.
     *
     * @return the result
     * @throws java.util.NoSuchElementException if there are no more
     * @throws java.util.concurrent.CompletionException if the thread is interrupted, which keeps its flag; nothing is lost
     * @throws java.util.concurrent.CancellationException after {@link #close}
     */
    @Override
    R next();

    /**
     * As {@link #next()}, for a time.
     *
     * @param timeout how long; null for ever
     * @return the result
     * @throws TimeoutException if it does not come in time; it can be asked for again
     * @throws InterruptedException if the thread is interrupted; it can be asked for again
     */
    R next(Duration timeout) throws TimeoutException, InterruptedException;

    /** Ends it early: what was not begun is not done. Nothing happens after the last result. */
    @Override
    void close();

    /** @return the results that are left as a stream that closes this; its operations run where its terminal operation is called */
    default Stream<R> stream() {
        int ordered = Spliterator.ORDERED;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, ordered), false).onClose(this::close);
    }
}
