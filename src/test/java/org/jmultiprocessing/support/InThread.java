package org.jmultiprocessing.support;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Starts threads for tests. */
public final class InThread {
    private InThread() { }

    /**
     * @param body runs in a daemon thread of its own
     * @return its result or exception
     */
    public static <T> FutureTask<T> run(Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
