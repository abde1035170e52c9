package org.jmultiprocessing.pool;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.SerializableRunnable;

/**
 * What pools of processes and pools of threads have in common: Python's {@code Pool} as an {@link ExecutorService}. Safe for any number of threads.
 *
 * <p>Once {@link #close}, {@link #shutdown} or {@link #terminate} was called, everything that would begin new work throws
 * {@link java.util.concurrent.RejectedExecutionException} ({@code Pool not running}).
 */
public abstract class TaskPool extends MapMethods implements ExecutorService, AutoCloseable {
    TaskPool() { }

    /** Throws if a task of the executor's interface cannot be run here. */
    abstract void check(Object task);

    // ---- as an executor ----

    /**
     * As {@link #applyAsync(Function0)}; a lambda becomes a function that can travel when this method is called on a pool rather than on an
     * {@code ExecutorService}.
     *
     * @param <R> the result's type
     * @param function runs in a worker
     * @return the result, once it is there
     */
    public final <R> AsyncResult<R> submit(Function0<R> function) {
        return callAsync(function);
    }

    /**
     * As {@link #submit(Function0)}, without a result.
     *
     * @param task runs in a worker
     * @return done when the task is; its result is null
     */
    public final AsyncResult<Void> submit(SerializableRunnable task) {
        return callAsync(task);
    }

    /**
     * As {@link #submit(Function0)}.
     *
     * @throws IllegalArgumentException if the task cannot travel, as the compiler makes lambdas for an {@code ExecutorService}
     */
    @Override
    public final <T> AsyncResult<T> submit(Callable<T> task) {
        check(task);
        return callAsync(task);
    }

    /**
     * As {@link #submit(SerializableRunnable)}.
     *
     * @throws IllegalArgumentException if the task cannot travel, as the compiler makes lambdas for an {@code ExecutorService}
     */
    @Override
    public final AsyncResult<?> submit(Runnable task) {
        check(task);
        return callAsync(task);
    }

    /**
     * As {@link #submit(Runnable)}, with a result that stays here.
     *
     * @throws IllegalArgumentException if the task cannot travel, as the compiler makes lambdas for an {@code ExecutorService}
     */
    @Override
    public final <T> AsyncResult<T> submit(Runnable task, T result) {
        check(task);
        return new ConstantResult<T>(engine(), task, result).result();
    }

    /**
     * As {@link #submit(SerializableRunnable)}. What the task throws goes to the handler of uncaught exceptions of the pool's thread for callbacks.
     *
     * @param task runs in a worker
     */
    public final void execute(SerializableRunnable task) {
        execute((Runnable) task);
    }

    /**
     * As {@link #execute(SerializableRunnable)}.
     *
     * @throws IllegalArgumentException if the task cannot travel, as the compiler makes lambdas for an {@code ExecutorService}
     */
    @Override
    public final void execute(Runnable task) {
        check(task);
        callAsync(task).onFailure(failure -> {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        });
    }

    static void requireSerializable(Object task) {
        Objects.requireNonNull(task, "task");
        if (!(task instanceof Serializable)) {
            throw new IllegalArgumentException(task.getClass().getName() + " is not serializable, so that no other process can run it. A lambda or"
                    + " method reference is when it is given to applyAsync, or to submit of a variable of type Pool; for"
                    + " CompletableFuture.supplyAsync there is pool.asExecutor()");
        }
    }

    @Override
    public final <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return invokeAll(tasks, Deadline.NEVER);
    }

    @Override
    public final <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        return invokeAll(tasks, Deadline.after(Duration.ofNanos(unit.toNanos(timeout))));
    }

    private <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, Deadline deadline)
            throws InterruptedException {
        List<AsyncResult<T>> results = new ArrayList<>(tasks.size());
        boolean done = false;
        try {
            for (Callable<T> task : tasks) {
                results.add(submit(task));
            }
            boolean inTime = true;
            for (AsyncResult<T> result : results) {
                inTime = inTime && result.await(remaining(deadline));
            }
            done = inTime;
        } finally {
            if (!done) {
                results.forEach(result -> result.cancel(true));
            }
        }
        return new ArrayList<>(results);
    }

    private static Duration remaining(Deadline deadline) {
        long nanos = deadline.remaining();
        return nanos < 0 ? null : Duration.ofNanos(nanos);
    }

    @Override
    public final <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, Deadline.NEVER);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a wait without end has ended", e);
        }
    }

    @Override
    public final <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return invokeAny(tasks, Deadline.after(Duration.ofNanos(unit.toNanos(timeout))));
    }

    private <T> T invokeAny(Collection<? extends Callable<T>> tasks, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("there is no task");
        }
        List<AsyncResult<T>> results = new ArrayList<>(tasks.size());
        LinkedBlockingQueue<AsyncResult<T>> done = new LinkedBlockingQueue<>();
        try {
            for (Callable<T> task : tasks) {
                AsyncResult<T> result = submit(task);
                results.add(result);
                result.whenComplete((value, failure) -> done.add(result));
            }
            ExecutionException last = null;
            for (int left = results.size(); left > 0; left--) {
                AsyncResult<T> result = deadline == Deadline.NEVER ? done.take() : done.poll(deadline.remaining(), TimeUnit.NANOSECONDS);
                if (result == null) {
                    throw new TimeoutException("no task has succeeded in time");
                }
                try {
                    return result.get();
                } catch (ExecutionException e) {
                    last = e;
                }
            }
            throw last;
        } finally {
            results.forEach(result -> result.cancel(true));
        }
    }

    /**
     * For {@code CompletableFuture.supplyAsync} and the like, whose tasks cannot travel. They run in threads of this process, as many as there are
     * tasks, and what they want done elsewhere they give to {@link #apply}.
     *
     * @return an executor that takes tasks as long as the pool does
     */
    public abstract Executor asExecutor();

    // ---- the end ----

    /** Lets nothing new in. What was accepted is done, then the workers end. Python's {@code close}; does not wait. Does nothing the second time. */
    @Override
    public abstract void shutdown();

    /** Ends the workers at once. What is not done is cancelled. Python's {@code terminate}; does not wait for them to have ended. */
    public abstract void terminate();

    /**
     * As {@link #terminate}.
     *
     * @return what no worker had begun; to run one calls the function here, and gives its result to who waits for it
     */
    @Override
    public abstract List<Runnable> shutdownNow();

    /**
     * Waits until the workers have ended, after {@link #shutdown}, {@link #close} or {@link #terminate}. Interruptible.
     *
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException {@code Pool is still running}
     */
    public final void join() throws InterruptedException {
        join(null);
    }

    /**
     * As {@link #join()}, for a time.
     *
     * @param timeout how long; null for ever
     * @return whether they have ended
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException {@code Pool is still running}
     */
    public final boolean join(Duration timeout) throws InterruptedException {
        if (!isShutdown()) {
            throw new IllegalStateException("Pool is still running");
        }
        return awaitEnd(timeout);
    }

    abstract boolean awaitEnd(Duration timeout) throws InterruptedException;

    @Override
    public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return awaitEnd(Duration.ofNanos(unit.toNanos(timeout)));
    }

    /**
     * Lets nothing new in, and waits until what was accepted is done and the workers have ended, as {@code ExecutorService.close} does from Java 19
     * on; Python's {@code close} does not wait, its {@code with} statement terminates. If the thread is interrupted while it waits, the pool is
     * terminated. Does nothing the second time.
     */
    @Override
    public void close() {
        shutdown();
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                over = awaitEnd(null);
            } catch (InterruptedException e) {
                if (!interrupted) {
                    terminate();
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
