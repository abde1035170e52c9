package org.jmultiprocessing.bench;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.internal.registry.Diagnostics;
import org.jmultiprocessing.pool.AsyncResult;
import org.jmultiprocessing.pool.Pool;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.Semaphore;

/** Tasks in pools of two workers. */
final class PoolBench {
    private static final int WORKERS = 2;
    private static final int STARTS = 10;
    private static final int ROUND_TRIPS = 3_000;
    private static final int IN_FLIGHT = 10_000;
    private static final int ELEMENTS = 100_000;
    private static final int EXECUTOR_ELEMENTS = 20_000;
    private static final int EXECUTOR_CHUNK = 100;
    private static final int BYTE_STRINGS = 200;
    private static final int BYTES = 1_000_000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long IDLE_NANOS = 50_000_000;

    /** In a worker. */
    private static Barrier met;

    private PoolBench() {
    }

    static List<BenchCase> cases() {
        return List.of(
                starting(StartMethod.SPAWN),
                starting(StartMethod.FORKSERVER, Goal.of("pool_start_forkserver", 0.7)),
                starting(StartMethod.FORK),
                new BenchCase("pool_first_task",
                        "ms per Pool(1).apply(noop, (i,)) that is the first task of a worker, which is ready and idle for 50 ms, by each start "
                                + "method in turn; 1 pool of each not counted, then 10. Beside those of forked workers that of spawned ones.",
                        List.of(Goal.ofOurs("pool_first_task_forkserver", 1.0, "pool_first_task_spawn"),
                                Goal.ofOurs("pool_first_task_fork", 1.0, "pool_first_task_spawn")),
                        PoolBench::firstTask),
                new BenchCase("pool_apply",
                        "µs per Pool(2).apply(noop, (i,)), one after another; 300 not counted, then 5 reps of 3 000.",
                        List.of(Goal.handOver("pool_apply", 0.3)), PoolBench::apply),
                new BenchCase("pool_apply_async_throughput",
                        "tasks/s: 10 000 Pool(2).apply_async(noop, (i,)) put in flight, then get() of each in order; from the first submit "
                                + "to the last get; 1 rep not counted, then 5.",
                        List.of(Goal.of("pool_apply_async_throughput", 8)), PoolBench::applyAsync),
                new BenchCase("pool_map_chunk1",
                        "tasks/s: Pool(2).map(noop, range(100 000), chunksize=1); 10 000 not counted, then 5 reps.",
                        List.of(Goal.of("pool_map_chunk1", 8)),
                        scale -> tasks("pool_map_chunk1", scale, ELEMENTS, (pool, count) -> pool.map(PoolBench::same, range(count), 1).size())),
                new BenchCase("pool_map_auto",
                        "tasks/s: Pool(2).map(noop, range(100 000)), chunk size left to map (len / 8 rounded up = 12 500); 10 000 not "
                                + "counted, then 5 reps.",
                        List.of(Goal.of("pool_map_auto", 2)),
                        scale -> tasks("pool_map_auto", scale, ELEMENTS, (pool, count) -> pool.map(PoolBench::same, range(count)).size())),
                new BenchCase("pool_imap_unordered_chunk1",
                        "tasks/s: all results of Pool(2).imap_unordered(noop, range(100 000), chunksize=1) drawn one by one; 10 000 not "
                                + "counted, then 5 reps.",
                        List.of(Goal.of("pool_imap_unordered_chunk1", 8)),
                        scale -> tasks("pool_imap_unordered_chunk1", scale, ELEMENTS,
                                (pool, count) -> drawn(pool.imapUnordered(PoolBench::same, range(count), 1)))),
                new BenchCase("pool_map_1MB",
                        "tasks/s: Pool(2).map(noop, 200 separate byte strings of 10**6 bytes, chunksize=1), each task returns its argument; 20 not "
                                + "counted, then 5 reps (MB/s one way = tasks/s).",
                        List.of(Goal.of("pool_map_1MB", 2)), PoolBench::mapBytes),
                new BenchCase("executor_submit_throughput",
                        "tasks/s: 10 000 Pool(2).submit(noop, i) put in flight, then get() of each in order, beside ProcessPoolExecutor(2); "
                                + "1 000 not counted, then 5 reps.",
                        List.of(Goal.of("executor_submit_throughput", 8)),
                        scale -> tasks("executor_submit_throughput", scale, IN_FLIGHT, PoolBench::submitted)),
                new BenchCase("executor_map_chunk1",
                        "tasks/s: all results of Pool(2).imap(noop, range(20 000), 1), beside ProcessPoolExecutor(2).map; 2 000 not "
                                + "counted, then 5 reps.",
                        List.of(Goal.of("executor_map_chunk1", 8)),
                        scale -> tasks("executor_map_chunk1", scale, EXECUTOR_ELEMENTS,
                                (pool, count) -> drawn(pool.imap(PoolBench::same, range(count), 1)))),
                new BenchCase("executor_map_chunk100",
                        "tasks/s: all results of Pool(2).imap(noop, range(100 000), 100), beside ProcessPoolExecutor(2).map; 10 000 not "
                                + "counted, then 5 reps.",
                        List.of(Goal.of("executor_map_chunk100", 2)),
                        scale -> tasks("executor_map_chunk100", scale, ELEMENTS,
                                (pool, count) -> drawn(pool.imap(PoolBench::same, range(count), EXECUTOR_CHUNK)))),
                new BenchCase("executor_submit_latency",
                        "µs per Pool(2).submit(noop, i).get(), one after another, beside ProcessPoolExecutor(2); 300 not counted, then 5 "
                                + "reps of 3 000.",
                        List.of(Goal.handOver("executor_submit_latency", 0.3)), PoolBench::submitLatency));
    }

    private static BenchCase starting(StartMethod method, Goal... goals) {
        String name = "pool_start_" + method;
        return new BenchCase(name,
                "ms from before Pool(2) (" + method + ") until 2 tasks that meet at a Barrier(2) have both answered, so both workers have; 1 not "
                        + "counted, then 10 starts; terminate not counted.",
                List.of(goals), scale -> start(name, scale, method));
    }

    private static Object same(Object element) {
        return element;
    }

    /** The numbers from 0, made one by one as Python's {@code range}. */
    private static List<Integer> range(int count) {
        return new AbstractList<>() {
            @Override
            public Integer get(int index) {
                return index;
            }

            @Override
            public int size() {
                return count;
            }
        };
    }

    private static int drawn(Iterator<Object> results) {
        int count = 0;
        while (results.hasNext()) {
            results.next();
            count++;
        }
        return count;
    }

    // ---- start ----

    private static void remember(Barrier barrier) {
        met = barrier;
    }

    private static Object meet(Object element) throws InterruptedException, BrokenBarrierException {
        met.await();
        return element;
    }

    private static Map<String, Samples> start(String name, Scale scale, StartMethod method) throws InterruptedException {
        double[] samples = new double[scale.repetitions(STARTS)];
        for (int i = -1; i < samples.length; i++) {
            Barrier barrier = new Barrier(WORKERS);
            long begin = System.nanoTime();
            Pool pool = Pool.builder().processes(WORKERS).initializer(PoolBench::remember, barrier)
                    .process(options -> options.startMethod(method)).build();
            pool.map(PoolBench::meet, range(WORKERS), 1);
            if (i >= 0) {
                samples[i] = (System.nanoTime() - begin) / NANOS_PER_MILLI;
            }
            pool.terminate();
            pool.join();
            if (i < 0) {
                Diagnostics.settle();
            }
        }
        return Map.of(name, new Samples("ms", samples));
    }

    private static void tell(Semaphore ready) {
        ready.release();
    }

    private static Map<String, Samples> firstTask(Scale scale) throws InterruptedException {
        StartMethod[] methods = {StartMethod.SPAWN, StartMethod.FORKSERVER, StartMethod.FORK};
        double[][] samples = new double[methods.length][scale.repetitions(STARTS)];
        for (int i = -1; i < samples[0].length; i++) {
            for (int m = 0; m < methods.length; m++) {
                double millis = firstTask(methods[m]);
                if (i >= 0) {
                    samples[m][i] = millis;
                }
            }
            Diagnostics.settle();
        }
        Map<String, Samples> results = new LinkedHashMap<>();
        for (int m = 0; m < methods.length; m++) {
            results.put("pool_first_task_" + methods[m], new Samples("ms", samples[m]));
        }
        return results;
    }

    private static double firstTask(StartMethod method) throws InterruptedException {
        Semaphore ready = new Semaphore(0);
        try (Pool pool = Pool.builder().processes(1).initializer(PoolBench::tell, ready).process(options -> options.startMethod(method)).build()) {
            ready.acquire();
            LockSupport.parkNanos(IDLE_NANOS);
            long begin = System.nanoTime();
            pool.apply(PoolBench::same, 1);
            return (System.nanoTime() - begin) / NANOS_PER_MILLI;
        }
    }

    // ---- one after another ----

    private static Map<String, Samples> apply(Scale scale) throws InterruptedException {
        try (Pool pool = new Pool(WORKERS)) {
            double[] samples = Timed.each(scale, ROUND_TRIPS, Timed.NANOS_PER_MICRO, count -> {
                for (int i = 0; i < count; i++) {
                    pool.apply(PoolBench::same, i);
                }
            });
            return Map.of("pool_apply", new Samples("µs", samples));
        }
    }

    private static Map<String, Samples> submitLatency(Scale scale) throws InterruptedException {
        try (Pool pool = new Pool(WORKERS)) {
            double[] samples = Timed.each(scale, ROUND_TRIPS, Timed.NANOS_PER_MICRO, count -> {
                for (int i = 0; i < count; i++) {
                    int number = i;
                    resultOf(pool.submit(() -> same(number)));
                }
            });
            return Map.of("executor_submit_latency", new Samples("µs", samples));
        }
    }

    private static Object resultOf(Future<?> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a task that returns its argument failed", e);
        }
    }

    // ---- many at once ----

    /** Tasks done by a pool; returns how many there were. */
    private interface Work {
        int run(Pool pool, int count) throws InterruptedException;
    }

    private static Map<String, Samples> tasks(String name, Scale scale, int total, Work work) throws InterruptedException {
        return rates(name, scale, scale.operations(total), Math.max(1, scale.operations(total) / 10), work);
    }

    private static Map<String, Samples> rates(String name, Scale scale, int total, int notCounted, Work work) throws InterruptedException {
        double[] samples = new double[scale.repetitions(Timed.REPETITIONS)];
        try (Pool pool = new Pool(WORKERS)) {
            for (int i = -1; i < samples.length; i++) {
                int count = i < 0 ? notCounted : total;
                long begin = System.nanoTime();
                int got = work.run(pool, count);
                double seconds = (System.nanoTime() - begin) / Timed.NANOS_PER_SECOND;
                if (got != count) {
                    throw new IllegalStateException(got + " results of " + count);
                }
                if (i >= 0) {
                    samples[i] = count / seconds;
                }
            }
        }
        return Map.of(name, new Samples("tasks/s", samples));
    }

    private static Map<String, Samples> applyAsync(Scale scale) throws InterruptedException {
        int total = scale.operations(IN_FLIGHT);
        return rates("pool_apply_async_throughput", scale, total, total, (pool, count) -> {
            List<AsyncResult<Object>> results = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                results.add(pool.applyAsync(PoolBench::same, i));
            }
            for (AsyncResult<Object> result : results) {
                resultOf(result);
            }
            return results.size();
        });
    }

    private static int submitted(Pool pool, int count) throws InterruptedException {
        List<Future<Object>> futures = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            futures.add(pool.submit(() -> same(number)));
        }
        for (Future<Object> future : futures) {
            resultOf(future);
        }
        return futures.size();
    }

    private static Map<String, Samples> mapBytes(Scale scale) throws InterruptedException {
        List<Object> strings = new ArrayList<>();
        for (int i = 0; i < scale.operations(BYTE_STRINGS); i++) {
            byte[] bytes = new byte[BYTES];
            Arrays.fill(bytes, (byte) i);
            strings.add(bytes);
        }
        return tasks("pool_map_1MB", scale, BYTE_STRINGS, (pool, count) -> pool.map(PoolBench::same, strings.subList(0, count), 1).size());
    }
}
