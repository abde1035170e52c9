package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.sync.Event;
import org.jmultiprocessing.task.Function0;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool as an {@link ExecutorService}. */
@Timeout(60)
class ExecutorTest {
    private static long pid() {
        return CurrentProcess.get().pid();
    }

    private static int square(int x) {
        return x * x;
    }

    private static Function0<Integer> waiting(Event event, int value) {
        return () -> {
            event.await();
            return value;
        };
    }

    private static Function0<Integer> failing(String text) {
        return () -> {
            throw new IllegalStateException(text);
        };
    }

    /** A task that says itself that it is serializable. */
    private record Pid() implements Callable<Long>, Serializable {
        @Override
        public Long call() {
            return pid();
        }
    }

    @Test
    void submitOnAPoolTakesLambdas() throws Exception {
        Event event = new Event();
        try (Pool pool = new Pool(1)) {
            assertEquals(1, pool.submit(() -> 1).get());
            assertNotEquals(pid(), pool.submit(ExecutorTest::pid).get());
            assertNull(pool.submit(() -> {
                event.set();
            }).get());
            assertTrue(event.isSet());
            event.clear();
            pool.execute(() -> event.set());
            event.await();
        }
    }

    @Test
    void anExecutorServiceTakesWhatIsSerializable() throws Exception {
        try (Pool pool = new Pool(1)) {
            ExecutorService executor = pool;
            assertNotEquals(pid(), executor.submit(new Pid()).get());
            assertEquals("there", executor.submit((Runnable & Serializable) () -> { }, "there").get());
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> executor.submit(() -> 1));
            assertTrue(refused.getMessage().contains("applyAsync") && refused.getMessage().contains("asExecutor()"), refused.getMessage());
            assertThrows(IllegalArgumentException.class, () -> executor.execute(() -> { }));
            assertThrows(IllegalArgumentException.class, () -> executor.submit(() -> { }, 1));
            assertThrows(NullPointerException.class, () -> executor.submit((Callable<Integer>) null));
        }
    }

    @Test
    void asExecutorServesCompletableFutures() throws Exception {
        try (Pool pool = new Pool(1)) {
            CompletableFuture<Integer> future = CompletableFuture.supplyAsync(() -> {
                try {
                    return pool.apply(ExecutorTest::square, 5);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }, pool.asExecutor());
            assertEquals(25, future.get(10, TimeUnit.SECONDS));
            pool.shutdown();
            assertThrows(RejectedExecutionException.class, () -> pool.asExecutor().execute(() -> { }));
        }
    }

    @Test
    void invokeAllWaitsForAll() throws Exception {
        Event never = new Event();
        try (Pool pool = new Pool(2)) {
            List<Function0<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int each = i;
                tasks.add(() -> each * each);
            }
            tasks.add(failing("the last"));
            List<Future<Integer>> results = pool.invokeAll(tasks);
            for (int i = 0; i < 10; i++) {
                assertTrue(results.get(i).isDone());
                assertEquals(i * i, results.get(i).get());
            }
            assertEquals("the last", assertThrows(ExecutionException.class, results.get(10)::get).getCause().getMessage());
            results = pool.invokeAll(List.of(waiting(never, 1), () -> 2), 2, TimeUnit.SECONDS);
            assertTrue(results.get(0).isCancelled());
            assertEquals(2, results.get(1).get());
        }
    }

    @Test
    void invokeAnyTakesTheFirstThatSucceeds() throws Exception {
        Event never = new Event();
        try (Pool pool = new Pool(3)) {
            assertEquals(2, pool.invokeAny(List.of(waiting(never, 1), failing("not this"), () -> 2)));
            assertThrows(ExecutionException.class, () -> pool.invokeAny(List.of(failing("a"), failing("b"))));
            assertThrows(TimeoutException.class, () -> pool.invokeAny(List.of(waiting(never, 1)), 100, TimeUnit.MILLISECONDS));
            assertThrows(IllegalArgumentException.class, () -> pool.invokeAny(List.<Function0<Integer>>of()));
        }
    }

    @Test
    void shutdownNowGivesBackWhatWasNotBegun() throws Exception {
        Event begun = new Event();
        Event never = new Event();
        Pool pool = new Pool(1);
        AsyncResult<Integer> running = pool.submit(() -> {
            begun.set();
            never.await();
            return 0;
        });
        List<AsyncResult<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(pool.applyAsync(ExecutorTest::square, i));
        }
        begun.await();
        List<Runnable> left = pool.shutdownNow();
        assertEquals(5, left.size());
        assertTrue(pool.isShutdown());
        assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
        assertTrue(pool.isTerminated());
        assertTrue(running.isCancelled());
        assertFalse(waiting.get(3).isDone());
        left.forEach(Runnable::run);
        for (int i = 0; i < 5; i++) {
            assertEquals(i * i, waiting.get(i).get());
        }
    }

    @Test
    void awaitTerminationHasAnEnd() throws Exception {
        Pool pool = new Pool(1);
        try {
            assertFalse(pool.awaitTermination(20, TimeUnit.MILLISECONDS));
            assertFalse(pool.isTerminated());
        } finally {
            pool.close();
        }
        assertTrue(pool.awaitTermination(0, TimeUnit.SECONDS));
    }

    @Test
    void anInterruptDuringCloseTerminates() throws Exception {
        Event never = new Event();
        Pool pool = new Pool(1);
        AsyncResult<Integer> result = pool.submit(waiting(never, 1));
        Thread.currentThread().interrupt();
        pool.close();
        assertTrue(Thread.interrupted());
        assertTrue(pool.isTerminated());
        assertTrue(result.isCancelled());
    }
}
