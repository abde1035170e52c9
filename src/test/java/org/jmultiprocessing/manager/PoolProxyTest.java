package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool in the server. */
@Timeout(120)
class PoolProxyTest extends SharedManager {
    private static PoolProxy pool;

    @BeforeAll
    static void startPool() {
        pool = manager.pool(2, PoolProxyTest::initialize);
    }

    @AfterAll
    static void endPool() throws InterruptedException {
        assertThrows(IllegalStateException.class, pool::join);
        pool.close();
        pool.join();
        assertThrows(RuntimeException.class, () -> pool.apply(PoolProxyTest::pid));
        pool = null;
    }

    static void initialize() {
        System.setProperty("jmultiprocessing.test.initialized", "worker");
    }

    static long pid() {
        return ProcessHandle.current().pid();
    }

    static int half(int number) {
        if (number % 2 != 0) {
            throw new IllegalArgumentException(number + " is odd");
        }
        return number / 2;
    }

    @Test
    void callsRunInWorkers() throws Exception {
        assertNotEquals(ProcessHandle.current().pid(), pool.<Long>apply(PoolProxyTest::pid));
        assertEquals("worker", pool.<String>apply(() -> System.getProperty("jmultiprocessing.test.initialized")));
        assertEquals(7, pool.<Integer, Integer, Integer>apply(Integer::sum, 3, 4));
        assertEquals("abc", pool.<String, String, String, String>apply((a, b, c) -> a + b + c, "a", "b", "c"));
        ListProxy<String> list = manager.list();
        pool.run((ListProxy<String> target, String text) -> target.add(text), list, "run");
        pool.runAsync((ListProxy<String> target) -> target.add("later"), list).get();
        assertEquals(List.of("run", "later"), list);
        IllegalArgumentException odd = assertThrows(IllegalArgumentException.class, () -> pool.apply(PoolProxyTest::half, 3));
        assertEquals("3 is odd", odd.getMessage());
    }

    @Test
    void resultsWaitInTheServer() throws Exception {
        ResultProxy<Integer> result = pool.applyAsync(PoolProxyTest::half, 8);
        assertTrue(result.await(null));
        assertEquals(4, result.get());
        assertEquals(4, result.get(1, TimeUnit.SECONDS));
        assertTrue(result.ready() && result.isDone() && result.successful() && !result.isCancelled());
        ResultProxy<Integer> failure = pool.applyAsync(PoolProxyTest::half, 9);
        assertEquals("9 is odd", assertThrows(ExecutionException.class, failure::get).getCause().getMessage());
        assertFalse(failure.successful());
    }

    @Test
    void mapsKeepTheOrder() throws Exception {
        assertEquals(List.of(1, 2, 3), pool.map(PoolProxyTest::half, List.of(2, 4, 6)));
        assertEquals(List.of(1, 2, 3), pool.mapAsync(PoolProxyTest::half, List.of(2, 4, 6), 2).get());
        assertEquals(List.of(3, 7), pool.starmap(Integer::sum, List.of(Map.entry(1, 2), Map.entry(3, 4))));
        assertThrows(IllegalArgumentException.class, () -> pool.map(PoolProxyTest::half, List.of(2, 3)));
        assertThrows(IllegalArgumentException.class, () -> pool.mapAsync(PoolProxyTest::half, List.of(2), 0));
        List<Integer> halves = new ArrayList<>();
        try (ResultsProxy<Integer> results = pool.imap(PoolProxyTest::half, List.of(2, 4, 5, 6))) {
            halves.add(results.next());
            halves.add(results.next(Duration.ofSeconds(30)));
            assertThrows(IllegalArgumentException.class, results::next);
            halves.add(results.next());
            assertFalse(results.hasNext());
        }
        assertEquals(List.of(1, 2, 3), halves);
        Set<Integer> unordered = new TreeSet<>();
        pool.imapUnordered(PoolProxyTest::half, List.of(2, 4, 6)).forEachRemaining(unordered::add);
        assertEquals(Set.of(1, 2, 3), unordered);
    }

    static void useFromElsewhere(PoolProxy elsewhere, QueueProxy<Integer> answer) throws InterruptedException {
        answer.put(elsewhere.apply(PoolProxyTest::half, 20));
    }

    @Test
    void itsProxyTravels() throws Exception {
        QueueProxy<Integer> answer = manager.queue();
        try (Process child = new Process(PoolProxyTest::useFromElsewhere, pool, answer)) {
            child.start();
            assertEquals(10, answer.take());
            child.join();
        }
        assertThrows(IllegalArgumentException.class, () -> manager.pool(0));
    }
}
