package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jmultiprocessing.task.Task;

/**
 * A pool of threads of this process with the interface of {@link Pool} ({@code multiprocessing.pool.ThreadPool}), for work that waits more than it
 * computes. Nothing is copied: functions, arguments and results are the same objects on both sides. The threads are daemons.
 *
 * <p>There is no way to kill a thread: {@code cancel(true)} and {@link #terminate} interrupt, and what ignores that runs on.
 */
public final class ThreadPool extends TaskPool {
    private final ThreadEngine engine;
    private final LocalExecutor local;

    /** A pool with as many threads as there are CPUs. */
    public ThreadPool() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /**
     * A pool.
     *
     * @param threads how many it has
     * @throws IllegalArgumentException {@code Number of processes must be at least 1}
     */
    public ThreadPool(int threads) {
        this(threads, () -> { });
    }

    /**
     * A pool whose threads call something before their first task. If that fails the pool ends: all its tasks fail with a
     * {@link org.jmultiprocessing.errors.BrokenPoolException}.
     *
     * @param threads how many it has
     * @param initializer runs in each thread
     * @throws IllegalArgumentException {@code Number of processes must be at least 1}
     */
    public ThreadPool(int threads, Task initializer) {
        if (threads < 1) {
            throw new IllegalArgumentException("Number of processes must be at least 1");
        }
        this.engine = new ThreadEngine(threads, Objects.requireNonNull(initializer, "initializer"));
        this.local = new LocalExecutor(this, engine.name());
    }

    @Override
    Engine engine() {
        return engine;
    }

    @Override
    void check(Object task) {
        Objects.requireNonNull(task, "task");
    }

    @Override
    public Executor asExecutor() {
        return local;
    }

    @Override
    public void shutdown() {
        engine.shutdown();
    }

    @Override
    public void terminate() {
        engine.terminate();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return engine.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return engine.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return engine.isTerminated();
    }

    @Override
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return engine.awaitEnd(timeout);
    }

    /** @return the pool's name and state */
    @Override
    public String toString() {
        return engine.name() + "[" + engine.size() + " threads, " + (!isShutdown() ? "running" : isTerminated() ? "ended" : "closed") + "]";
    }
}
