package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.OwnerDiedException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.InThread;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.BoundedSemaphore;
import org.jmultiprocessing.sync.Condition;
import org.jmultiprocessing.sync.Event;
import org.jmultiprocessing.sync.Held;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.OwnerDeath;
import org.jmultiprocessing.sync.RLock;
import org.jmultiprocessing.sync.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGKILL of who holds something, and of who waits for it. The bound is 100 ms; a loaded machine gets a second more. */
@Tag("smoke")
@Timeout(60)
class OwnerDeathTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration NOTICED = Duration.ofMillis(1_100);
    private static final Duration SHORT = Duration.ofMillis(200);

    private static void stay() throws InterruptedException {
        Thread.currentThread().join();
    }

    private static void holdMutex(Mutex mutex, Connection held) throws InterruptedException {
        mutex.acquire();
        held.send("held");
        stay();
    }

    private static void holdPermits(Semaphore semaphore, int count, Connection held) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            semaphore.acquire();
        }
        held.send("held");
        stay();
    }

    private static void waitFor(Condition condition, Connection held) throws InterruptedException {
        try (Held lock = condition.hold()) {
            held.send("held");
            condition.await();
        }
    }

    private static void waitAt(Barrier barrier, Connection held) throws Exception {
        held.send("held");
        barrier.await();
    }

    private static void waitMutex(Mutex mutex, Connection held) throws InterruptedException {
        held.send("held");
        mutex.acquire();
        mutex.release();
    }

    /** Starts a child and waits until it says that it is where it should be. */
    private static Process begin(Process child, Pipe pipe) throws Exception {
        child.start();
        assertEquals("held", pipe.first().recv(LONG));
        return child;
    }

    private static void kill(Process child) throws InterruptedException {
        child.kill();
        assertTrue(child.join(LONG));
        child.close();
    }

    private static void awaitBlocked(FutureTask<?> task, Thread thread) {
        while (!task.isDone()) {
            for (StackTraceElement element : thread.getStackTrace()) {
                if (element.getMethodName().equals("waitWord")) {
                    return;
                }
            }
        }
    }

    @Test
    void aLockOfAKilledProcessIsTakenBack() throws Exception {
        for (Mutex mutex : List.of(new Lock(), new RLock())) {
            try (Pipe pipe = Pipe.duplex()) {
                Process child = begin(new Process(OwnerDeathTest::holdMutex, mutex, pipe.second()), pipe);
                assertFalse(mutex.tryAcquire());
                FutureTask<Long> waiter = new FutureTask<>(() -> {
                    mutex.acquire();
                    long now = System.nanoTime();
                    mutex.release();
                    return now;
                });
                Thread thread = new Thread(waiter);
                thread.start();
                awaitBlocked(waiter, thread);
                long killed = System.nanoTime();
                kill(child);
                long noticed = waiter.get(30, TimeUnit.SECONDS);
                assertTrue(noticed - killed < NOTICED.toNanos(), "noticed after " + (noticed - killed) / 1_000_000 + " ms");
                thread.join();
                assertTrue(mutex.tryAcquire());
                mutex.release();
            }
        }
    }

    @Test
    void itIsTakenBackAlsoByOneWhoComesLater() throws Exception {
        Lock lock = new Lock();
        try (Pipe pipe = Pipe.duplex()) {
            kill(begin(new Process(OwnerDeathTest::holdMutex, lock, pipe.second()), pipe));
            assertTrue(lock.tryAcquire(NOTICED));
        }
    }

    @Test
    void theDeathIsToldUntilSomebodyRecovers() throws Exception {
        for (Mutex mutex : List.of(new Lock(OwnerDeath.THROW), new RLock(OwnerDeath.THROW))) {
            try (Pipe pipe = Pipe.duplex()) {
                Process child = begin(new Process(OwnerDeathTest::holdMutex, mutex, pipe.second()), pipe);
                long pid = child.pid().orElseThrow();
                kill(child);
                OwnerDiedException told = assertThrows(OwnerDiedException.class, () -> mutex.tryAcquire(NOTICED));
                assertEquals(pid, told.pid());
                assertTrue(told.getMessage().contains("recover()"), told.getMessage());
                assertEquals(pid, assertThrows(OwnerDiedException.class, mutex::acquire).pid());
                assertThrows(OwnerDiedException.class, mutex::lock);
                assertFalse(mutex.isLocked());
                mutex.recover();
                assertTrue(mutex.isLocked());
                mutex.release();
                mutex.acquire();
                mutex.release();
            }
        }
    }

    @Test
    void aLockThatIsHandedOverStaysHeld() throws Exception {
        Lock lock = new Lock(OwnerDeath.IGNORE);
        try (Pipe pipe = Pipe.duplex()) {
            kill(begin(new Process(OwnerDeathTest::holdMutex, lock, pipe.second()), pipe));
            assertFalse(lock.tryAcquire(SHORT));
            lock.release();
            assertTrue(lock.tryAcquire());
        }
    }

    @Test
    void thePermitsOfAKilledProcessReturn() throws Exception {
        for (Semaphore semaphore : List.of(new Semaphore(3), new BoundedSemaphore(3))) {
            semaphore.acquire();
            try (Pipe pipe = Pipe.duplex()) {
                Process child = begin(new Process(OwnerDeathTest::holdPermits, semaphore, 2, pipe.second()), pipe);
                assertEquals(0, semaphore.getValue());
                FutureTask<Boolean> waiter = InThread.run(() -> semaphore.tryAcquire(LONG));
                FutureTask<Boolean> second = InThread.run(() -> semaphore.tryAcquire(LONG));
                kill(child);
                assertTrue(waiter.get(10, TimeUnit.SECONDS));
                assertTrue(second.get(10, TimeUnit.SECONDS));
                assertEquals(0, semaphore.getValue());
                for (int i = 0; i < 3; i++) {
                    semaphore.release();
                }
                assertEquals(3, semaphore.getValue());
            }
        }
        Semaphore handedOver = new Semaphore(1, OwnerDeath.IGNORE);
        try (Pipe pipe = Pipe.duplex()) {
            kill(begin(new Process(OwnerDeathTest::holdPermits, handedOver, 1, pipe.second()), pipe));
            assertFalse(handedOver.tryAcquire(SHORT));
        }
    }

    @Test
    void aKilledWaiterOfAConditionIsNotCounted() throws Exception {
        Condition condition = new Condition();
        try (Pipe first = Pipe.duplex(); Pipe second = Pipe.duplex()) {
            Process doomed = begin(new Process(OwnerDeathTest::waitFor, condition, first.second()), first);
            Process other = begin(new Process(OwnerDeathTest::waitFor, condition, second.second()), second);
            condition.acquire();
            condition.release();
            kill(doomed);
            while (!condition.toString().contains("1 waiting")) {
                Thread.onSpinWait();
            }
            try (Held held = condition.hold()) {
                condition.signal();
            }
            assertTrue(other.join(LONG), "the signal went to the dead");
            other.close();
        }
    }

    private static void signalAndStay(Condition condition, Connection held) throws InterruptedException {
        condition.acquire();
        condition.signal();
        held.send("held");
        stay();
    }

    @Test
    void whoWasToldByOneThatIsKilledBeforeItReleasesGoes() throws Exception {
        Condition condition = new Condition();
        FutureTask<Boolean> waiter = new FutureTask<>(() -> {
            try (Held lock = condition.hold()) {
                return condition.await(LONG);
            }
        });
        Thread thread = new Thread(waiter);
        thread.start();
        awaitBlocked(waiter, thread);
        try (Pipe pipe = Pipe.duplex()) {
            Process child = begin(new Process(OwnerDeathTest::signalAndStay, condition, pipe.second()), pipe);
            assertFalse(waiter.isDone(), "the lock is held");
            kill(child);
        }
        assertTrue(waiter.get(30, TimeUnit.SECONDS), "told, and the lock taken back");
        thread.join();
    }

    @Test
    void aKilledPartyBreaksTheBarrier() throws Exception {
        Barrier barrier = new Barrier(3);
        try (Pipe pipe = Pipe.duplex()) {
            Process child = begin(new Process(OwnerDeathTest::waitAt, barrier, pipe.second()), pipe);
            FutureTask<Boolean> other = InThread.run(() -> {
                assertThrows(BrokenBarrierException.class, barrier::await);
                return true;
            });
            while (barrier.nWaiting() < 2) {
                Thread.onSpinWait();
            }
            kill(child);
            assertTrue(other.get(10, TimeUnit.SECONDS));
            assertTrue(barrier.isBroken());
            barrier.reset();
            assertFalse(barrier.isBroken());
        }
    }

    @Test
    void killedWaitersTakeNoWakeUpFromTheOthers() throws Exception {
        Lock lock = new Lock();
        lock.acquire();
        List<Pipe> pipes = new ArrayList<>();
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Pipe pipe = Pipe.duplex();
            pipes.add(pipe);
            children.add(begin(new Process(OwnerDeathTest::waitMutex, lock, pipe.second()), pipe));
        }
        children.get(0).kill();
        children.get(2).kill();
        lock.release();
        for (Process child : children) {
            assertTrue(child.join(LONG), "a waiter was forgotten");
            child.close();
        }
        assertTrue(lock.tryAcquire(NOTICED));
        pipes.forEach(Pipe::close);
    }

    private static void hammer(List<?> all, Connection result) throws Exception {
        Lock lock = (Lock) all.get(0);
        Semaphore semaphore = (Semaphore) all.get(1);
        Condition condition = (Condition) all.get(2);
        Event event = (Event) all.get(3);
        result.send("held");
        for (int i = 0; i < 2_000; i++) {
            lock.acquire();
            lock.release();
            semaphore.acquire();
            semaphore.release();
            try (Held held = condition.hold()) {
                condition.signal();
                condition.await(Duration.ofMillis(1));
            }
            event.set();
            event.await(Duration.ofMillis(1));
            event.clear();
        }
    }

    /** A process kills itself at every step in turn, and the others go on. */
    @Test
    @Timeout(180)
    void everyStepMayBeTheLast() throws Exception {
        for (String step : List.of("LOCK_TAKEN:100", "LOCK_FREED:100", "WAIT_ENTERED:3", "WAIT_CHECKED:3", "WAIT_WOKEN:3", "SIGNAL_PENDING:2",
                "HOLDER_CLAIMED:1", "HOLDER_COUNTED:50", "CONDITION_REGISTERED:3", "CONDITION_LEFT:3")) {
            List<Object> all = List.of(new Lock(), new Semaphore(1), new Condition(), new Event());
            List<Pipe> pipes = List.of(Pipe.duplex(), Pipe.duplex());
            Process doomed = Process.builder(OwnerDeathTest::hammer, all, pipes.get(0).second())
                    .jvmOptions("-Djmultiprocessing.crash=" + step).build();
            Process other = new Process(OwnerDeathTest::hammer, all, pipes.get(1).second());
            begin(other, pipes.get(1));
            begin(doomed, pipes.get(0));
            assertTrue(doomed.join(LONG), step);
            assertEquals("-SIGKILL", doomed.exitStatus().orElseThrow().toString(), step);
            assertTrue(other.join(LONG), "the other one hangs after " + step);
            assertEquals(0, other.exitCode().orElseThrow(), step);
            assertTrue(((Lock) all.get(0)).tryAcquire(NOTICED), step);
            assertTrue(((Semaphore) all.get(1)).tryAcquire(NOTICED), step);
            assertEquals(0, ((Semaphore) all.get(1)).getValue(), step);
            assertTrue(((Condition) all.get(2)).tryAcquire(NOTICED), step);
            doomed.close();
            other.close();
            pipes.forEach(Pipe::close);
        }
    }

    private static void meetTwice(Barrier barrier, Connection result) throws Exception {
        result.send("held");
        barrier.await();
        try {
            barrier.await();
        } catch (BrokenBarrierException broken) {
            result.send("broken");
        }
    }

    @Test
    void aBarrierIsWholeOrBrokenAfterADeathAsItTrips() throws Exception {
        Barrier barrier = new Barrier(2);
        try (Pipe pipe = Pipe.duplex(); Pipe other = Pipe.duplex()) {
            Process child = begin(new Process(OwnerDeathTest::meetTwice, barrier, pipe.second()), pipe);
            while (barrier.nWaiting() < 1) {
                Thread.onSpinWait();
            }
            Process doomed = Process.builder(OwnerDeathTest::waitAt, barrier, other.second()).jvmOptions("-Djmultiprocessing.crash=BARRIER_TRIPPED")
                    .start();
            assertEquals("held", other.first().recv(LONG));
            assertTrue(doomed.join(LONG));
            doomed.close();
            // The generation was complete before the death: the child goes on to the next.
            while (barrier.nWaiting() < 1) {
                Thread.onSpinWait();
            }
            barrier.abort();
            assertEquals("broken", pipe.first().recv(LONG));
            assertTrue(child.join(LONG));
            child.close();
        }
    }
}
