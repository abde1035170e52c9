package org.jmultiprocessing.internal.os;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import application.MapUser;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What of a thread stands in the way of a fork, by where the thread is. */
class LockCheckTest {
    /** What stands in the way of a thread that is inside something. */
    private static String obstacle(Consumer<Runnable> inside) throws InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> inside.accept(() -> {
            there.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        thread.start();
        there.await();
        try {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(new long[] {thread.getId()}, true, false)[0];
            return LockCheck.obstacle(info, true);
        } finally {
            end.countDown();
            thread.join();
        }
    }

    private static void computeOnBehalfOfTheLibrary(Runnable value) {
        Map<String, String> map = new ConcurrentHashMap<>();
        map.computeIfAbsent("key", key -> {
            value.run();
            return "value";
        });
    }

    @Test
    void aMapOfTheLibrarysThatAThreadHasLockedIsOne() throws InterruptedException {
        String obstacle = obstacle(LockCheckTest::computeOnBehalfOfTheLibrary);
        assertNotNull(obstacle);
        assertTrue(obstacle.contains("ConcurrentHashMap"), obstacle);
    }

    @Test
    void aMapOfTheProgramsIsNone() throws InterruptedException {
        assertNull(obstacle(value -> MapUser.compute(new ConcurrentHashMap<>(), value)));
    }

    @Test
    void aThreadThatWaitsIsNone() throws InterruptedException {
        assertNull(obstacle(Runnable::run));
    }
}
