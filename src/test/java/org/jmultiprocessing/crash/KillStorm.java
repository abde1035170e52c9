package org.jmultiprocessing.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.process.Process;

/** Threads that start children and kill them at any moment of their lives, in the middle of their start for the most part. */
public final class KillStorm {
    private static final int LONGEST_LIFE_MILLIS = 100;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger killed = new AtomicInteger();
    private final long deadline;

    private KillStorm(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /**
     * @return how many children were killed
     * @throws AssertionError if one ended in another way
     */
    public static int run(int threads, Duration time, long seed) throws InterruptedException {
        KillStorm storm = new KillStorm(time);
        List<Thread> killers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Random random = new Random(seed + i);
            Thread killer = new Thread(() -> storm.killChildren(random), "killer-" + i);
            killer.start();
            killers.add(killer);
        }
        for (Thread killer : killers) {
            killer.join();
        }
        if (!storm.wrong.isEmpty()) {
            throw new AssertionError(storm.wrong.size() + " of " + storm.killed + " children ended otherwise, seed " + seed + ": " + storm.wrong);
        }
        return storm.killed.get();
    }

    private void killChildren(Random random) {
        try {
            while (System.nanoTime() < deadline) {
                killOne(random.nextInt((int) TimeUnit.MILLISECONDS.toMicros(LONGEST_LIFE_MILLIS)), random.nextBoolean());
            }
        } catch (InterruptedException | RuntimeException | Error failure) {
            wrong.add(failure.toString());
        }
    }

    private void killOne(int lifeMicros, boolean kill) throws InterruptedException {
        try (Process child = new Process(KillStorm::sleepForEver)) {
            child.start();
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(lifeMicros));
            if (kill) {
                child.kill();
            } else {
                child.terminate();
            }
            child.join();
            killed.incrementAndGet();
            String expected = kill ? "-SIGKILL" : "-SIGTERM";
            String actual = child.exitStatus().orElseThrow().toString();
            if (!expected.equals(actual)) {
                wrong.add(expected + " after " + lifeMicros + " us gave " + actual);
            }
        }
    }

    private static void sleepForEver() throws InterruptedException {
        Thread.currentThread().join();
    }
}
