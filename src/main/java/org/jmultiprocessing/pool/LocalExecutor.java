package org.jmultiprocessing.pool;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs what cannot travel in threads of this process, which end when idle. */
final class LocalExecutor implements Executor {
    private static final long KEPT_SECONDS = 1;

    private final TaskPool pool;
    private final ThreadPoolExecutor threads;

    LocalExecutor(TaskPool pool, String name) {
        this.pool = pool;
        this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEPT_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(null, task, name + "-local", 0, false);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void execute(Runnable task) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("Pool not running");
        }
        threads.execute(task);
    }
}
