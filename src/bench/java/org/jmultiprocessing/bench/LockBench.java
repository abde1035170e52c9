package org.jmultiprocessing.bench;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sharedmemory.SharedInt;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.Held;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.sync.RLock;
import org.jmultiprocessing.sync.Semaphore;
import org.jmultiprocessing.task.Task1;

/** What is taken and given back: by one process, and by two that contend. */
final class LockBench {
    private static final int PAIRS = 1_000_000;
    private static final int INCREMENTS = 500_000;
    /** Between two looks at the clock. */
    private static final int BURST = 100;
    private static final int CHILDREN = 2;
    private static final double SECONDS = 1;
    private static final double QUICK_SECONDS = 0.2;

    private LockBench() {
    }

    static List<BenchCase> cases() {
        return List.of(
                new BenchCase("lock_uncontended",
                        "ns per acquire() + release() of a Lock() by one process, loop included; 100 000 not counted, then 5 reps of 1 M.",
                        List.of(Goal.of("lock_uncontended", 0.5)), LockBench::lock),
                new BenchCase("rlock_uncontended", "ns as lock_uncontended, for an RLock().", List.of(), LockBench::rlock),
                new BenchCase("semaphore_uncontended", "ns as lock_uncontended, for a Semaphore(1).",
                        List.of(Goal.of("semaphore_uncontended", 0.5)), LockBench::semaphore),
                new BenchCase("lock_contended_2p",
                        "ops/s in total: 2 child processes do acquire() + release() on one Lock() for 1 s (clock read every 100 pairs; both "
                                + "released by a Barrier); 5 reps.",
                        List.of(Goal.of("lock_contended_2p", 1)), LockBench::lockContended),
                new BenchCase("semaphore_contended_2p", "ops/s as lock_contended_2p, for one Semaphore(1).",
                        List.of(Goal.of("semaphore_contended_2p", 1)), LockBench::semaphoreContended),
                new BenchCase("value_increment_contended_2p",
                        "ops/s in total: 2 child processes do 'with v.get_lock(): v.value += 1' on one Value('i') for 1 s; 5 reps; the final value "
                                + "is checked.",
                        List.of(), LockBench::valueContended),
                new BenchCase("value_increment_locked",
                        "ns per 'with v.get_lock(): v.value += 1' on a Value('i') by one process; 50 000 not counted, then 5 reps of 500 000.",
                        List.of(Goal.of("value_increment_locked", 0.15)), LockBench::value));
    }

    // ---- one process ----

    private static Map<String, Samples> lock(Scale scale) throws InterruptedException {
        Lock lock = new Lock();
        return Map.of("lock_uncontended", new Samples("ns", Timed.each(scale, PAIRS, 1, count -> {
            for (int i = 0; i < count; i++) {
                lock.acquire();
                lock.release();
            }
        })));
    }

    private static Map<String, Samples> rlock(Scale scale) throws InterruptedException {
        RLock lock = new RLock();
        return Map.of("rlock_uncontended", new Samples("ns", Timed.each(scale, PAIRS, 1, count -> {
            for (int i = 0; i < count; i++) {
                lock.acquire();
                lock.release();
            }
        })));
    }

    private static Map<String, Samples> semaphore(Scale scale) throws InterruptedException {
        Semaphore semaphore = new Semaphore(1);
        return Map.of("semaphore_uncontended", new Samples("ns", Timed.each(scale, PAIRS, 1, count -> {
            for (int i = 0; i < count; i++) {
                semaphore.acquire();
                semaphore.release();
            }
        })));
    }

    private static Map<String, Samples> value(Scale scale) throws InterruptedException {
        SharedInt value = new SharedInt(0);
        return Map.of("value_increment_locked", new Samples("ns", Timed.each(scale, INCREMENTS, 1, count -> increment(value, count))));
    }

    private static void increment(SharedInt value, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            try (Held held = value.hold()) {
                value.set(value.get() + 1);
            }
        }
    }

    // ---- two processes ----

    /** How often and how long a child hammers. */
    private record Rounds(int count, long nanos) implements Serializable { }

    private static void hammer(Task1<Integer> burst, Barrier start, Connection result, Rounds rounds) throws Exception {
        for (int round = 0; round < rounds.count(); round++) {
            start.await();
            long begin = System.nanoTime();
            long operations = 0;
            while (System.nanoTime() - begin < rounds.nanos()) {
                burst.run(BURST);
                operations += BURST;
            }
            result.send(operations);
        }
        result.close();
    }

    private static Map<String, Samples> lockContended(Scale scale) throws InterruptedException {
        Lock lock = new Lock();
        return contended("lock_contended_2p", scale, count -> {
            for (int i = 0; i < count; i++) {
                lock.acquire();
                lock.release();
            }
        }, total -> { });
    }

    private static Map<String, Samples> semaphoreContended(Scale scale) throws InterruptedException {
        Semaphore semaphore = new Semaphore(1);
        return contended("semaphore_contended_2p", scale, count -> {
            for (int i = 0; i < count; i++) {
                semaphore.acquire();
                semaphore.release();
            }
        }, total -> { });
    }

    private static Map<String, Samples> valueContended(Scale scale) throws InterruptedException {
        SharedInt value = new SharedInt(0);
        return contended("value_increment_contended_2p", scale, count -> increment(value, count), total -> {
            if (value.get() != (int) total) {
                throw new IllegalStateException("lost increments: " + value.get() + " != " + total);
            }
        });
    }

    private static Map<String, Samples> contended(String name, Scale scale, Task1<Integer> burst, LongConsumer check) throws InterruptedException {
        double seconds = scale.quick() ? QUICK_SECONDS : SECONDS;
        Rounds rounds = new Rounds(scale.repetitions(Timed.REPETITIONS), (long) (seconds * Timed.NANOS_PER_SECOND));
        Barrier start = new Barrier(CHILDREN);
        Process[] children = new Process[CHILDREN];
        Connection[] results = new Connection[CHILDREN];
        for (int i = 0; i < CHILDREN; i++) {
            Pipe pipe = Pipe.oneWay();
            try (Connection writer = pipe.writer()) {
                children[i] = new Process(LockBench::hammer, burst, start, writer, rounds);
                children[i].start();
            }
            results[i] = pipe.reader();
        }
        double[] samples = new double[rounds.count()];
        long total = 0;
        for (int i = 0; i < samples.length; i++) {
            long operations = 0;
            for (Connection result : results) {
                operations += (Long) result.recv();
            }
            samples[i] = operations / seconds;
            total += operations;
        }
        for (Connection result : results) {
            result.close();
        }
        Children.end(children);
        check.accept(total);
        return Map.of(name, new Samples("ops/s", samples));
    }
}
