package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Looks when the time of a worker's task would be over: one look is due for each worker that has a task, and none for others. Under the lock of the
 * {@link Crew}.
 */
final class Timeouts {
    private final long nanos;
    private final String text;
    private final Consumer<WorkerLink> look;
    private final Set<WorkerLink> watched = new HashSet<>();

    /**
     * @param timeout of each task; null for none
     * @param look calls {@link #check} under the lock
     */
    Timeouts(Duration timeout, Consumer<WorkerLink> look) {
        this.nanos = timeout == null ? 0 : timeout.toNanos();
        this.text = String.valueOf(timeout);
        this.look = look;
    }

    /** A worker has been given a task. */
    void watch(WorkerLink worker) {
        if (nanos > 0 && watched.add(worker)) {
            lookAfter(worker, nanos);
        }
    }

    private void lookAfter(WorkerLink worker, long delay) {
        CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS, Aftermath.deaths()).execute(() -> look.accept(worker));
    }

    /** Returns the task whose time is over, with its failure noted; null if there is none. */
    WorkItem check(WorkerLink worker, long now) {
        watched.remove(worker);
        WorkItem item = worker.current();
        if (item == null) {
            return null;
        }
        long left = worker.isRunning(item) ? nanos - (now - worker.board().begunAt(item.number)) : nanos;
        if (left > 0) {
            watched.add(worker);
            lookAfter(worker, left);
            return null;
        }
        item.failure = new TimeoutException("the task ran for longer than " + text + ", so its worker " + worker.process().name() + " was killed");
        return item;
    }

    /** A worker has ended. */
    void forget(WorkerLink worker) {
        watched.remove(worker);
    }
}
