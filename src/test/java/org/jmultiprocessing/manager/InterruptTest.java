package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that blocks is ended by an interrupt, and then it has had no effect. */
@Timeout(60)
class InterruptTest extends SharedManager {
    /** Runs it in a thread and interrupts that; returns what it threw, or null. */
    private static Throwable interrupt(Callable<?> body, long afterNanos) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            begun.countDown();
            try {
                body.call();
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        thread.start();
        begun.await();
        LockSupport.parkNanos(afterNanos);
        thread.interrupt();
        thread.join();
        return thrown.get();
    }

    private static void assertInterrupted(Callable<?> body) throws InterruptedException {
        for (long nanos : new long[] {0, 100_000, 5_000_000}) {
            Throwable thrown = interrupt(body, nanos);
            assertEquals(InterruptedException.class, thrown == null ? null : thrown.getClass());
        }
    }

    @Test
    void everyWaitIsEnded() throws Exception {
        QueueProxy<String> empty = manager.queue();
        QueueProxy<String> full = manager.queue(1);
        full.put("only");
        LockProxy lock = manager.lock();
        lock.acquire();
        SemaphoreProxy semaphore = manager.semaphore(0);
        EventProxy event = manager.event();
        JoinableQueueProxy<String> joinable = manager.joinableQueue();
        joinable.put("unfinished");
        assertInterrupted(empty::take);
        assertInterrupted(() -> empty.get(Duration.ofHours(1)));
        assertInterrupted(Waiting.of(() -> full.put("more")));
        assertInterrupted(Waiting.of(lock::lockInterruptibly));
        assertInterrupted(() -> lock.tryAcquire(Duration.ofHours(1)));
        assertInterrupted(Waiting.of(semaphore::acquire));
        assertInterrupted(Waiting.of(event::await));
        assertInterrupted(Waiting.of(joinable::join));
        assertEquals(1, full.qsize());
        assertEquals(0, semaphore.getValue());
        empty.put("for the next");
        assertEquals("for the next", empty.poll());
        lock.release();
        assertTrue(lock.tryAcquire());
    }

    /** Something that returns nothing as a Callable. */
    private interface Waiting {
        void run() throws Exception;

        static Callable<Object> of(Waiting body) {
            return () -> {
                body.run();
                return null;
            };
        }
    }

    @Test
    void anInterruptedConditionHoldsItsLock() throws Exception {
        ConditionProxy condition = manager.condition();
        assertNull(interrupt(() -> {
            // Whenever the interrupt comes, it is the wait that it ends.
            condition.lock().lock();
            assertThrows(InterruptedException.class, condition::await);
            condition.release();
            return null;
        }, 5_000_000));
        assertFalse(condition.lock().isLocked());
        assertEquals("Condition[RLock[free], 0 waiting]", condition.toString());
    }

    @Test
    void noMessageIsLostOrDoubled() throws Exception {
        BlockingQueue<Integer> queue = manager.queue();
        int[] next = {0};
        for (int i = 0; i < 300; i++) {
            AtomicReference<Integer> got = new AtomicReference<>();
            Thread putter = new Thread(() -> queue.add(next[0]));
            Callable<?> get = () -> {
                got.set(queue.take());
                return null;
            };
            putter.start();
            Throwable thrown = interrupt(get, ThreadLocalRandom.current().nextLong(300_000));
            putter.join();
            if (thrown != null) {
                assertEquals(InterruptedException.class, thrown.getClass());
                assertNull(got.get());
                got.set(queue.poll());
            }
            assertEquals(next[0], got.get());
            assertNull(queue.poll());
            next[0]++;
        }
    }

    @Test
    void whatCannotBeInterruptedKeepsTheFlag() throws Exception {
        DictProxy<String, Integer> dict = manager.dict();
        LockProxy lock = manager.lock();
        Thread.currentThread().interrupt();
        dict.put("a", 1);
        lock.lock();
        assertTrue(Thread.interrupted());
        assertEquals(1, dict.get("a"));
        Throwable thrown = interrupt(() -> {
            new Thread(lock::unlock).start();
            lock.lock();
            assertTrue(lock.isLocked());
            return null;
        }, 1_000_000);
        assertNull(thrown);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> manager.queue().take());
    }
}
