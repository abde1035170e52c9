package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.InThread;
import org.junit.jupiter.api.Test;

/** Locks, semaphores, events, conditions and barriers. */
class SyncProxiesTest extends SharedManager {
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void aLockIsALock() throws Exception {
        Lock lock = manager.lock();
        lock.lock();
        assertFalse(lock.tryLock());
        assertFalse(lock.tryLock(1, TimeUnit.MILLISECONDS));
        lock.unlock();
        lock.lockInterruptibly();
        assertEquals("Lock[held]", lock.toString());
        lock.unlock();
        assertTrue(lock.tryLock());
        lock.unlock();
        IllegalStateException twice = assertThrows(IllegalStateException.class, lock::unlock);
        assertEquals("semaphore or lock released too many times", twice.getMessage());
    }

    @Test
    void anyThreadReleasesALock() throws Exception {
        LockProxy lock = manager.lock();
        lock.acquire();
        InThread.run(Executors.callable(lock::release)).get();
        assertFalse(lock.isLocked());
        try (HeldProxy held = lock.hold()) {
            assertTrue(lock.isLocked());
            assertFalse(lock.tryAcquire(SHORT));
            assertTrue(held != null);
        }
        assertFalse(lock.isLocked());
    }

    @Test
    void anRLockBelongsToAThread() throws Exception {
        RLockProxy lock = manager.rlock();
        lock.acquire();
        assertTrue(lock.tryAcquire());
        assertTrue(InThread.run(() -> {
            assertFalse(lock.tryAcquire());
            IllegalStateException notOwner = assertThrows(IllegalStateException.class, lock::release);
            assertEquals("attempt to release recursive lock not owned by thread", notOwner.getMessage());
            return true;
        }).get());
        lock.release();
        assertTrue(lock.isLocked());
        lock.release();
        assertFalse(lock.isLocked());
        assertThrows(IllegalStateException.class, lock::release);
    }

    static void increment(Lock lock, ValueProxy<Integer> value) {
        for (int i = 0; i < 100; i++) {
            lock.lock();
            try {
                value.set(value.get() + 1);
            } finally {
                lock.unlock();
            }
        }
    }

    @Test
    void aLockExcludesOtherProcesses() throws Exception {
        LockProxy lock = manager.lock();
        ValueProxy<Integer> value = manager.value(0);
        try (Process a = new Process(SyncProxiesTest::increment, lock, value); Process b = new Process(SyncProxiesTest::increment, lock, value)) {
            a.start();
            b.start();
            a.join();
            b.join();
        }
        assertEquals(200, value.get());
    }

    @Test
    void aSemaphoreCounts() throws Exception {
        SemaphoreProxy semaphore = manager.semaphore(1);
        semaphore.acquire();
        assertFalse(semaphore.tryAcquire());
        assertFalse(semaphore.tryAcquire(SHORT));
        semaphore.release(3);
        assertEquals(3, semaphore.getValue());
        semaphore.hold().close();
        assertEquals("Semaphore[3]", semaphore.toString());
        assertThrows(IllegalArgumentException.class, () -> semaphore.release(0));
        assertThrows(IllegalArgumentException.class, () -> manager.semaphore(-1));
    }

    @Test
    void aBoundedSemaphoreHasABound() throws Exception {
        BoundedSemaphoreProxy semaphore = manager.boundedSemaphore(1);
        semaphore.acquire();
        semaphore.release();
        IllegalStateException tooMany = assertThrows(IllegalStateException.class, semaphore::release);
        assertEquals("semaphore or lock released too many times", tooMany.getMessage());
    }

    @Test
    void anEventIsAwaited() throws Exception {
        EventProxy event = manager.event();
        assertFalse(event.await(SHORT));
        Thread setter = new Thread(event::set);
        setter.start();
        event.await();
        setter.join();
        assertTrue(event.isSet());
        assertTrue(event.await(Duration.ZERO));
        assertEquals("Event[set]", event.toString());
        event.clear();
        assertFalse(event.isSet());
    }

    static void waitAndPut(ConditionProxy condition, QueueProxy<String> told) throws InterruptedException {
        condition.acquire();
        told.put("waiting");
        condition.await();
        told.put("told");
        condition.release();
    }

    @Test
    void aConditionIsSignalled() throws Exception {
        ConditionProxy condition = manager.condition();
        QueueProxy<String> told = manager.queue();
        assertThrows(IllegalStateException.class, condition::signal);
        assertThrows(IllegalStateException.class, condition::await);
        try (Process child = new Process(SyncProxiesTest::waitAndPut, condition, told)) {
            child.start();
            assertEquals("waiting", told.take());
            condition.acquire();
            condition.signalAll();
            assertEquals("Queue[]", told.toString());
            condition.release();
            assertEquals("told", told.take());
            child.join();
        }
        condition.acquire();
        assertFalse(condition.await(SHORT));
        assertTrue(condition.awaitNanos(1) <= 0);
        assertFalse(condition.await(1, TimeUnit.MILLISECONDS));
        assertFalse(condition.awaitFor(() -> false, SHORT));
        assertTrue(condition.awaitFor(() -> true, SHORT));
        condition.release();
        assertFalse(condition.lock().isLocked());
    }

    @Test
    void aConditionHasTheLockThatItWasGiven() throws Exception {
        LockProxy lock = manager.lock();
        ConditionProxy condition = manager.condition(lock);
        assertEquals(lock, condition.lock());
        Condition another = lock.newCondition();
        lock.lock();
        assertFalse(another.await(1, TimeUnit.MILLISECONDS));
        assertFalse(condition.tryAcquire(SHORT));
        lock.unlock();
    }

    static void meet(BarrierProxy barrier, QueueProxy<Integer> arrived) throws Exception {
        arrived.put(barrier.await());
    }

    static void mark() {
        System.setProperty("jmultiprocessing.test.mark", "done");
    }

    static void fail() {
        throw new IllegalStateException("the action fails");
    }

    @Test
    void aBarrierGathersProcesses() throws Exception {
        BarrierProxy barrier = manager.barrier(3, SyncProxiesTest::mark);
        QueueProxy<Integer> arrived = manager.queue();
        assertEquals(3, barrier.parties());
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Process child = new Process(SyncProxiesTest::meet, barrier, arrived);
            child.start();
            children.add(child);
        }
        Set<Integer> indices = new TreeSet<>();
        indices.add(barrier.await());
        for (Process child : children) {
            indices.add(arrived.take());
            child.join();
            child.close();
        }
        assertEquals(Set.of(0, 1, 2), indices);
        ValueProxy<String> seen = manager.value("");
        assertEquals("done", seen.update(old -> System.getProperty("jmultiprocessing.test.mark")));
        assertEquals(0, barrier.nWaiting());
    }

    @Test
    void aBarrierBreaks() throws Exception {
        BarrierProxy barrier = manager.barrier(2);
        assertThrows(BrokenBarrierException.class, () -> barrier.await(SHORT));
        assertTrue(barrier.isBroken());
        assertThrows(BrokenBarrierException.class, barrier::await);
        barrier.reset();
        assertFalse(barrier.isBroken());
        barrier.abort();
        assertThrows(BrokenBarrierException.class, barrier::await);
        BarrierProxy failing = manager.barrier(1, SyncProxiesTest::fail);
        assertThrows(IllegalStateException.class, failing::await);
        assertTrue(failing.isBroken());
        assertThrows(IllegalArgumentException.class, () -> manager.barrier(0));
    }
}
