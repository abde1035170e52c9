package org.jmultiprocessing.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;
import org.jmultiprocessing.task.Function3;
import org.jmultiprocessing.task.Function4;

/** The calls of one function with many elements: {@code map}, {@code starmap} and {@code imap}. */
abstract class MapMethods extends CallMethods {
    /** Elements of an imap that are under way or not yet asked for, unless the user says how many. */
    private static final int LOOK_AHEAD = 1024;

    MapMethods() { }

    private static Object[] array(Iterable<?> elements) {
        if (elements instanceof Collection) {
            return ((Collection<?>) elements).toArray();
        }
        List<Object> list = new ArrayList<>();
        elements.forEach(list::add);
        return list.toArray();
    }

    private static Object[] pairs(Iterable<? extends Map.Entry<?, ?>> entries) {
        List<Object> list = new ArrayList<>();
        entries.forEach(entry -> list.add(new Object[] {entry.getKey(), entry.getValue()}));
        return list.toArray();
    }

    private static Object[] tuples(Iterable<? extends List<?>> lists, int size) {
        List<Object> tuples = new ArrayList<>();
        for (List<?> list : lists) {
            if (list.size() != size) {
                throw new IllegalArgumentException("the function takes " + size + " arguments, and element " + tuples.size() + " has " + list.size());
            }
            tuples.add(list.toArray());
        }
        return tuples.toArray();
    }

    private static int checkChunk(int chunkSize) {
        if (chunkSize < 1) {
            throw new IllegalArgumentException("Chunksize must be 1+, not " + chunkSize);
        }
        return chunkSize;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // The function's results, which the compiler has checked.
    private <R> AsyncResult<List<R>> start(int kind, Object function, Object[] elements, int chunkSize) {
        return (AsyncResult) MapJob.start(engine(), kind, Objects.requireNonNull(function, "function"), elements, chunkSize);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // As above.
    private <R> List<R> run(int kind, Object function, Object[] elements, int chunkSize) throws InterruptedException {
        return (List) MapJob.run(engine(), kind, Objects.requireNonNull(function, "function"), elements, chunkSize);
    }

    /**
     * Calls a function with each element, and waits for all. Workers get the elements in chunks, four for each worker.
     * If it fails for an element, that is thrown here, itself, once all chunks are done; the first in the order of the elements.
     * Interruptible.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments
     * @return the results in the order of the elements, a list of the caller's own; empty for none. Numbers stay primitives in it until one is
     *     asked for, so that a million of them takes as little memory as an array
     * @throws InterruptedException if the thread is interrupted; the workers go on
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> List<R> map(Function1<? super A, ? extends R> function, Iterable<? extends A> elements) throws InterruptedException {
        return run(Frames.MAP, function, array(elements), 0);
    }

    /**
     * As {@link #map(Function1, Iterable)}, with chunks of a size.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments
     * @param chunkSize how many elements are one task
     * @return the results in the order of the elements
     * @throws InterruptedException if the thread is interrupted; the workers go on
     * @throws IllegalArgumentException {@code Chunksize must be 1+, not 0}
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> List<R> map(Function1<? super A, ? extends R> function, Iterable<? extends A> elements, int chunkSize)
            throws InterruptedException {
        return run(Frames.MAP, function, array(elements), checkChunk(chunkSize));
    }

    /**
     * As {@link #map(Function1, Iterable)}, without waiting.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments
     * @return the results in the order of the elements, once all are there
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> AsyncResult<List<R>> mapAsync(Function1<? super A, ? extends R> function, Iterable<? extends A> elements) {
        return start(Frames.MAP, function, array(elements), 0);
    }

    /**
     * As {@link #map(Function1, Iterable, int)}, without waiting.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments
     * @param chunkSize how many elements are one task
     * @return the results in the order of the elements, once all are there
     * @throws IllegalArgumentException {@code Chunksize must be 1+, not 0}
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> AsyncResult<List<R>> mapAsync(Function1<? super A, ? extends R> function, Iterable<? extends A> elements, int chunkSize) {
        return start(Frames.MAP, function, array(elements), checkChunk(chunkSize));
    }

    /**
     * Calls a function with each element, which are taken as results are asked for; results come in the order of the elements.
     * What fails is thrown where its result would have come.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments, may be endless
     * @return the results; close them, or ask for all
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> ResultIterator<R> imap(Function1<? super A, ? extends R> function, Iterable<? extends A> elements) {
        return imap(function, elements, 1);
    }

    /**
     * As {@link #imap(Function1, Iterable)}, with chunks of a size: faster for small work, and results come a chunk at a time.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments, may be endless
     * @param chunkSize how many elements are one task
     * @return the results; close them, or ask for all
     * @throws IllegalArgumentException {@code Chunksize must be 1+, not 0}
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> ResultIterator<R> imap(Function1<? super A, ? extends R> function, Iterable<? extends A> elements, int chunkSize) {
        return imap(function, elements, chunkSize, Math.max(LOOK_AHEAD, chunkSize * 4 * engine().size()));
    }

    /**
     * As {@link #imap(Function1, Iterable, int)}, with a bound of its own; otherwise that is 1024, or four chunks for each worker, and always 16 MiB.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments, may be endless
     * @param chunkSize how many elements are one task
     * @param lookAhead how many elements may be taken whose results were not yet asked for; never less than a chunk
     * @return the results; close them, or ask for all
     * @throws IllegalArgumentException {@code Chunksize must be 1+, not 0}
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> ResultIterator<R> imap(Function1<? super A, ? extends R> function, Iterable<? extends A> elements, int chunkSize,
            int lookAhead) {
        return new ItemsJob<>(engine(), Frames.ITEMS, function, elements, checkChunk(chunkSize), true, lookAhead);
    }

    /**
     * Calls a function with each element, which are taken as results are asked for; results come in the order in which they come.
     * What fails is thrown where its result would have come.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments, may be endless
     * @return the results; close them, or ask for all
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> ResultIterator<R> imapUnordered(Function1<? super A, ? extends R> function, Iterable<? extends A> elements) {
        return imapUnordered(function, elements, 1);
    }

    /**
     * As {@link #imapUnordered(Function1, Iterable)}, with chunks of a size: faster for small work, and results come a chunk at a time.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments, may be endless
     * @param chunkSize how many elements are one task
     * @return the results; close them, or ask for all
     * @throws IllegalArgumentException {@code Chunksize must be 1+, not 0}
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> ResultIterator<R> imapUnordered(Function1<? super A, ? extends R> function, Iterable<? extends A> elements, int chunkSize) {
        return imapUnordered(function, elements, chunkSize, Math.max(LOOK_AHEAD, chunkSize * 4 * engine().size()));
    }

    /**
     * As {@link #imapUnordered(Function1, Iterable, int)}, with a bound of its own; otherwise that is 1024, or four chunks for each worker, and
     * always 16 MiB.
     *
     * @param <A> the elements' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param elements its arguments, may be endless
     * @param chunkSize how many elements are one task
     * @param lookAhead how many elements may be taken whose results were not yet asked for; never less than a chunk
     * @return the results; close them, or ask for all
     * @throws IllegalArgumentException {@code Chunksize must be 1+, not 0}
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> ResultIterator<R> imapUnordered(Function1<? super A, ? extends R> function, Iterable<? extends A> elements, int chunkSize,
            int lookAhead) {
        return new ItemsJob<>(engine(), Frames.ITEMS, function, elements, checkChunk(chunkSize), false, lookAhead);
    }

    /**
     * As {@link #map(Function1, Iterable)}, for a function of two arguments.
     *
     * @param <A> the first arguments' type
     * @param <B> the second arguments' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param arguments pairs of arguments, such as {@code Map.entry(1, 2)}
     * @return the results in the order of the arguments
     * @throws InterruptedException if the thread is interrupted; the workers go on
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, R> List<R> starmap(Function2<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> arguments) throws InterruptedException {
        return run(Frames.STAR, function, pairs(arguments), 0);
    }

    /**
     * As {@code starmap}, without waiting.
     *
     * @param <A> the first arguments' type
     * @param <B> the second arguments' type
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param arguments pairs of arguments, such as {@code Map.entry(1, 2)}
     * @return the results in the order of the arguments, once all are there
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, R> AsyncResult<List<R>> starmapAsync(Function2<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> arguments) {
        return start(Frames.STAR, function, pairs(arguments), 0);
    }

    /**
     * As {@link #map(Function1, Iterable)}, for a function of three arguments.
     *
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param arguments lists of three arguments, whose types are checked when the function is called
     * @return the results in the order of the arguments
     * @throws InterruptedException if the thread is interrupted; the workers go on
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <R> List<R> starmap(Function3<?, ?, ?, ? extends R> function, Iterable<? extends List<?>> arguments)
            throws InterruptedException {
        return run(Frames.STAR, function, tuples(arguments, 3), 0);
    }

    /**
     * As {@code starmap}, without waiting.
     *
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param arguments lists of three arguments, whose types are checked when the function is called
     * @return the results in the order of the arguments, once all are there
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <R> AsyncResult<List<R>> starmapAsync(Function3<?, ?, ?, ? extends R> function,
            Iterable<? extends List<?>> arguments) {
        return start(Frames.STAR, function, tuples(arguments, 3), 0);
    }

    /**
     * As {@link #map(Function1, Iterable)}, for a function of four arguments.
     *
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param arguments lists of four arguments, whose types are checked when the function is called
     * @return the results in the order of the arguments
     * @throws InterruptedException if the thread is interrupted; the workers go on
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <R> List<R> starmap(Function4<?, ?, ?, ?, ? extends R> function, Iterable<? extends List<?>> arguments)
            throws InterruptedException {
        return run(Frames.STAR, function, tuples(arguments, 4), 0);
    }

    /**
     * As {@code starmap}, without waiting.
     *
     * @param <R> the results' type
     * @param function runs in the workers, to which it is sent once each
     * @param arguments lists of four arguments, whose types are checked when the function is called
     * @return the results in the order of the arguments, once all are there
     * @throws org.jmultiprocessing.errors.SerializationException if the function or an element cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <R> AsyncResult<List<R>> starmapAsync(Function4<?, ?, ?, ?, ? extends R> function,
            Iterable<? extends List<?>> arguments) {
        return start(Frames.STAR, function, tuples(arguments, 4), 0);
    }
}
