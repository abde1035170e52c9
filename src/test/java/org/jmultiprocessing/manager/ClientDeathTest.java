package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.InThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that is killed holds nothing any more, waits for nothing, and refers to nothing. */
@Timeout(60)
class ClientDeathTest extends SharedManager {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static void killAndReap(Process child) throws InterruptedException {
        child.kill();
        child.join();
        assertEquals(-9, child.exitCode().orElseThrow());
        child.close();
    }

    static void holdLocks(LockProxy lock, RLockProxy rlock, SemaphoreProxy semaphore, EventProxy ready) throws InterruptedException {
        lock.acquire();
        rlock.acquire();
        rlock.acquire();
        semaphore.acquire();
        semaphore.acquire();
        ready.set();
        lock.acquire();
    }

    @Test
    void whatItHeldIsFree() throws Exception {
        LockProxy lock = manager.lock();
        RLockProxy rlock = manager.rlock();
        SemaphoreProxy semaphore = manager.semaphore(2);
        EventProxy ready = manager.event();
        Process child = new Process(ClientDeathTest::holdLocks, lock, rlock, semaphore, ready);
        child.start();
        ready.await();
        assertFalse(lock.tryAcquire());
        assertFalse(rlock.tryAcquire());
        assertFalse(semaphore.tryAcquire());
        FutureTask<Boolean> waiting = InThread.run(() -> lock.tryAcquire(LONG));
        killAndReap(child);
        assertTrue(waiting.get());
        assertTrue(rlock.tryAcquire(LONG));
        assertTrue(semaphore.tryAcquire(LONG));
        assertTrue(semaphore.tryAcquire(LONG));
        lock.release();
        rlock.release();
    }

    static void waitInCondition(ConditionProxy condition, EventProxy ready) throws InterruptedException {
        condition.acquire();
        ready.set();
        condition.await();
    }

    static void waitInConditionAndTell(ConditionProxy condition, QueueProxy<String> told) throws InterruptedException {
        condition.acquire();
        told.put("waiting");
        condition.await();
        told.put("told");
        condition.release();
    }

    @Test
    void itsWaitInAConditionDoesNotCount() throws Exception {
        ConditionProxy condition = manager.condition();
        EventProxy ready = manager.event();
        QueueProxy<String> told = manager.queue();
        Process killed = new Process(ClientDeathTest::waitInCondition, condition, ready);
        killed.start();
        ready.await();
        condition.acquire();
        condition.release();
        Process other = new Process(ClientDeathTest::waitInConditionAndTell, condition, told);
        other.start();
        assertEquals("waiting", told.take());
        condition.acquire();
        condition.release();
        killAndReap(killed);
        awaitText(condition, "Condition[RLock[free], 1 waiting]");
        condition.acquire();
        condition.signal();
        condition.release();
        assertEquals("told", told.poll(30, TimeUnit.SECONDS));
        other.join();
        other.close();
    }

    /** The server learns of a death in its own time. */
    private static void awaitText(Object proxy, String text) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!proxy.toString().equals(text)) {
            assertTrue(System.nanoTime() < end, proxy::toString);
            Thread.onSpinWait();
        }
    }

    static void waitAtBarrier(BarrierProxy barrier) throws Exception {
        barrier.await();
    }

    @Test
    void itsWaitBreaksABarrier() throws Exception {
        BarrierProxy barrier = manager.barrier(3);
        Process child = new Process(ClientDeathTest::waitAtBarrier, barrier);
        child.start();
        FutureTask<Integer> waiting = InThread.run(barrier::await);
        awaitText(barrier, "Barrier[2 of 3]");
        killAndReap(child);
        ExecutionException broken = assertThrows(ExecutionException.class, waiting::get);
        assertEquals(BrokenBarrierException.class, broken.getCause().getClass());
    }

    static void waitForMessage(QueueProxy<String> queue, EventProxy ready) throws InterruptedException {
        InThread.run(queue::take);
        ready.set();
        queue.take();
    }

    @Test
    void itTakesNoMessageWithIt() throws Exception {
        QueueProxy<String> queue = manager.queue();
        EventProxy ready = manager.event();
        Process child = new Process(ClientDeathTest::waitForMessage, queue, ready);
        child.start();
        ready.await();
        killAndReap(child);
        awaitClients(1);
        queue.put("message");
        assertEquals("message", queue.poll());
    }

    private static void awaitClients(int count) {
        Handle desk = manager.lock().handle().desk();
        long end = System.nanoTime() + LONG.toNanos();
        while (!desk.text().contains("clients=" + count)) {
            assertTrue(System.nanoTime() < end, desk::text);
            Thread.onSpinWait();
        }
    }

    static void refer(LockProxy lock, EventProxy ready, QueueProxy<Object> lent) throws InterruptedException {
        Object kept = lent.take();
        for (int i = 0; i < 100; i++) {
            lock.newCondition();
        }
        ready.set();
        lock.acquire();
        kept.toString();
    }

    @Test
    void itsReferencesAreGone() throws Exception {
        LockProxy lock = manager.lock();
        EventProxy ready = manager.event();
        QueueProxy<Object> lent = manager.queue();
        Process child = new Process(ClientDeathTest::refer, lock, ready, lent);
        lock.acquire();
        child.start();
        putList(lent);
        ready.await();
        awaitClients(2);
        int before = manager.numberOfObjects();
        killAndReap(child);
        awaitClients(1);
        // A client is no longer counted before all that it had is put down.
        long end = System.nanoTime() + LONG.toNanos();
        while (manager.numberOfObjects() >= before) {
            assertTrue(System.nanoTime() < end, () -> manager.numberOfObjects() + " of " + before);
            Thread.onSpinWait();
        }
        lock.release();
    }

    private static void putList(QueueProxy<Object> queue) throws InterruptedException {
        queue.put(manager.list());
    }
}
