package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a pool's workers did with their time ({@link Pool#insights}).
 *
 * @param workers those that run, and up to 64 that have ended, the latest
 * @param slowest the five tasks that took longest, the longest first
 */
public record PoolInsights(List<Worker> workers, List<SlowTask> slowest) {
    /**
     * Checks its parts.
     *
     * @param workers of the pool
     * @param slowest tasks
     */
    public PoolInsights {
        workers = List.copyOf(workers);
        slowest = List.copyOf(slowest);
    }

    /**
     * A worker's time.
     *
     * @param name the process's name
     * @param pid its id
     * @param runs whether it has not ended
     * @param tasks how many it has done
     * @param starting from the pool's decision to its first line
     * @param initializing in the initializer
     * @param waiting for tasks
     * @param working on tasks, that of now included
     * @param exiting from its last task to its end; zero if it runs, or was killed
     */
    public record Worker(String name, long pid, boolean runs, long tasks, Duration starting, Duration initializing, Duration waiting,
            Duration working, Duration exiting) { }

    /**
     * A task that took long.
     *
     * @param task what it calls
     * @param worker the name of the worker that ran it
     * @param time how long it ran
     */
    public record SlowTask(String task, String worker, Duration time) { }

    /** @return a table for people to read */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-20s %8s %7s %10s %10s %10s %10s %10s%n", "worker", "pid", "tasks",
                "starting", "initial.", "waiting", "working", "exiting"));
        for (Worker worker : workers) {
            text.append(String.format(Locale.ROOT, "%-20s %8d %7d %10s %10s %10s %10s %10s%n", worker.name, worker.pid, worker.tasks,
                    seconds(worker.starting), seconds(worker.initializing), seconds(worker.waiting), seconds(worker.working),
                    worker.runs ? "" : seconds(worker.exiting)));
        }
        for (SlowTask task : slowest) {
            text.append(String.format(Locale.ROOT, "%10s %s in %s%n", seconds(task.time), task.task, task.worker));
        }
        return text.toString();
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
    }
}
