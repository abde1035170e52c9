package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks when a worker could have been idle for too long: one look for each worker is due at any time. Under the lock of the {@link Crew}. */
final class IdleTime {
    private final long nanos;
    private final Consumer<WorkerLink> look;

    /**
     * @param timeout how long a worker may be idle; null for ever
     * @param look calls {@link #isOver} under the lock
     */
    IdleTime(Duration timeout, Consumer<WorkerLink> look) {
        this.nanos = timeout == null ? 0 : timeout.toNanos();
        this.look = look;
    }

    boolean isBounded() {
        return nanos > 0;
    }

    /** A worker has become ready. */
    void watch(WorkerLink worker) {
        if (nanos > 0) {
            lookAfter(worker, nanos);
        }
    }

    private void lookAfter(WorkerLink worker, long delay) {
        CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS, Aftermath.deaths()).execute(() -> look.accept(worker));
    }

    /** Returns whether a worker has been idle for too long; if not, there will be another look. */
    boolean isOver(WorkerLink worker, long now) {
        long left = worker.isIdle() ? nanos - (now - worker.progress()) : nanos;
        if (left <= 0) {
            return true;
        }
        lookAfter(worker, left);
        return false;
    }
}
