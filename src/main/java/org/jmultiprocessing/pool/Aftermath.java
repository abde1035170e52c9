package org.jmultiprocessing.pool;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.process.Process;

/** What happens beside the work: users' callbacks in one thread of the pool, and the deaths of workers in another. Both threads end when idle. */
final class Aftermath {
    private static final long KEPT_SECONDS = 1;
    /** How long a worker may take to follow SIGTERM. */
    private static final long GRACE_SECONDS = 2;

    /** Of all pools: what it does is short and none of the users'. */
    private static final ThreadPoolExecutor DEATHS = oneThread("jmp-pool-deaths", null);

    private final ThreadPoolExecutor callbacks;

    Aftermath(String poolName) {
        callbacks = oneThread(poolName + "-callbacks", Thread.currentThread().getContextClassLoader());
    }

    private static ThreadPoolExecutor oneThread(String name, ClassLoader loader) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, KEPT_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(null, task, name, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    Executor callbacks() {
        return callbacks;
    }

    static Executor deaths() {
        return DEATHS;
    }

    void settleLater(AsyncResult<?> result) {
        if (result != null) {
            callbacks.execute(result::settle);
        }
    }

    /** The first of an array, up to a number; those that are null need nothing. */
    void settleLater(AsyncResult<?>[] results, int count) {
        callbacks.execute(() -> {
            for (int i = 0; i < count; i++) {
                results[i].settle();
            }
        });
    }

    /** Ends a process, in its own way if it does so soon. */
    void end(Process process) {
        process.terminate();
        process.onExit(DEATHS).orTimeout(GRACE_SECONDS, TimeUnit.SECONDS).whenComplete((status, late) -> {
            if (late != null) {
                process.kill();
            }
        });
    }
}
