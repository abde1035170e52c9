package org.jmultiprocessing.pool;

import java.util.concurrent.atomic.AtomicInteger;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.errors.WorkerDiedException;
import org.jmultiprocessing.internal.arena.Batch;
import org.jmultiprocessing.internal.arena.ByteQueue;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.MemoryCgroup;

/** A worker's place in the pool, with a thread that reads what the worker says, and seats another when it has ended. */
final class Seat implements Runnable {
    private static final int MESSAGES_AT_ONCE = 64;
    private static final int BYTES_AT_ONCE = 64 << 10;
    /** A buffer for large results is kept for the next. */
    private static final int MOST_KEPT_BYTES = 4 << 20;
    /** Workers in a row may end so often before they are ready: then the next will too. Being killed says less, but memory may be too short. */
    private static final int MOST_IN_VAIN = 100;
    private static final int KILLED = 1;
    private static final int ENDED = 20;

    private final Crew crew;
    private final Workshop workshop;
    private final Aftermath aftermath;
    private final Ledger ledger;
    private final Tally seats;
    private final Tally rings;
    private final int retries;
    private final AtomicInteger inVain;
    private final Batch batch = new Batch(MESSAGES_AT_ONCE, BYTES_AT_ONCE);
    private final WorkItem[] done = new WorkItem[MESSAGES_AT_ONCE];
    private AsyncResult<?>[] unsettled = new AsyncResult<?>[MESSAGES_AT_ONCE];
    private WorkerLink worker;
    /** Whether {@link #worker} is still to be closed. */
    private boolean taken;
    private long oomKills;

    /**
     * @param seats counts those of the pool
     * @param rings counts the workers whose rings there are
     * @param retries how often a task may lose its worker before it fails
     * @param inVain counts up, for all seats of the pool, when workers end before they are ready
     */
    Seat(Crew crew, Workshop workshop, Aftermath aftermath, Ledger ledger, Tally seats, Tally rings, int retries, AtomicInteger inVain) {
        this.crew = crew;
        this.workshop = workshop;
        this.aftermath = aftermath;
        this.ledger = ledger;
        this.seats = seats;
        this.rings = rings;
        this.retries = retries;
        this.inVain = inVain;
    }

    /** Starts the first worker, in the caller's thread, who learns why that cannot be. */
    void startWorker() {
        oomKills = MemoryCgroup.oomKills();
        worker = WorkerLink.start(workshop);
        rings.take();
        taken = true;
        ByteQueue results = worker.results();
        worker.process().onExit(Aftermath.deaths()).thenRun(() -> results.shutDown(false));
    }

    /** Starts the thread. */
    void occupy(String name) {
        Thread thread = new Thread(null, this, name, 0, false);
        thread.setDaemon(true);
        seats.take();
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                seats.leave();
            }
        }
    }

    /** Ends a worker that no thread will care for. */
    void abandon() {
        WorkerLink unwanted = worker;
        unwanted.process().kill();
        unwanted.process().onExit(Aftermath.deaths()).thenRun(() -> {
            unwanted.close();
            rings.leave();
        });
    }

    @Override
    public void run() {
        try {
            do {
                if (!crew.joined(worker)) {
                    worker.process().kill();
                }
                read();
                end();
            } while (crew.awaitDemand() && !JvmExit.isUnderWay() && startAnother());
        } catch (InterruptedException | RuntimeException | Error failure) {
            // Nothing that is known to happen. The pool's users must not wait for a thread that is gone.
            try {
                crew.breakDown("the thread of a worker failed", failure);
            } finally {
                if (taken) {
                    abandon();
                }
            }
        } finally {
            seats.leave();
        }
    }

    private boolean startAnother() {
        try {
            startWorker();
            return true;
        } catch (ProcessException e) {
            crew.breakDown("no worker can be started", e);
            return false;
        }
    }

    /** Until the worker has ended and all that it said has been read. */
    private void read() throws InterruptedException {
        ByteQueue results = worker.results();
        while (results.take(batch, MESSAGES_AT_ONCE, Deadline.NEVER) == ByteQueue.Outcome.DONE) {
            crew.received(worker, batch, done);
            deliver();
            batch.shrink(MOST_KEPT_BYTES);
        }
    }

    private void deliver() {
        int count = 0;
        for (int i = 0; i < batch.count(); i++) {
            WorkItem item = done[i];
            if (item != null) {
                done[i] = null;
                int start = batch.start(i);
                AsyncResult<?> result = item.arrived(batch.bytes()[start], batch.bytes(), start + Frames.RESULT_HEAD,
                        batch.length(i) - Frames.RESULT_HEAD);
                if (result != null) {
                    unsettled[count++] = result;
                }
            }
        }
        if (count > 0) {
            aftermath.settleLater(unsettled, count);
            unsettled = new AsyncResult<?>[MESSAGES_AT_ONCE];
        }
    }

    private void end() throws InterruptedException {
        worker.process().join();
        ExitStatus status = worker.process().exitStatus().orElseThrow();
        if (worker.isReady()) {
            inVain.set(0);
        }
        WorkerDiedException death = WorkerDeath.of(worker.process(), status, oomKills);
        boolean vain = !worker.isReady() && inVain.addAndGet(status.signalName().equals("SIGKILL") ? KILLED : ENDED) >= MOST_IN_VAIN;
        if (!JvmExit.isUnderWay()) {
            // Else whoever waits for a result does not get another one than this: the end.
            crew.left(worker, death, retries);
        }
        ledger.ended(worker);
        taken = false;
        try {
            worker.close();
        } finally {
            rings.leave();
        }
        if (vain) {
            crew.breakDown("worker after worker ended before it was ready", death);
        }
    }
}
