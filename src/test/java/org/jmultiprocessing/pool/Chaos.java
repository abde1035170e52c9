package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.errors.WorkerDiedException;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sharedmemory.SharedIntArray;

/**
 * Tasks on workers that are killed at random. Each task counts up a number of its own in shared memory, so that it is known how often it has begun.
 */
final class Chaos {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = 1_000_000;

    private final int tasks;
    private final int workers;
    private final int retries;
    private final Duration pause;
    private final Random random;
    private final List<Long> killed = new ArrayList<>();
    /** Tasks that have ended, one way or the other. */
    private final AtomicInteger ended = new AtomicInteger();

    /** What happened. */
    record Outcome(int results, int deaths, int kills) { }

    Chaos(int tasks, int workers, int retries, Duration pause, long seed) {
        this.tasks = tasks;
        this.workers = workers;
        this.retries = retries;
        this.pause = pause;
        this.random = new Random(seed);
    }

    private static long task(SharedIntArray begun, int index, int micros) {
        begun.add(index, 1);
        long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        return index * 1_000_000L + CurrentProcess.get().pid() % 1_000_000;
    }

    /** Submits, kills and waits; throws an AssertionError if a task has no end, the wrong one, or was begun too often. */
    Outcome run() throws InterruptedException {
        SharedIntArray begun = SharedIntArray.raw(tasks);
        AtomicBoolean over = new AtomicBoolean();
        Thread killer = new Thread(() -> kill(over), "pool-killer");
        int results = 0;
        int deaths = 0;
        try (begun; Pool pool = Pool.builder().processes(workers).retries(retries).build()) {
            pool.apply(() -> CurrentProcess.get().isAlive());
            killer.start();
            List<AsyncResult<Long>> all = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                AsyncResult<Long> result = pool.applyAsync(Chaos::task, begun, i, random.nextInt(600));
                result.whenComplete((value, failure) -> ended.incrementAndGet());
                all.add(result);
            }
            for (int i = 0; i < tasks; i++) {
                boolean succeeds = succeeds(all.get(i), i);
                if (succeeds) {
                    results++;
                } else {
                    deaths++;
                }
                // A worker may be killed between its claim and the function's first line.
                check(begun.get(i) >= (succeeds ? 1 : 0) && begun.get(i) <= 1 + retries, "task " + i + " was begun " + begun.get(i) + " times");
            }
            over.set(true);
            LockSupport.unpark(killer);
            killer.join();
        } finally {
            over.set(true);
        }
        return new Outcome(results, deaths, killed.size());
    }

    private boolean succeeds(AsyncResult<Long> result, int index) throws InterruptedException {
        try {
            long value = result.get(PATIENCE);
            check(value / 1_000_000 == index, "task " + index + " has the result of " + value / 1_000_000);
            return true;
        } catch (ExecutionException e) {
            check(e.getCause() instanceof WorkerDiedException, "task " + index + " failed with " + e.getCause());
            WorkerDiedException died = (WorkerDiedException) e.getCause();
            synchronized (killed) {
                check(killed.contains(died.pid()), "task " + index + " blames " + died.pid() + ", which nobody killed: " + died.getMessage());
            }
            return false;
        } catch (TimeoutException e) {
            throw new AssertionError("task " + index + " does not end", e);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Not faster than workers come: where these take longer than the pause to be ready, none would ever do a task. */
    private void awaitEndOtherThan(int before, AtomicBoolean over) {
        while (ended.get() == before && !over.get()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void kill(AtomicBoolean over) {
        while (!over.get()) {
            int before = ended.get();
            LockSupport.parkNanos(pause.toNanos());
            awaitEndOtherThan(before, over);
            List<Process> alive = Process.active().stream().filter(process -> process.name().startsWith("PoolWorker")).toList();
            if (!alive.isEmpty() && !over.get()) {
                Process victim = alive.get(random.nextInt(alive.size()));
                synchronized (killed) {
                    killed.add(victim.pid().orElseThrow());
                }
                victim.kill();
            }
        }
    }
}
