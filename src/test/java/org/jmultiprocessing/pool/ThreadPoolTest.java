package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jmultiprocessing.errors.BrokenPoolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The interface of a pool, on threads. */
@Timeout(60)
class ThreadPoolTest {
    private static int square(int x) {
        return x * x;
    }

    private static int failAt3(int x) throws IOException {
        if (x == 3) {
            throw new IOException("at " + x);
        }
        return x;
    }

    @Test
    void callsRunInOtherThreadsOnTheSameObjects() throws Exception {
        try (ThreadPool pool = new ThreadPool(2)) {
            Object same = new Object();
            assertSame(same, pool.apply(x -> x, same));
            assertTrue(pool.apply(() -> Thread.currentThread().getName()).startsWith("jmp-threads-"));
            assertEquals(9, pool.applyAsync(ThreadPoolTest::square, 3).get());
            assertEquals(1, pool.submit(() -> 1).get());
            AtomicInteger sum = new AtomicInteger();
            pool.run(sum::addAndGet, 5);
            assertEquals(5, sum.get());
            IOException thrown = assertThrows(IOException.class, () -> pool.apply(ThreadPoolTest::failAt3, 3));
            assertEquals("at 3", thrown.getMessage());
            CompletableFuture<Integer> seen = new CompletableFuture<>();
            pool.applyAsync(ThreadPoolTest::square, 4).onSuccess(seen::complete);
            assertEquals(16, seen.get(10, TimeUnit.SECONDS));
            assertEquals(25, pool.applyAsync(ThreadPoolTest::square, 5).thenApply(x -> x).get());
        }
    }

    @Test
    void mapsAreAsThoseOfProcesses() throws Exception {
        try (ThreadPool pool = new ThreadPool(3)) {
            assertEquals(List.of(0, 1, 4, 9, 16), pool.map(ThreadPoolTest::square, List.of(0, 1, 2, 3, 4)));
            assertEquals(List.of(), pool.map(ThreadPoolTest::square, List.of()));
            assertEquals(List.of(3, 7), pool.starmap((Integer a, Integer b) -> a + b, List.of(Map.entry(1, 2), Map.entry(3, 4))));
            assertThrows(IOException.class, () -> pool.map(ThreadPoolTest::failAt3, List.of(1, 2, 3, 4), 2));
            try (ResultIterator<Integer> results = pool.imap(ThreadPoolTest::failAt3, List.of(2, 3, 4))) {
                assertEquals(2, results.next());
                assertThrows(IOException.class, results::next);
                assertEquals(4, results.next());
                assertFalse(results.hasNext());
            }
            int sum = 0;
            try (ResultIterator<Integer> results = pool.imapUnordered(ThreadPoolTest::square, List.of(1, 2, 3), 2)) {
                while (results.hasNext()) {
                    sum += results.next();
                }
            }
            assertEquals(14, sum);
        }
    }

    @Test
    void cancellingInterrupts() throws Exception {
        try (ThreadPool pool = new ThreadPool(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            AsyncResult<Void> running = pool.runAsync(() -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            AsyncResult<Integer> waiting = pool.applyAsync(ThreadPoolTest::square, 2);
            begun.await();
            assertTrue(waiting.cancel(false));
            assertFalse(running.cancel(false));
            assertTrue(running.cancel(true));
            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
            assertThrows(CancellationException.class, running::get);
            assertEquals(false, pool.apply(() -> Thread.currentThread().isInterrupted()));
        }
    }

    @Test
    void itEndsAsAPoolDoes() throws Exception {
        ThreadPool pool = new ThreadPool(1);
        assertEquals("Pool is still running", assertThrows(IllegalStateException.class, pool::join).getMessage());
        List<AsyncResult<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            results.add(pool.applyAsync(ThreadPoolTest::square, i));
        }
        pool.shutdown();
        assertEquals("Pool not running", assertThrows(RejectedExecutionException.class, () -> pool.apply(ThreadPoolTest::square, 1)).getMessage());
        pool.join();
        assertEquals(99 * 99, results.get(99).get());
        ThreadPool terminated = new ThreadPool(1);
        terminated.runAsync(() -> new CountDownLatch(1).await());
        AsyncResult<Integer> dropped = terminated.applyAsync(ThreadPoolTest::square, 1);
        terminated.terminate();
        terminated.join();
        assertThrows(CancellationException.class, dropped::get);
        assertThrows(IllegalArgumentException.class, () -> new ThreadPool(0));
    }

    @Test
    void aFailingInitializerEndsThePool() throws Exception {
        try (ThreadPool pool = new ThreadPool(2, () -> {
            throw new IOException("no");
        })) {
            Throwable failure = assertThrows(Exception.class, () -> {
                try {
                    pool.applyAsync(ThreadPoolTest::square, 1).get();
                } catch (RejectedExecutionException | ExecutionException e) {
                    throw (Exception) e.getCause();
                }
            });
            assertEquals(BrokenPoolException.class, failure.getClass());
            assertEquals("no", failure.getCause().getMessage());
        }
    }
}
