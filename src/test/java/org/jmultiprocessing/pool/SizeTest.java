package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many workers there are, and what they did. */
@Timeout(60)
class SizeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static long pid() {
        return CurrentProcess.get().pid();
    }

    /** Passes only when so many run at the same time. */
    private static long meet(Barrier barrier) throws Exception {
        barrier.await(PATIENCE);
        return pid();
    }

    private static Set<Long> together(Pool pool, int count) throws Exception {
        Barrier barrier = new Barrier(count);
        List<AsyncResult<Long>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(pool.applyAsync(SizeTest::meet, barrier));
        }
        Set<Long> pids = new HashSet<>();
        for (AsyncResult<Long> result : results) {
            pids.add(result.get(30, TimeUnit.SECONDS));
        }
        assertEquals(count, pids.size());
        return pids;
    }

    private static List<Process> workers() {
        return Process.active().stream().filter(process -> process.name().startsWith("PoolWorker")).toList();
    }

    private static void awaitWorkers(int count) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<Process> left = workers();
        while (left.size() > count && System.nanoTime() - end < 0) {
            left.get(0).join(Duration.ofMillis(20));
            left = workers();
        }
        assertEquals(count, left.size());
    }

    @Test
    void aPoolGrowsAndShrinks() throws Exception {
        try (Pool pool = new Pool(1)) {
            assertEquals(1, pool.size());
            pool.resize(3);
            assertEquals(3, pool.size());
            together(pool, 3);
            pool.resize(1);
            awaitWorkers(1);
            Set<Long> one = new HashSet<>(pool.map(x -> pid(), List.of(1, 2, 3, 4, 5), 1));
            assertEquals(1, one.size());
            pool.resize(2);
            together(pool, 2);
            assertThrows(IllegalArgumentException.class, () -> pool.resize(0));
            pool.shutdown();
            assertThrows(RejectedExecutionException.class, () -> pool.resize(2));
        }
    }

    @Test
    void aBusyWorkerThatIsTooManyEndsAfterItsTask() throws Exception {
        Barrier begun = new Barrier(3);
        Event event = new Event();
        try (Pool pool = new Pool(2)) {
            List<AsyncResult<Long>> busy = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                busy.add(pool.applyAsync(() -> {
                    begun.await(PATIENCE);
                    event.await();
                    return pid();
                }));
            }
            begun.await(PATIENCE);
            pool.resize(1);
            event.set();
            assertNotEquals(busy.get(0).get(), busy.get(1).get());
            awaitWorkers(1);
            pool.apply(SizeTest::pid);
        }
    }

    @Test
    void idleWorkersEndAndComeBackWhenThereIsWork() throws Exception {
        try (Pool pool = Pool.builder().processes(2).idleTimeout(Duration.ofMillis(300)).build()) {
            Set<Long> first = together(pool, 2);
            awaitWorkers(0);
            assertFalse(pool.isShutdown());
            Set<Long> second = together(pool, 2);
            second.retainAll(first);
            assertEquals(Set.of(), second);
            awaitWorkers(0);
            assertNotEquals(pid(), pool.apply(SizeTest::pid));
        }
        Pool closed = Pool.builder().processes(1).idleTimeout(Duration.ofMillis(100)).build();
        closed.apply(SizeTest::pid);
        awaitWorkers(0);
        closed.shutdown();
        closed.join();
    }

    private static int pause(int millis) throws InterruptedException {
        Thread.sleep(millis);
        return millis;
    }

    @Test
    void insightsTellWhereTheTimeWent() throws Exception {
        try (Pool pool = Pool.builder().processes(1).initializer(SizeTest::pause, 150).build()) {
            pool.apply(SizeTest::pause, 30);
            pool.apply(SizeTest::pause, 300);
            for (int i = 0; i < 10; i++) {
                pool.apply(SizeTest::pid);
            }
            PoolInsights insights = pool.insights();
            PoolInsights.Worker worker = insights.workers().get(0);
            assertTrue(worker.runs());
            assertEquals(12, worker.tasks());
            assertTrue(worker.starting().toNanos() > 0, insights.toString());
            assertTrue(worker.initializing().toMillis() >= 150, insights.toString());
            assertTrue(worker.working().toMillis() >= 330 && worker.working().toMillis() < 10_000, insights.toString());
            assertTrue(worker.waiting().toNanos() > 0, insights.toString());
            assertEquals(5, insights.slowest().size());
            assertEquals(SizeTest.class.getName() + "::pause", insights.slowest().get(0).task());
            assertTrue(insights.slowest().get(0).time().toMillis() >= 300, insights.toString());
            assertTrue(insights.toString().contains(worker.name()), insights.toString());
            pool.close();
            PoolInsights.Worker ended = pool.insights().workers().get(0);
            assertFalse(ended.runs());
            assertTrue(ended.exiting().toNanos() > 0, pool.insights().toString());
        }
    }
}
