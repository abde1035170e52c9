package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
    private final Staff staff;
    private final IdleTime idleTime;
    private final Ledger ledger;

    private State state = State.RUNNING;
    private BrokenPoolException broken;
    private long submitted;
    private int underWay;
    /** Items whose fate was decided under the lock, to be told without. */
    private List<WorkItem> fallen = new ArrayList<>();

    /**
     * @param aftermath settles results
     * @param ledger keeps what is to be told of workers and tasks
     * @param options bounds
     */
    Crew(Aftermath aftermath, Ledger ledger, PoolBuilder options) {
        this.aftermath = aftermath;
        this.ledger = ledger;
        this.mostUnderWay = options.maxTasksInFlight;
        this.staff = new Staff(options.processes);
        this.timeouts = new Timeouts(options.taskTimeout, this::endLate);
        this.idleTime = new IdleTime(options.idleTimeout, this::endIdle);
        this.dispatch = new Dispatch(this::fail, timeouts, staff::hasResting);
    }

    private void unlock() {
        List<WorkItem> told = List.of();
        if (lock.getHoldCount() == 1 && !fallen.isEmpty()) {
            told = fallen;
            fallen = new ArrayList<>();
        }
        lock.unlock();
        for (WorkItem item : told) {
            aftermath.settleLater(item.failed(item.failure));
        }
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            unlock();
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            unlock();
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
            callResting();
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
            idleTime.watch(worker);
            return null;
        }
        if (head.kind() == Frames.UNABLE) {
            breakDown("the initializer failed in worker " + worker.process().name(), head.failure());
            return null;
        }
        WorkItem item = worker.finish(head.number(), head.nanos(), now);
        if (item != null) {
            ledger.finished(item, worker, head.nanos());
        }
        if (head.retires() || worker.hasHadItsTasks()) {
            dispatch.retire(worker);
        }
        if (item == null || item.over) {
            return null;
        }
        finished(item);
        return item;
    }

    /** Returns whether a task is cancelled: always if it waits, if it runs only by ending its worker. */
    boolean cancel(WorkItem item, boolean running) {
        return locked(() -> {
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
        });
    }

    /** Ends a worker because of the task that it runs; it will begin no other. */
    private void doom(WorkerLink worker, WorkItem item) {
        dispatch.retire(worker);
        item.doomed = true;
        worker.process().kill();
    }

    private void endLate(WorkerLink worker) {
        locked(() -> {
            WorkItem item = dispatch.workers().contains(worker) ? timeouts.check(worker, System.nanoTime()) : null;
            if (item != null) {
                doom(worker, item);
            }
        });
    }

    private void endIdle(WorkerLink worker) {
        locked(() -> {
            if (dispatch.workers().contains(worker) && idleTime.isOver(worker, System.nanoTime())) {
                worker.stop();
            }
        });
    }

    void forget(SentFunction function) {
        locked(() -> dispatch.forget(function));
    }

    // ---- workers ----

    /** Returns whether the pool wants this worker; if not, end it. */
    boolean joined(WorkerLink worker) {
        return locked(() -> {
            if (state == State.TERMINATED) {
                return false;
            }
            dispatch.workers().add(worker);
            staff.joined();
            stopIfDone();
            return true;
        });
    }

    /**
     * A worker has ended, and its last results have been taken.
     *
     * @param worker which
     * @param death what its task fails with
     * @param retries how often a task may lose its worker before it fails
     */
    void left(WorkerLink worker, Throwable death, int retries) {
        List<WorkItem> lost = locked(() -> dispatch.lost(worker));
        // Not under the lock: it may run the user's code.
        lost.forEach(item -> item.comeBack(retries, death));
        locked(() -> {
            for (WorkItem item : lost) {
                if (item.failure != null || state == State.TERMINATED) {
                    fail(item, item.failure != null ? item.failure : death);
                } else if (!item.over) {
                    dispatch.putBack(item);
                }
            }
            dispatch.handOut(System.nanoTime());
            callResting();
        });
    }

    /** Whether a seat whose worker has left shall have another. Waits for work if workers end when they are idle. */
    boolean awaitDemand() throws InterruptedException {
        lock.lock();
        staff.rest();
        try {
            while (true) {
                boolean works = state == State.RUNNING || state == State.CLOSED && underWay > 0;
                if (!works || staff.letsGo()) {
                    return false;
                }
                if (!idleTime.isBounded() || dispatch.waiting() > staff.returning() + dispatch.starting()) {
                    staff.willReturn();
                    return true;
                }
                changed.await();
            }
        } finally {
            staff.rise();
            unlock();
        }
    }

    private void callResting() {
        if (staff.hasResting() && dispatch.waiting() > 0) {
            changed.signalAll();
        }
    }

    /** Sets how many workers there are to be; returns how many seats have to be added. */
    int resize(int number) {
        return locked(() -> {
            requireRunning();
            int missing = staff.resize(number);
            dispatch.shrink(staff.surplus());
            changed.signalAll();
            return missing;
        });
    }

    /** What was added by {@link #resize} is not. */
    void didNotGrow(int missing, int before) {
        locked(() -> staff.didNotGrow(missing, before));
    }

    int size() {
        return locked(() -> staff.wanted());
    }

    // ---- the end ----

    private void stopIfDone() {
        if (state == State.CLOSED && underWay == 0) {
            dispatch.stopAll();
            changed.signalAll();
        }
    }

    void close() {
        locked(() -> {
            if (state == State.RUNNING) {
                state = State.CLOSED;
                changed.signalAll();
            }
            stopIfDone();
        });
    }

    /** Ends the pool because it cannot have workers. */
    void breakDown(String what, Throwable cause) {
        locked(() -> {
            if (broken == null && state != State.TERMINATED) {
                broken = new BrokenPoolException(what + ", so the pool has ended: " + cause, cause);
                terminate(broken).forEach(item -> fail(item, broken));
            }
        });
    }

    /**
     * Ends all workers.
     *
     * @param fails whether tasks that no worker had begun fail
     * @return those tasks
     */
    List<WorkItem> terminate(boolean fails) {
        return locked(() -> {
            List<WorkItem> dropped = terminate(new CancellationException("Pool terminated"));
            dropped.forEach(fails ? item -> fail(item, item.failure) : this::finished);
            return dropped;
        });
    }

    private List<WorkItem> terminate(Throwable why) {
        state = State.TERMINATED;
        List<WorkItem> dropped = dispatch.clear();
        dropped.removeIf(item -> item.over);
        dropped.forEach(item -> item.failure = why);
        for (WorkerLink worker : dispatch.workers()) {
            WorkItem current = worker.current();
            if (current != null) {
                fail(current, why);
            }
            aftermath.end(worker.process());
        }
        dispatch.stopAll();
        changed.signalAll();
        return dropped;
    }

    boolean isRunning() {
        return locked(() -> state == State.RUNNING);
    }

    /** The live workers' processes. */
    Collection<WorkerLink> workers() {
        return locked(() -> List.copyOf(dispatch.workers()));
    }
}
