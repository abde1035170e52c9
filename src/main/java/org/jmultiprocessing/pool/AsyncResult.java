package org.jmultiprocessing.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jmultiprocessing.internal.os.Deadline;

/**
 * The outcome of what a pool was given, once it is there ({@code multiprocessing.pool.AsyncResult}). It is a
 * {@link java.util.concurrent.CompletableFuture}; its dependents run in the pool's thread for callbacks unless they are given an executor, and
 *     should be short.
 *
 * <p>What a task threw is the cause of the {@link ExecutionException}, itself, with its stack trace in the worker as its innermost cause. All methods
 * may be called by any thread.
 *
 * @param <T> the type of the outcome
 */
public final class AsyncResult<T> extends CallbackFuture<T> {
    private static final VarHandle ARRIVAL;

    static {
        try {
            ARRIVAL = MethodHandles.lookup().findVarHandle(AsyncResult.class, "arrival", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Stands for an arrival that somebody decodes, or has. */
    private static final Object OPENED = new Object();

    /** What can be done about work that is not done. */
    interface Work {
        /** Returns whether it is cancelled. */
        boolean cancel(boolean running);
    }

    private final Work work;
    /** Null, an Arrival, or OPENED. */
    private volatile Object arrival;
    private volatile CountDownLatch waiters;

    AsyncResult(Executor callbacks, Work work) {
        super(callbacks);
        this.work = work;
    }

    /** Says that the outcome is there; returns this if it has to be settled, null if somebody waits who will. */
    AsyncResult<T> arrive(Arrival outcome) {
        arrival = outcome;
        CountDownLatch latch = waiters;
        if (latch == null) {
            return this;
        }
        latch.countDown();
        return null;
    }

    /** Decodes what has arrived, unless somebody else does. */
    void settle() {
        Object arrived = arrival;
        if (arrived instanceof Arrival && ARRIVAL.compareAndSet(this, arrived, OPENED)) {
            try {
                @SuppressWarnings("unchecked") // The function's result, which the compiler has checked.
                T value = (T) ((Arrival) arrived).open();
                complete(value);
            } catch (Throwable failure) {
                completeExceptionally(failure);
            }
        }
    }

    /** Returns whether there is an outcome in time. */
    private boolean awaitOutcome(Deadline deadline) throws InterruptedException {
        if (isDone()) {
            return true;
        }
        CountDownLatch latch = waiters();
        if (arrival == null && !super.isDone()) {
            if (deadline == Deadline.NEVER) {
                latch.await();
            } else if (!latch.await(deadline.remaining(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        settle();
        if (super.isDone()) {
            return true;
        }
        // Another thread decodes it.
        try {
            if (deadline == Deadline.NEVER) {
                super.get();
            } else {
                super.get(deadline.remaining(), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | CancellationException outcome) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
        return true;
    }

    private synchronized CountDownLatch waiters() {
        CountDownLatch latch = waiters;
        if (latch == null) {
            CountDownLatch made = new CountDownLatch(1);
            waiters = made;
            whenCompleteAsync((value, failure) -> made.countDown(), Runnable::run);
            latch = made;
        }
        return latch;
    }

    // ---- waiting ----

    /**
     * Waits for the outcome. Interruptible.
     *
     * @return the outcome
     * @throws InterruptedException if the thread is interrupted; the task goes on
     * @throws ExecutionException if the task failed; what it threw is the cause
     * @throws CancellationException if it was cancelled
     */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        awaitOutcome(Deadline.NEVER);
        return super.get();
    }

    /**
     * As {@link #get()}, for a time.
     *
     * @param timeout how long
     * @param unit of the timeout
     * @return the outcome
     * @throws InterruptedException if the thread is interrupted; the task goes on
     * @throws ExecutionException if the task failed; what it threw is the cause
     * @throws TimeoutException if there is no outcome in time; the task goes on
     */
    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return get(Duration.ofNanos(unit.toNanos(timeout)));
    }

    /**
     * As {@link #get()}, for a time.
     *
     * @param timeout how long; null for ever
     * @return the outcome
     * @throws InterruptedException if the thread is interrupted; the task goes on
     * @throws ExecutionException if the task failed; what it threw is the cause
     * @throws TimeoutException if there is no outcome in time; the task goes on
     */
    public T get(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
        if (!awaitOutcome(Deadline.after(timeout))) {
            throw new TimeoutException("no result within " + timeout);
        }
        return super.get();
    }

    /**
     * As {@link #get()}, but not interruptible.
     *
     * @return the outcome
     * @throws CompletionException if the task failed; what it threw is the cause
     */
    @Override
    public T join() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    awaitOutcome(Deadline.NEVER);
                    return super.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits for an outcome, of whichever kind; Python's {@code wait}. Interruptible.
     *
     * @param timeout how long; null for ever
     * @return whether there is one
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return awaitOutcome(Deadline.after(timeout));
    }

    // ---- asking ----

    @Override
    public T getNow(T valueIfAbsent) {
        settle();
        return super.getNow(valueIfAbsent);
    }

    @Override
    public boolean isDone() {
        settle();
        return super.isDone();
    }

    @Override
    public boolean isCancelled() {
        settle();
        return super.isCancelled();
    }

    @Override
    public boolean isCompletedExceptionally() {
        settle();
        return super.isCompletedExceptionally();
    }

    /** @return whether there is an outcome; as {@link #isDone} */
    public boolean ready() {
        return isDone();
    }

    /**
     * @return whether the outcome is a value
     * @throws IllegalStateException {@code not ready}, if there is no outcome yet
     */
    public boolean successful() {
        if (!isDone()) {
            throw new IllegalStateException(this + " not ready");
        }
        return !isCompletedExceptionally();
    }

    // ---- reacting ----

    /**
     * Has something done with the value, in the pool's thread for callbacks; Python's {@code callback}.
     *
     * @param action gets the value; what it throws goes to that thread's handler of uncaught exceptions
     * @return this
     */
    public AsyncResult<T> onSuccess(Consumer<? super T> action) {
        return react((value, failure) -> {
            if (failure == null) {
                action.accept(value);
            }
        });
    }

    /**
     * Has something done about the failure, in the pool's thread for callbacks; Python's {@code error_callback}.
     *
     * @param action gets what the task threw; what it throws itself goes to that thread's handler of uncaught exceptions
     * @return this
     */
    public AsyncResult<T> onFailure(Consumer<? super Throwable> action) {
        return react((value, failure) -> {
            if (failure != null) {
                action.accept(failure);
            }
        });
    }

    private AsyncResult<T> react(BiConsumer<T, Throwable> action) {
        whenCompleteAsync((value, failure) -> {
            try {
                action.accept(value, failure);
            } catch (Throwable ofAction) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, ofAction);
            }
        }, callbacks());
        return this;
    }

    /**
     * Cancels what is not done yet.
     *
     * @param mayInterruptIfRunning whether a task that runs is ended, by killing the worker that runs it, which the pool replaces. Other tasks are
     *     not touched. If false, a task that runs goes on, and is not cancelled
     * @return whether it is cancelled now
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone() || arrival != null) {
            return isCancelled();
        }
        return work.cancel(mayInterruptIfRunning) && super.cancel(mayInterruptIfRunning) || isCancelled();
    }
}
