package org.jmultiprocessing.pool;

import java.util.HashSet;
import java.util.Set;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.arena.ByteQueue;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.Process;

/**
 * A worker process as the pool sees it: a ring of tasks to it, a ring of results from it, and what it has been given. What changes is under the lock
 * of the {@link Crew}, but for the results ring, which the worker's {@link Seat} reads.
 */
final class WorkerLink implements AutoCloseable {
    /** Tasks that a worker has at most. */
    private static final int WIDEST = 64;
    /** As long as this should last what a worker has besides the task that it runs. */
    private static final long AHEAD_NANOS = 2_000_000;
    /** Bytes that a worker has at most, unless a single task has more. */
    private static final long MOST_BYTES = 4 << 20;

    private final ByteQueue tasks;
    private final ByteQueue results;
    private final Board board;
    private final Process process;
    private final int mostTasks;
    private final Set<SentFunction> known = new HashSet<>();
    private final WorkItem[] given = new WorkItem[Board.CLAIMS];
    private final long begun = System.nanoTime();
    private final String name;
    private final long pid;

    /** The number of the task that it will have next, and of the oldest that it has. */
    private int next = 1;
    private int oldest = 1;
    private int load;
    private long bytes;
    private long finished;
    private long average = -1;
    private long progress;
    private boolean ready;
    private boolean stopping;

    private WorkerLink(Workshop workshop) {
        ByteQueue taskRing = null;
        ByteQueue resultRing = null;
        Board shared = null;
        Process started = null;
        try {
            taskRing = ByteQueue.create(0, 0, false);
            resultRing = ByteQueue.create(0, 0, false);
            shared = Board.create();
            byte[] init = workshop.init();
            put(taskRing, init, init.length);
            Builder options = workshop.process(WorkerMain.start(taskRing, resultRing, shared, workshop.memoryLimit()));
            started = options.build();
            workshop.name(started);
            started.start();
        } finally {
            if (started == null || started.pid().isEmpty()) {
                discard(taskRing, resultRing, shared);
            }
        }
        this.tasks = taskRing;
        this.results = resultRing;
        this.board = shared;
        this.process = started;
        this.mostTasks = workshop.mostTasks();
        this.name = started.name();
        this.pid = started.pid().orElseThrow();
    }

    /**
     * Starts a worker. Blocks until the new program is executing.
     *
     * @throws org.jmultiprocessing.errors.OsException if the system refuses
     * @throws org.jmultiprocessing.errors.SerializationException if the initializer cannot travel
     */
    static WorkerLink start(Workshop workshop) {
        return new WorkerLink(workshop);
    }

    private static void discard(ByteQueue tasks, ByteQueue results, Board board) {
        if (board != null) {
            board.close();
        }
        if (results != null) {
            results.close();
        }
        if (tasks != null) {
            tasks.close();
        }
    }

    private static void put(ByteQueue ring, byte[] bytes, int length) {
        ByteQueue.Outcome outcome = ring.offer(bytes, 0, length);
        if (outcome != ByteQueue.Outcome.DONE) {
            throw new IllegalStateException("a ring without a bound took nothing: " + outcome);
        }
    }

    Process process() {
        return process;
    }

    String name() {
        return name;
    }

    long pid() {
        return pid;
    }

    /** When the pool began to start it. */
    long begun() {
        return begun;
    }

    ByteQueue results() {
        return results;
    }

    Board board() {
        return board;
    }

    // ---- what it has ----

    int load() {
        return load;
    }

    boolean isIdle() {
        return ready && load == 0;
    }

    /** When it was last seen to finish something, or was given something to begin with, or became ready. */
    long progress() {
        return progress;
    }

    boolean isAtWork() {
        return load > 0;
    }

    boolean isReady() {
        return ready;
    }

    boolean isStopping() {
        return stopping;
    }

    void becomeReady(long now) {
        ready = true;
        progress = now;
    }

    /** Whether it may have one more task now. */
    boolean hasRoom() {
        return ready && !stopping && load < window() && (bytes < MOST_BYTES || load < 2) && next - oldest < Board.CLAIMS
                && (mostTasks == 0 || finished + load < mostTasks);
    }

    private int window() {
        if (average < 0) {
            return 2;
        }
        return average == 0 ? WIDEST : (int) Math.min(WIDEST, 1 + AHEAD_NANOS / average);
    }

    /** Whether it has been at one task for so long that those behind it should not wait for it. */
    boolean isStuck(long now) {
        return load > 1 && now - progress > AHEAD_NANOS;
    }

    boolean hasHadItsTasks() {
        return mostTasks > 0 && finished >= mostTasks;
    }

    /**
     * Gives it a task.
     *
     * @throws org.jmultiprocessing.errors.OsException if shared memory is full; it does not have it then
     */
    void give(WorkItem item, long now) {
        SentFunction function = item.function();
        if (function != null && !known.contains(function)) {
            put(tasks, function.frame(), function.length());
            known.add(function);
        }
        item.number = next;
        board.offer(next);
        put(tasks, item.numbered(), item.length());
        given[next & Board.CLAIMS - 1] = item;
        item.worker = this;
        next++;
        bytes += item.length();
        if (load++ == 0) {
            progress = now;
        }
    }

    /** The task of a number that has a result; null if the pool has taken it away meanwhile. */
    WorkItem finish(int number, long nanos, long now) {
        progress = now;
        finished++;
        average = average < 0 ? nanos : average + (nanos - average >> 2);
        return remove(number);
    }

    /** The task of a number, if it still has it. */
    private WorkItem at(int number) {
        WorkItem item = given[number & Board.CLAIMS - 1];
        return item == null || item.number != number ? null : item;
    }

    private WorkItem remove(int number) {
        WorkItem item = at(number);
        if (item == null) {
            return null;
        }
        given[number & Board.CLAIMS - 1] = null;
        item.worker = null;
        bytes -= item.length();
        load--;
        while (oldest != next && given[oldest & Board.CLAIMS - 1] == null) {
            oldest++;
        }
        return item;
    }

    /** Takes a task back unless it has begun; returns whether. */
    boolean takeBack(WorkItem item) {
        return board.takeBack(item.number) && remove(item.number) == item;
    }

    /** Takes back the newest task that it has not begun; null if there is none. */
    WorkItem takeBackNewest() {
        for (int number = next - 1; number - oldest >= 0; number--) {
            WorkItem item = at(number);
            if (item != null) {
                return takeBack(item) ? item : null;
            }
        }
        return null;
    }

    /** The task that it runs, or is about to; null if it has none. */
    WorkItem current() {
        return load == 0 ? null : at(oldest);
    }

    boolean isRunning(WorkItem item) {
        return board.isBegun(item.number);
    }

    /** Takes its {@link #current} task from a worker that has ended. */
    void lose(WorkItem item) {
        remove(item.number);
    }

    /** Lets it forget a function that no task will have again. */
    void forget(SentFunction function) {
        if (known.remove(function)) {
            byte[] frame = new byte[8];
            frame[0] = Frames.FORGET;
            Frames.setInt(frame, 1, function.id());
            try {
                put(tasks, frame, 5);
            } catch (OsException full) {
                // Then it keeps a function that it does not need.
                known.add(function);
            }
        }
    }

    /** Lets it end when it has done what it has. */
    void stop() {
        if (!stopping) {
            stopping = true;
            try {
                put(tasks, new byte[] {Frames.STOP, 0, 0, 0, 0, 0, 0, 0}, 1);
            } catch (OsException full) {
                // No room for a byte in shared memory. What it has not begun goes to another worker, or fails there.
                process.terminate();
            }
        }
    }

    /** Once the process has ended and its results are read. */
    @Override
    public void close() {
        discard(tasks, results, board);
        process.close();
    }
}
