package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;

/**
 * A pool in a {@link Manager}'s server, whose workers are children of that: Python's {@code Manager().Pool()}. Any client gives it work; functions
 * and arguments pass through the server. It ends when it is terminated, with the server, and when nobody has a proxy of it any more.
 *
 * <p>Only for processes that may send functions ({@link ManagerBuilder#allowFunctions}).
 */
public final class PoolProxy extends PoolCalls {
    /** As a chunk size: four chunks for each worker. */
    static final int AUTO = 0;

    static {
        Transferable.register(PoolProxy.class, new HandleForm.Reader<>(PoolProxy.class));
    }

    PoolProxy(Handle handle) {
        super(handle);
    }

    private static List<Object> list(Iterable<?> elements) {
        List<Object> list = new ArrayList<>();
        elements.forEach(list::add);
        return list;
    }

    /**
     * Calls a function with each element and waits for all. The first failure, in the order of the elements, is thrown here as itself.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers
     * @param elements its arguments
     * @return the results, in the order of the elements
     * @throws InterruptedException if the thread is interrupted
     */
    public <A, R> List<R> map(Function1<? super A, ? extends R> function, Iterable<? extends A> elements) throws InterruptedException {
        return result(mapAsync(function, elements));
    }

    private static <T> T result(ResultProxy<T> result) throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw Failures.raise(e.getCause());
        }
    }

    /**
     * As {@link #map}, without waiting.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers
     * @param elements its arguments
     * @return the results, once they are there
     */
    public <A, R> ResultProxy<List<R>> mapAsync(Function1<? super A, ? extends R> function, Iterable<? extends A> elements) {
        return start(PoolReferent.MAP_ASYNC, function, list(elements), AUTO);
    }

    /**
     * As {@link #mapAsync(Function1, Iterable)}, in chunks of a given size.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers
     * @param elements its arguments
     * @param chunkSize how many a worker gets at a time, 1 or more
     * @return the results, once they are there
     * @throws IllegalArgumentException {@code Chunksize must be 1+}
     */
    public <A, R> ResultProxy<List<R>> mapAsync(Function1<? super A, ? extends R> function, Iterable<? extends A> elements, int chunkSize) {
        return start(PoolReferent.MAP_ASYNC, function, list(elements), checked(chunkSize));
    }

    @SuppressWarnings("unchecked") // The server says what it is.
    private <T> ResultProxy<T> start(int method, Object... arguments) {
        return (ResultProxy<T>) handle().call(method, arguments);
    }

    private static int checked(int chunkSize) {
        if (chunkSize < 1) {
            throw new IllegalArgumentException("Chunksize must be 1+, not " + chunkSize);
        }
        return chunkSize;
    }

    /**
     * Calls a function of two arguments with each pair and waits for all, as {@link #map} does.
     *
     * @param <A> the first arguments' type
     * @param <B> the second arguments' type
     * @param <R> the results' type
     * @param function runs in the workers
     * @param pairs its arguments
     * @return the results, in the order of the pairs
     * @throws InterruptedException if the thread is interrupted
     */
    public <A, B, R> List<R> starmap(Function2<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs) throws InterruptedException {
        return result(starmapAsync(function, pairs));
    }

    /**
     * As {@link #starmap}, without waiting.
     *
     * @param <A> the first arguments' type
     * @param <B> the second arguments' type
     * @param <R> the results' type
     * @param function runs in the workers
     * @param pairs its arguments
     * @return the results, once they are there
     */
    public <A, B, R> ResultProxy<List<R>> starmapAsync(Function2<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs) {
        List<Object> lists = new ArrayList<>();
        for (Map.Entry<? extends A, ? extends B> pair : pairs) {
            List<Object> both = new ArrayList<>();
            both.add(pair.getKey());
            both.add(pair.getValue());
            lists.add(both);
        }
        return start(PoolReferent.STARMAP_ASYNC, function, lists);
    }

    /**
     * Calls a function with each element and gives the results one after the other, in the order of the elements.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers
     * @param elements its arguments, all sent at once
     * @return the results as they come
     */
    @SuppressWarnings("unchecked") // The server says what it is.
    public <A, R> ResultsProxy<R> imap(Function1<? super A, ? extends R> function, Iterable<? extends A> elements) {
        return (ResultsProxy<R>) handle().call(PoolReferent.IMAP, function, list(elements), 1);
    }

    /**
     * As {@link #imap}, in whatever order results come.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers
     * @param elements its arguments, all sent at once
     * @return the results as they come
     */
    @SuppressWarnings("unchecked") // The server says what it is.
    public <A, R> ResultsProxy<R> imapUnordered(Function1<? super A, ? extends R> function, Iterable<? extends A> elements) {
        return (ResultsProxy<R>) handle().call(PoolReferent.IMAP_UNORDERED, function, list(elements), 1);
    }

    /** Takes no more work; what was accepted is finished. Does not wait. */
    public void close() {
        handle().call(PoolReferent.CLOSE);
    }

    /** Ends the workers at once; what is queued is dropped. */
    public void terminate() {
        handle().call(PoolReferent.TERMINATE);
    }

    /**
     * Waits until the workers have ended.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws IllegalStateException {@code Pool is still running}: neither {@link #close} nor {@link #terminate} was called
     */
    public void join() throws InterruptedException {
        join(null);
    }

    /**
     * As {@link #join()}, for a time.
     *
     * @param timeout how long; null for ever
     * @return whether they have ended
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws IllegalStateException {@code Pool is still running}
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return (Boolean) handle().callInterruptibly(PoolReferent.JOIN, Times.nanos(timeout));
    }
}
