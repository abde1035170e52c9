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
    private final SeatCount seats = new SeatCount();
    private final Crew crew;
    private final CrewEngine engine;
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
        this.crew = new Crew(aftermath, builder.maxTasksInFlight, builder.taskTimeout);
        int processes = builder.processes;
        this.engine = new CrewEngine(crew, aftermath, () -> processes);
        Workshop workshop = new Workshop(builder);
        AtomicInteger inVain = new AtomicInteger();
        List<Seat> places = new ArrayList<>();
        boolean started = false;
        try {
            for (int i = 0; i < processes; i++) {
                Seat seat = new Seat(crew, workshop, aftermath, seats, builder.retries, inVain);
                seat.startWorker();
                places.add(seat);
            }
            started = true;
        } finally {
            if (!started) {
                places.forEach(Seat::abandon);
            }
        }
        for (int i = 0; i < processes; i++) {
            places.get(i).occupy(name + "-worker-" + (i + 1));
        }
        JvmExit.waitFor(seats);
    }

    /** @return what can be set before a pool is made */
    public static PoolBuilder builder() {
        return new PoolBuilder();
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
