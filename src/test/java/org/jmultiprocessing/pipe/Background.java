package org.jmultiprocessing.pipe;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A thread of a test, with its result or exception. */
final class Background<T> {
    final Thread thread;
    private final FutureTask<T> task;

    private Background(Callable<T> body) {
        task = new FutureTask<>(body);
        thread = new Thread(task, "background");
        thread.setDaemon(true);
        thread.start();
    }

    static <T> Background<T> run(Callable<T> body) {
        return new Background<>(body);
    }

    T result() throws Exception {
        try {
            T result = task.get(30, TimeUnit.SECONDS);
            thread.join();
            return result;
        } catch (ExecutionException e) {
            thread.join();
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw e;
        }
    }
}
