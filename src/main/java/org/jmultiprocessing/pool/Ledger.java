package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What is to be told of workers and tasks. Safe for any number of threads. */
final class Ledger {
    private static final int ENDED_KEPT = 64;
    private static final int SLOWEST_KEPT = 5;

    private record Slow(WorkItem item, String worker, long nanos) { }

    private final ArrayDeque<PoolInsights.Worker> ended = new ArrayDeque<>();
    /** The longest first. */
    private final List<Slow> slowest = new ArrayList<>();
    private volatile long shortestKept = -1;

    /** A task has ended, for better or worse. */
    void finished(WorkItem item, WorkerLink worker, long nanos) {
        if (nanos > shortestKept) {
            keep(new Slow(item, worker.name(), nanos));
        }
    }

    private synchronized void keep(Slow slow) {
        int place = slowest.size();
        while (place > 0 && slowest.get(place - 1).nanos < slow.nanos) {
            place--;
        }
        slowest.add(place, slow);
        if (slowest.size() > SLOWEST_KEPT) {
            slowest.remove(SLOWEST_KEPT);
        }
        if (slowest.size() == SLOWEST_KEPT) {
            shortestKept = slowest.get(SLOWEST_KEPT - 1).nanos;
        }
    }

    synchronized void ended(WorkerLink worker) {
        ended.add(tell(worker, false));
        if (ended.size() > ENDED_KEPT) {
            ended.remove();
        }
    }

    synchronized PoolInsights tell(Collection<WorkerLink> alive) {
        List<PoolInsights.Worker> workers = new ArrayList<>();
        for (WorkerLink worker : alive) {
            workers.add(tell(worker, true));
        }
        workers.addAll(ended);
        List<PoolInsights.SlowTask> tasks = new ArrayList<>();
        for (Slow slow : slowest) {
            tasks.add(new PoolInsights.SlowTask(slow.item.describe(), slow.worker, Duration.ofNanos(slow.nanos)));
        }
        return new PoolInsights(workers, tasks);
    }

    private static PoolInsights.Worker tell(WorkerLink worker, boolean runs) {
        Board board = worker.board();
        long now = System.nanoTime();
        long started = board.get(Board.STARTED);
        long initializing = board.get(Board.INITIALIZING);
        long ready = board.get(Board.READY);
        long exiting = board.get(Board.EXITING);
        long worked = board.get(Board.WORKED);
        long waited = board.get(Board.WAITED);
        if (runs && ready != 0 && exiting == 0) {
            // What its present task, or the want of one, adds to what it has noted.
            long rest = Math.max(0, now - ready - worked - waited);
            worked += worker.isAtWork() ? rest : 0;
            waited += worker.isAtWork() ? 0 : rest;
        }
        return new PoolInsights.Worker(worker.name(), worker.pid(), runs, board.get(Board.TASKS),
                between(worker.begun(), started == 0 ? now : started), between(initializing, ready == 0 && initializing != 0 ? now : ready),
                Duration.ofNanos(waited), Duration.ofNanos(worked), exiting == 0 ? Duration.ZERO : between(exiting, now));
    }

    private static Duration between(long from, long to) {
        return Duration.ofNanos(Math.max(0, to - from));
    }
}
