package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jmultiprocessing.errors.RemoteStackTrace;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.sync.Event;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls, and what becomes of them. */
@Timeout(60)
class PoolTest {
    private static final Duration SOON = Duration.ofMillis(50);
    private static Pool pool;

    @BeforeAll
    static void start() {
        pool = new Pool(2);
    }

    @AfterAll
    static void end() {
        pool.close();
    }

    private static int square(int x) {
        return x * x;
    }

    private static long pid() {
        return CurrentProcess.get().pid();
    }

    private static String join(String a, int b, List<Integer> c, Long d) {
        return a + b + c + d;
    }

    private static int failing(String text) throws IOException {
        throw new IOException(text);
    }

    private static void awaitEvent(Event event) throws InterruptedException {
        event.await();
    }

    // ---- calls ----

    @Test
    void aCallRunsInAnotherProcessAndItsResultComesBack() throws Exception {
        assertEquals(49, pool.apply(PoolTest::square, 7));
        assertNotEquals(CurrentProcess.get().pid(), pool.apply(PoolTest::pid));
        assertEquals("a1[2]3", pool.apply(PoolTest::join, "a", 1, List.of(2), 3L));
        assertEquals(49, pool.applyAsync(PoolTest::square, 7).get());
    }

    @Test
    void aLambdaTravelsWithWhatItCaptures() throws Exception {
        int captured = 5;
        List<Integer> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int each = i;
            results.add(pool.apply(() -> captured * each));
        }
        assertEquals(List.of(0, 5, 10, 15, 20, 25, 30, 35, 40, 45), results);
        assertEquals("xy", pool.apply((a, b) -> a + b, "x", "y"));
        assertEquals(6, pool.<Integer, Integer, Integer, Integer>apply((a, b, c) -> a + b + c, 1, 2, 3));
    }

    @Test
    void runHasNoResult() throws Exception {
        pool.run(() -> { });
        pool.run(PoolTest::square, 3);
        assertNull(pool.runAsync(PoolTest::join, "a", 1, List.of(), 1L).get());
    }

    @Test
    void nullAndLargeValuesTravel() throws Exception {
        assertNull(pool.apply(x -> x, (Object) null));
        String large = "x".repeat(3_000_000);
        assertEquals(large, pool.apply(x -> x + "y", large).substring(0, large.length()));
    }

    @Test
    void whatATaskThrowsComesBackAsItselfWithItsStackTrace() throws Exception {
        IOException thrown = assertThrows(IOException.class, () -> pool.apply(PoolTest::failing, "deep"));
        assertEquals("deep", thrown.getMessage());
        assertTrue(thrown.getCause() instanceof RemoteStackTrace, () -> "cause: " + thrown.getCause());
        assertTrue(thrown.getCause().getMessage().contains("PoolTest.failing"), thrown.getCause().getMessage());
        ExecutionException wrapped = assertThrows(ExecutionException.class, () -> pool.applyAsync(PoolTest::failing, "x").get());
        assertEquals(IOException.class, wrapped.getCause().getClass());
        assertThrows(StackOverflowError.class, () -> pool.apply(PoolTest::recurse, 0));
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void whatCannotTravelFailsInTheCaller() {
        Object socket = new Object();
        SerializationException refused = assertThrows(SerializationException.class, () -> pool.applyAsync(x -> 1, socket));
        assertTrue(refused.getMessage().contains("the arguments"), refused.getMessage());
        assertThrows(SerializationException.class, () -> pool.applyAsync(() -> socket.hashCode()));
        SerializationException itself = assertThrows(SerializationException.class, () -> pool.applyAsync(x -> 1, pool));
        assertTrue(itself.getMessage().contains("Pool"), itself.getMessage());
    }

    private static Object unsendable() {
        return Thread.currentThread();
    }

    @Test
    void aResultThatCannotTravelIsAClearError() {
        SerializationException refused = assertThrows(SerializationException.class, () -> pool.apply(PoolTest::unsendable));
        assertTrue(refused.getMessage().startsWith("Error sending result: 'Thread["), refused.getMessage());
        assertTrue(refused.getMessage().contains("Reason: '"), refused.getMessage());
        SerializationException one = assertThrows(SerializationException.class,
                () -> pool.map(x -> x == 2 ? unsendable() : x, List.of(1, 2, 3), 3));
        assertTrue(one.getMessage().startsWith("Error sending result: 'Thread["), one.getMessage());
    }

    // ---- results ----

    @Test
    void aResultTellsWhetherItIsThere() throws Exception {
        Event event = new Event();
        AsyncResult<Void> result = pool.runAsync(PoolTest::awaitEvent, event);
        assertFalse(result.ready());
        assertFalse(result.await(SOON));
        assertTrue(assertThrows(IllegalStateException.class, result::successful).getMessage().endsWith("not ready"));
        assertThrows(TimeoutException.class, () -> result.get(SOON));
        assertThrows(TimeoutException.class, () -> result.get(10, TimeUnit.MILLISECONDS));
        event.set();
        assertNull(result.get());
        assertTrue(result.ready());
        assertTrue(result.successful());
        AsyncResult<Integer> failed = pool.applyAsync(PoolTest::failing, "x");
        assertTrue(failed.await(null));
        assertFalse(failed.successful());
    }

    @Test
    void callbacksRunInAThreadOfThePool() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        pool.applyAsync(PoolTest::square, 4).onFailure(failure::complete).onSuccess(x -> seen.complete(Thread.currentThread().getName() + " " + x));
        assertTrue(seen.get(10, TimeUnit.SECONDS).matches("jmp-pool-\\d+-callbacks 16"), seen.get());
        assertFalse(failure.isDone());
        pool.applyAsync(PoolTest::failing, "x").onSuccess(x -> seen.complete("none")).onFailure(failure::complete);
        assertEquals("x", failure.get(10, TimeUnit.SECONDS).getMessage());
    }

    @Test
    void aResultIsACompletableFuture() throws Exception {
        List<AsyncResult<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            results.add(pool.applyAsync(PoolTest::square, i));
        }
        CompletableFuture.allOf(results.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        assertEquals(99 * 99, results.get(99).getNow(-1));
        CompletableFuture<Integer> sum = pool.applyAsync(PoolTest::square, 3).thenCombine(pool.applyAsync(PoolTest::square, 4), Integer::sum);
        assertEquals(25, sum.get(10, TimeUnit.SECONDS));
        assertEquals(25, CompletableFuture.completedFuture(9).thenCombine(pool.applyAsync(PoolTest::square, 4), Integer::sum).get());
        assertEquals(81, pool.applyAsync(PoolTest::square, 3).thenCompose(x -> pool.applyAsync(PoolTest::square, x)).join());
    }

    @Test
    void aCallbackMayWaitForOtherResults() throws Exception {
        CompletableFuture<Integer> outcome = pool.applyAsync(PoolTest::square, 3).thenApply(x -> {
            try {
                return pool.apply(PoolTest::square, x);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(81, outcome.get(10, TimeUnit.SECONDS));
    }

    @Test
    void severalThreadsMayWaitForOneResult() throws Exception {
        Event event = new Event();
        AsyncResult<Void> result = pool.runAsync(PoolTest::awaitEvent, event);
        CountDownLatch got = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            new Thread(() -> {
                result.join();
                got.countDown();
            }).start();
        }
        assertFalse(got.await(50, TimeUnit.MILLISECONDS));
        event.set();
        assertTrue(got.await(10, TimeUnit.SECONDS));
    }

    @Test
    void waitingIsInterruptibleAndTheTaskGoesOn() throws Exception {
        Event event = new Event();
        AsyncResult<Void> result = pool.runAsync(PoolTest::awaitEvent, event);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, result::get);
        event.set();
        assertNull(result.get());
    }

    @Test
    void tasksBeginInTheirOrderAndOneWorkerTakesWhatAnotherIsTooBusyFor() throws Exception {
        Event event = new Event();
        AsyncResult<Void> blocked = pool.runAsync(PoolTest::awaitEvent, event);
        // Whichever worker is blocked: none of these may wait behind it.
        for (int i = 0; i < 200; i++) {
            assertEquals(i * i, pool.applyAsync(PoolTest::square, i).get(10, TimeUnit.SECONDS));
        }
        List<AsyncResult<Integer>> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(pool.applyAsync(PoolTest::square, i));
        }
        for (int i = 0; i < 500; i++) {
            assertEquals(i * i, many.get(i).get(10, TimeUnit.SECONDS));
        }
        assertFalse(blocked.isDone());
        event.set();
        blocked.get();
    }

    @Test
    void aTaskSubmittedBehindABusyWorkerIsTakenOverByAnIdleOne() throws Exception {
        Event first = new Event();
        Event second = new Event();
        AsyncResult<Void> one = pool.runAsync(PoolTest::awaitEvent, first);
        AsyncResult<Void> two = pool.runAsync(PoolTest::awaitEvent, second);
        // Both are busy: these lie behind them, and must all be done by whoever is free first.
        List<AsyncResult<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(pool.applyAsync(PoolTest::square, i));
        }
        second.set();
        two.get();
        for (int i = 0; i < 10; i++) {
            assertEquals(i * i, waiting.get(i).get(10, TimeUnit.SECONDS));
        }
        assertFalse(one.isDone());
        first.set();
        one.get();
    }

    // ---- maps ----

    @Test
    void mapKeepsTheOrder() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        List<Integer> squares = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            numbers.add(i);
            squares.add(i * i);
        }
        assertEquals(squares, pool.map(PoolTest::square, numbers));
        for (int chunk : new int[] {1, 3, 999, 1000, 5000}) {
            assertEquals(squares, pool.map(PoolTest::square, numbers, chunk), "chunks of " + chunk);
        }
        assertEquals(squares, pool.mapAsync(PoolTest::square, numbers).get());
        assertEquals(squares, pool.mapAsync(PoolTest::square, numbers::iterator, 7).get());
        assertEquals(List.of(), pool.map(PoolTest::square, List.<Integer>of()));
        assertEquals("Chunksize must be 1+, not 0",
                assertThrows(IllegalArgumentException.class, () -> pool.map(PoolTest::square, numbers, 0)).getMessage());
    }

    @Test
    void starmapHasSeveralArguments() throws Exception {
        assertEquals(List.of("a1", "b2"), pool.starmap((a, b) -> a + b, List.of(Map.entry("a", 1), Map.entry("b", 2))));
        assertEquals(List.of(6), pool.starmap((Integer a, Integer b, Integer c) -> a + b + c, List.of(List.of(1, 2, 3))));
        assertEquals(List.of(10),
                pool.starmapAsync((Integer a, Integer b, Integer c, Integer d) -> a + b + c + d, List.of(List.of(1, 2, 3, 4))).get());
        assertThrows(IllegalArgumentException.class, () -> pool.starmap((Integer a, Integer b, Integer c) -> a, List.of(List.of(1, 2))));
    }

    private static int failAt(int x) throws IOException {
        if (x % 5 == 3) {
            throw new IOException("at " + x);
        }
        return x;
    }

    private static int countAndFail(Event event, int x) throws IOException, InterruptedException {
        if (x == 0) {
            throw new IOException("at once");
        }
        event.await();
        return x;
    }

    @Test
    void theFirstFailureOfAMapComesWhenAllIsDone() throws Exception {
        assertEquals("at 3", assertThrows(IOException.class, () -> pool.map(PoolTest::failAt, List.of(0, 1, 2, 3, 4, 5, 8), 2)).getMessage());
        Event event = new Event();
        AsyncResult<List<Integer>> result = pool.mapAsync(x -> countAndFail(event, x), List.of(0, 1), 1);
        assertFalse(result.await(SOON));
        event.set();
        assertEquals("at once", assertThrows(ExecutionException.class, result::get).getCause().getMessage());
    }

    @Test
    void imapGivesResultsAndFailuresInTheirPlaces() throws Exception {
        for (int chunk : new int[] {1, 2, 100}) {
            try (ResultIterator<Integer> results = pool.imap(PoolTest::failAt, List.of(0, 1, 2, 3, 4, 5), chunk)) {
                assertEquals(0, results.next());
                assertEquals(1, results.next());
                assertEquals(2, results.next());
                assertEquals("at 3", assertThrows(IOException.class, results::next).getMessage());
                assertEquals(4, results.next());
                assertEquals(5, results.next());
                assertFalse(results.hasNext());
                assertThrows(NoSuchElementException.class, results::next);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> pool.imap(PoolTest::square, List.of(1), 0));
    }

    @Test
    void imapUnorderedGivesWhatComesFirst() throws Exception {
        Event event = new Event();
        try (ResultIterator<Integer> results = pool.imapUnordered(x -> x == 0 ? countAndFail(event, 1) : x, List.of(0, 2, 3))) {
            assertEquals(Set.of(2, 3), Set.of(results.next(), results.next()));
            assertThrows(TimeoutException.class, () -> results.next(SOON));
            event.set();
            assertEquals(1, results.next(Duration.ofSeconds(10)));
            assertFalse(results.hasNext());
        }
        Set<Integer> all = new HashSet<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            numbers.add(i);
        }
        pool.imapUnordered(PoolTest::square, numbers, 7).forEachRemaining(all::add);
        assertEquals(5000, all.size());
    }

    @Test
    void imapTakesNoMoreOfItsInputThanItMay() throws Exception {
        int[] taken = {0};
        Iterable<Integer> endless = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                return taken[0]++;
            }
        };
        try (ResultIterator<Integer> results = pool.imap(PoolTest::square, endless, 1, 10)) {
            for (int i = 0; i < 100; i++) {
                assertEquals(i * i, results.next());
                assertTrue(taken[0] <= i + 11, () -> "has taken " + taken[0]);
            }
        }
        try (Stream<Integer> stream = pool.imap(PoolTest::square, endless).stream()) {
            assertEquals(3, stream.limit(3).count());
        }
    }

    @Test
    void aFailureOfTheInputIsDelivered() {
        Iterable<Integer> broken = () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                if (next == 2) {
                    throw new IllegalStateException("no more");
                }
                return next++;
            }
        };
        ResultIterator<Integer> results = pool.imap(PoolTest::square, broken);
        assertEquals(0, results.next());
        assertEquals(1, results.next());
        assertTrue(results.hasNext());
        assertEquals("no more", assertThrows(IllegalStateException.class, results::next).getMessage());
        assertFalse(results.hasNext());
    }

    private static Object identity(Object x) {
        return x;
    }

    @Test
    void theFunctionOfAMapIsSentOncePerWorker() throws Exception {
        CountsReads captured = new CountsReads();
        Set<Integer> reads = new HashSet<>(pool.map(x -> captured.reads(), List.of(1, 2, 3, 4, 5, 6, 7, 8), 1));
        assertEquals(Set.of(1), reads);
        assertSame(Integer.class, pool.map(PoolTest::identity, List.of(1)).get(0).getClass());
    }

    /** Knows how often this process has received it. */
    static final class CountsReads implements Serializable {
        private static final long serialVersionUID = 1L;
        private static int count;

        int reads() {
            return count;
        }

        private Object readResolve() {
            count++;
            return this;
        }
    }

    // ---- the end ----

    @Test
    void aClosedPoolTakesNothingAndEndsWhatItHas() throws Exception {
        Pool closed = new Pool(1);
        assertEquals("Pool is still running", assertThrows(IllegalStateException.class, closed::join).getMessage());
        List<AsyncResult<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            results.add(closed.applyAsync(PoolTest::square, i));
        }
        closed.shutdown();
        assertEquals("Pool not running", assertThrows(RejectedExecutionException.class, () -> closed.apply(PoolTest::square, 1)).getMessage());
        assertThrows(RejectedExecutionException.class, () -> closed.map(PoolTest::square, List.of()));
        assertThrows(RejectedExecutionException.class, () -> closed.imap(PoolTest::square, List.of()));
        closed.join();
        assertTrue(closed.isTerminated());
        for (int i = 0; i < 50; i++) {
            assertEquals(i * i, results.get(i).get());
        }
        closed.close();
        closed.terminate();
    }

    @Test
    void terminateDropsWhatIsNotDone() throws Exception {
        Event never = new Event();
        Pool terminated = new Pool(1);
        List<AsyncResult<Void>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            results.add(terminated.runAsync(PoolTest::awaitEvent, never));
        }
        terminated.terminate();
        terminated.join();
        for (AsyncResult<Void> result : results) {
            assertThrows(CancellationException.class, result::get);
        }
        assertThrows(RejectedExecutionException.class, () -> terminated.apply(PoolTest::square, 1));
    }

    @Test
    void aPoolNeedsAWorker() {
        assertEquals("Number of processes must be at least 1", assertThrows(IllegalArgumentException.class, () -> new Pool(0)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Pool.builder().maxTasksPerChild(-1));
    }
}
