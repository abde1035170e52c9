package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool of worker processes ({@code multiprocessing.Pool}). Each worker runs one task at a time, in the main thread of its JVM. Functions,
 * arguments and results travel, encoded and decoded in the threads of those who give and get them, who also get what goes wrong with that.
 *
 * <p>A worker that dies, killed by the system perhaps, fails the task that it ran with a {@link org.jmultiprocessing.errors.WorkerDiedException},
 * and is replaced; nothing else is lost. Tasks begin in the order in which they were submitted, unless a worker dies or is slow. Workers ignore
 * Ctrl-C, which is for this process to handle; they end when this process does. Tasks may have pools and processes of their own.
 */
public final class Pool extends TaskPool {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name = "jmp-pool-" + NUMBERS.incrementAndGet();
    private final Aftermath aftermath = new Aftermath(name);
    private final Ledger ledger = new Ledger();
    private final Tally seats = new Tally(false);
    private final Tally rings = new Tally(true);
    private final AtomicInteger inVain = new AtomicInteger();
    private final AtomicInteger seatNumbers = new AtomicInteger();
    private final Crew crew;
    private final CrewEngine engine;
    private final Workshop workshop;
    private final int retries;
    private final LocalExecutor local = new LocalExecutor(this, name);

    /** A pool with as many workers as there are CPUs. */
    public Pool() {
        this(builder());
    }

    /**
     * A pool.
     *
     * @param processes how many workers it has
     * @throws IllegalArgumentException {@code Number of processes must be at least 1}
     */
    public Pool(int processes) {
        this(builder().processes(processes));
    }

    Pool(PoolBuilder builder) {
        this.crew = new Crew(aftermath, ledger, builder);
        this.engine = new CrewEngine(crew, aftermath, ProgressBars.titled(builder.progress));
        this.workshop = new Workshop(builder);
        this.retries = builder.retries;
        addSeats(builder.processes);
    }

    /** All or none. */
    private void addSeats(int count) {
        List<Seat> added = new ArrayList<>();
        boolean started = false;
        try {
            for (int i = 0; i < count; i++) {
                Seat seat = new Seat(crew, workshop, aftermath, ledger, seats, rings, retries, inVain);
                seat.startWorker();
                added.add(seat);
            }
            started = true;
        } finally {
            if (!started) {
                added.forEach(Seat::abandon);
            }
        }
        for (Seat seat : added) {
            seat.occupy(name + "-worker-" + seatNumbers.incrementAndGet());
        }
    }

    /** @return what can be set before a pool is made */
    public static PoolBuilder builder() {
        return new PoolBuilder();
    }

    /**
     * Changes how many workers there are. More are started at once; of those that are too many, idle ones end first, others after their task.
     *
     * @param processes how many there shall be
     * @throws IllegalArgumentException {@code Number of processes must be at least 1}
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     * @throws org.jmultiprocessing.errors.OsException if the system refuses a process or memory
     */
    public void resize(int processes) {
        if (processes < 1) {
            throw new IllegalArgumentException("Number of processes must be at least 1");
        }
        int before = crew.size();
        int missing = crew.resize(processes);
        boolean added = false;
        try {
            addSeats(missing);
            added = true;
        } finally {
            if (!added) {
                crew.didNotGrow(missing, before);
            }
        }
    }

    /** @return how many workers the pool is to have */
    public int size() {
        return crew.size();
    }

    /** @return what the workers did with their time; to be printed, or looked at */
    public PoolInsights insights() {
        return ledger.tell(crew.workers());
    }

    @Override
    Engine engine() {
        return engine;
    }

    @Override
    void check(Object task) {
        requireSerializable(task);
    }

    @Override
    public Executor asExecutor() {
        return local;
    }

    @Override
    public void shutdown() {
        crew.close();
    }

    @Override
    public void terminate() {
        crew.terminate(true);
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> left = new ArrayList<>();
        for (WorkItem item : crew.terminate(false)) {
            left.add(new LeftTask(item));
        }
        return left;
    }

    @Override
    public boolean isShutdown() {
        return !crew.isRunning();
    }

    @Override
    public boolean isTerminated() {
        return !crew.isRunning() && seats.isZero();
    }

    @Override
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return seats.await(timeout);
    }

    /** @return the pool's name and state */
    @Override
    public String toString() {
        return name + "[" + engine.size() + " workers, " + (crew.isRunning() ? "running" : isTerminated() ? "ended" : "closed") + "]";
    }
}
