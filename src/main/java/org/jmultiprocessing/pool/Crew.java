package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jmultiprocessing.errors.BrokenPoolException;
import org.jmultiprocessing.internal.arena.Batch;

/**
 * The pool's one place of decisions: which worker has which task, and what becomes of those of a worker that ended. All under one lock, which only
 * threads of this process know. What follows for users happens after it: outcomes are told without the lock.
 */
final class Crew {
    private enum State { RUNNING, CLOSED, TERMINATED }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Timeouts timeouts;
    private final Dispatch dispatch;
    private final Aftermath aftermath;
    private final int mostUnderWay;

    private State state = State.RUNNING;
    private BrokenPoolException broken;
    private long submitted;
    private int underWay;
    /** Items whose fate was decided under the lock, to be told without. */
    private List<WorkItem> fallen = new ArrayList<>();

    /**
     * @param mostUnderWay how many tasks may be accepted and not done; 0 for any number
     * @param timeout of each task; null for none
     */
    Crew(Aftermath aftermath, int mostUnderWay, Duration timeout) {
        this.aftermath = aftermath;
        this.mostUnderWay = mostUnderWay;
        this.timeouts = new Timeouts(timeout, this::endLate);
        this.dispatch = new Dispatch(this::fail, timeouts);
    }

    private void unlock() {
        List<WorkItem> told = fallen;
        if (!told.isEmpty()) {
            fallen = new ArrayList<>();
        }
        lock.unlock();
        for (WorkItem item : told) {
            aftermath.settleLater(item.failed(item.failure));
        }
    }

    // ---- work ----

    /**
     * Takes a task. Blocks while there are as many as there may be.
     *
     * @throws RejectedExecutionException if the pool does not run any more, or the thread was interrupted while it waited for room
     */
    void submit(WorkItem item) {
        lock.lock();
        try {
            requireRunning();
            while (mostUnderWay > 0 && underWay >= mostUnderWay) {
                awaitRoom();
                requireRunning();
            }
            item.order = submitted++;
            underWay++;
            dispatch.add(item);
        } finally {
            unlock();
        }
    }

    private void awaitRoom() {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("interrupted while waiting until fewer than " + mostUnderWay + " tasks are under way", e);
        }
    }

    void requireRunning() {
        lock.lock();
        try {
            if (state != State.RUNNING) {
                throw new RejectedExecutionException("Pool not running", broken);
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(WorkItem item, Throwable why) {
        if (!item.over) {
            item.failure = why;
            fallen.add(item);
            finished(item);
        }
    }

    private void finished(WorkItem item) {
        item.over = true;
        underWay--;
        if (mostUnderWay > 0) {
            changed.signalAll();
        }
        stopIfDone();
    }

    /**
     * Takes messages of a worker.
     *
     * @param worker whose
     * @param batch holds them
     * @param done gets, for each message, the task whose outcome it is, or null
     */
    void received(WorkerLink worker, Batch batch, WorkItem[] done) {
        long now = System.nanoTime();
        lock.lock();
        try {
            for (int i = 0; i < batch.count(); i++) {
                done[i] = receive(worker, new ResultHead(batch, i), now);
            }
            dispatch.handOut(now);
        } finally {
            unlock();
        }
    }

    private WorkItem receive(WorkerLink worker, ResultHead head, long now) {
        if (head.kind() == Frames.READY) {
            worker.becomeReady(now);
            return null;
        }
        if (head.kind() == Frames.UNABLE) {
            breakDown("the initializer failed in worker " + worker.process().name(), head.failure());
            return null;
        }
        WorkItem item = worker.finish(head.number(), head.nanos(), now);
        if (head.retires() || worker.hasHadItsTasks()) {
            dispatch.takeBackAll(worker);
            worker.stop();
        }
        if (item == null || item.over) {
            return null;
        }
        finished(item);
        return item;
    }

    /** Returns whether a task is cancelled: always if it waits, if it runs only by ending its worker. */
    boolean cancel(WorkItem item, boolean running) {
        lock.lock();
        try {
            if (item.over) {
                return false;
            }
            WorkerLink worker = item.worker;
            if (worker == null) {
                finished(item);
                return true;
            }
            if (worker.takeBack(item)) {
                finished(item);
                dispatch.handOut(System.nanoTime());
                return true;
            }
            if (!running) {
                return false;
            }
            doom(worker, item);
            finished(item);
            return true;
        } finally {
            unlock();
        }
    }

    /** Ends a worker because of the task that it runs; it will begin no other. */
    private void doom(WorkerLink worker, WorkItem item) {
        dispatch.takeBackAll(worker);
        worker.stop();
        item.doomed = true;
        worker.process().kill();
        dispatch.handOut(System.nanoTime());
    }

    private void endLate(WorkerLink worker) {
        lock.lock();
        try {
            WorkItem item = dispatch.workers().contains(worker) ? timeouts.check(worker, System.nanoTime()) : null;
            if (item != null) {
                doom(worker, item);
            }
        } finally {
            unlock();
        }
    }

    void forget(SentFunction function) {
        lock.lock();
        try {
            for (WorkerLink worker : dispatch.workers()) {
                worker.forget(function);
            }
        } finally {
            unlock();
        }
    }

    // ---- workers ----

    /** Returns whether the pool wants this worker; if not, end it. */
    boolean joined(WorkerLink worker) {
        lock.lock();
        try {
            if (state == State.TERMINATED) {
                return false;
            }
            dispatch.workers().add(worker);
            stopIfDone();
            return true;
        } finally {
            unlock();
        }
    }

    /**
     * A worker has ended, and its last results have been taken.
     *
     * @param worker which
     * @param death what its task fails with
     * @param retries how often a task may lose its worker before it fails
     */
    void left(WorkerLink worker, Throwable death, int retries) {
        lock.lock();
        try {
            for (WorkItem item : dispatch.lost(worker)) {
                if (item.over) {
                    continue;
                }
                if (!item.doomed && item.attempts++ < retries) {
                    dispatch.putBack(item);
                } else {
                    fail(item, item.failure != null ? item.failure : death);
                }
            }
            dispatch.handOut(System.nanoTime());
        } finally {
            unlock();
        }
    }

    /** Whether a seat whose worker has left should have another. */
    boolean wantsAnother() {
        lock.lock();
        try {
            return state == State.RUNNING || state == State.CLOSED && underWay > 0;
        } finally {
            unlock();
        }
    }

    // ---- the end ----

    private void stopIfDone() {
        if (state == State.CLOSED && underWay == 0) {
            for (WorkerLink worker : dispatch.workers()) {
                worker.stop();
            }
        }
    }

    void close() {
        lock.lock();
        try {
            if (state == State.RUNNING) {
                state = State.CLOSED;
                changed.signalAll();
            }
            stopIfDone();
        } finally {
            unlock();
        }
    }

    /** Ends the pool because it cannot have workers. */
    void breakDown(String what, Throwable cause) {
        lock.lock();
        try {
            if (broken == null && state != State.TERMINATED) {
                broken = new BrokenPoolException(what + ", so the pool has ended: " + cause, cause);
                terminate(broken).forEach(item -> fail(item, broken));
            }
        } finally {
            unlock();
        }
    }

    /**
     * Ends all workers.
     *
     * @param fails whether tasks that no worker had begun fail
     * @return those tasks
     */
    List<WorkItem> terminate(boolean fails) {
        lock.lock();
        try {
            List<WorkItem> dropped = terminate(new CancellationException("Pool terminated"));
            if (fails) {
                dropped.forEach(item -> fail(item, item.failure));
            } else {
                dropped.forEach(this::finished);
            }
            return dropped;
        } finally {
            unlock();
        }
    }

    private List<WorkItem> terminate(Throwable why) {
        state = State.TERMINATED;
        for (WorkerLink worker : dispatch.workers()) {
            dispatch.takeBackAll(worker);
        }
        List<WorkItem> dropped = dispatch.clear();
        dropped.removeIf(item -> item.over);
        dropped.forEach(item -> item.failure = why);
        for (WorkerLink worker : dispatch.workers()) {
            WorkItem current = worker.current();
            if (current != null) {
                fail(current, why);
            }
            worker.stop();
            aftermath.end(worker.process());
        }
        changed.signalAll();
        return dropped;
    }

    boolean isRunning() {
        lock.lock();
        try {
            return state == State.RUNNING;
        } finally {
            unlock();
        }
    }

    /** The live workers' processes. */
    Collection<WorkerLink> workers() {
        lock.lock();
        try {
            return List.copyOf(dispatch.workers());
        } finally {
            unlock();
        }
    }
}
