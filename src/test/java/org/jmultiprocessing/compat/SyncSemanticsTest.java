package org.jmultiprocessing.compat;

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
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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
import org.jmultiprocessing.sync.RLock;
import org.jmultiprocessing.sync.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The sentences of semantics.md on locks, semaphores, conditions, events and barriers, S1 to S6: a test for each, with threads and processes. */
@Tag("smoke")
@Timeout(60)
class SyncSemanticsTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String TOO_OFTEN = "semaphore or lock released too many times";

    private static void assertSays(String text, Class<? extends Exception> type, Executable action) {
        String message = assertThrows(type, action).getMessage();
        assertTrue(message.contains(text), message);
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(30, TimeUnit.SECONDS);
    }

    private static void join(Process child) throws InterruptedException {
        assertTrue(child.join(LONG), "the child does not end");
        assertEquals(0, child.exitCode().orElseThrow());
        child.close();
    }

    private static void assertTakes(Duration least, Callable<Boolean> wait) throws Exception {
        long began = System.nanoTime();
        assertFalse(wait.call());
        assertTrue(System.nanoTime() - began >= least.toNanos(), "too early");
    }

    // ---- S1 ----

    @Test
    void s1ALockIsHeldByOneAndItsTimeoutsCount() throws Exception {
        Lock lock = new Lock();
        assertFalse(lock.isLocked());
        lock.acquire();
        assertTrue(lock.isLocked());
        assertFalse(lock.tryAcquire());
        assertFalse(lock.tryAcquire(Duration.ZERO));
        assertFalse(lock.tryAcquire(Duration.ofSeconds(-1)));
        assertTakes(SHORT, () -> lock.tryAcquire(SHORT));
        assertTakes(SHORT, () -> lock.tryLock(SHORT.toMillis(), TimeUnit.MILLISECONDS));
        FutureTask<Boolean> waiter = InThread.run(() -> lock.tryAcquire(null));
        lock.release();
        assertTrue(result(waiter));
        assertTrue(lock.isLocked());
        lock.unlock();
        assertFalse(lock.isLocked());
    }

    private static void releaseThenTake(Lock given, Lock back) throws InterruptedException {
        back.acquire();
        given.release();
    }

    @Test
    void s1AnyProcessOrThreadMayRelease() throws Exception {
        Lock given = new Lock();
        Lock back = new Lock();
        given.acquire();
        Process child = new Process(SyncSemanticsTest::releaseThenTake, given, back);
        child.start();
        assertTrue(given.tryAcquire(LONG));
        join(child);
        // The child exited normally while it held it: it stays held, and this process may release it.
        assertFalse(back.tryAcquire(SHORT));
        back.release();
        assertTrue(back.tryAcquire());
        InThread.run(() -> {
            back.release();
            return null;
        }).get();
        assertTrue(back.tryAcquire());
    }

    @Test
    void s1AFreeLockCannotBeReleased() throws Exception {
        Lock lock = new Lock();
        assertSays(TOO_OFTEN, IllegalStateException.class, lock::release);
        try (Held held = lock.hold()) {
            assertTrue(lock.isLocked());
        }
        assertSays(TOO_OFTEN, IllegalStateException.class, lock::unlock);
    }

    // ---- S2 ----

    private static void tryRelease(RLock lock, Connection result) throws InterruptedException {
        try {
            lock.release();
            result.send("released");
        } catch (IllegalStateException refused) {
            result.send(refused.getMessage() + lock.tryAcquire());
        }
    }

    @Test
    void s2AnRLockBelongsToAProcessAndAThread() throws Exception {
        String text = "attempt to release recursive lock not owned by thread";
        RLock lock = new RLock();
        assertSays(text, IllegalStateException.class, lock::release);
        lock.acquire();
        lock.acquire();
        assertTrue(lock.tryAcquire());
        assertEquals(text, result(InThread.run(() -> assertThrows(IllegalStateException.class, lock::release).getMessage())));
        assertFalse(result(InThread.run(() -> lock.tryAcquire())));
        try (Pipe pipe = Pipe.duplex()) {
            Process child = new Process(SyncSemanticsTest::tryRelease, lock, pipe.second());
            child.start();
            assertEquals(text + "false", pipe.first().recv(LONG));
            join(child);
        }
        lock.release();
        lock.release();
        assertFalse(result(InThread.run(() -> lock.tryAcquire())));
        lock.release();
        assertTrue(result(InThread.run(() -> {
            try (Held held = lock.hold()) {
                return lock.isLocked();
            }
        })));
        assertFalse(lock.isLocked());
    }

    // ---- S3 ----

    @Test
    void s3ASemaphoreHasPermits() throws Exception {
        Semaphore semaphore = new Semaphore(2);
        assertEquals(2, semaphore.getValue());
        semaphore.acquire();
        assertTrue(semaphore.tryAcquire());
        assertEquals(0, semaphore.getValue());
        assertFalse(semaphore.tryAcquire());
        assertTakes(SHORT, () -> semaphore.tryAcquire(SHORT));
        FutureTask<Boolean> waiter = InThread.run(() -> semaphore.tryAcquire(null));
        semaphore.release();
        assertTrue(result(waiter));
        semaphore.release();
        semaphore.release();
        semaphore.release();
        assertEquals(3, semaphore.getValue());
        assertSays("semaphore initial value must be >= 0", IllegalArgumentException.class, () -> new Semaphore(-1));
        Semaphore full = new Semaphore(Integer.MAX_VALUE);
        assertSays(TOO_OFTEN, IllegalStateException.class, full::release);
    }

    private static void releaseOnce(Semaphore semaphore, Connection result) throws InterruptedException {
        try {
            semaphore.release();
            result.send("released");
        } catch (IllegalStateException refused) {
            result.send(refused.getMessage());
        }
    }

    @Test
    void s3ABoundedSemaphoreIsBounded() throws Exception {
        BoundedSemaphore semaphore = new BoundedSemaphore(2);
        assertSays(TOO_OFTEN, IllegalStateException.class, semaphore::release);
        semaphore.acquire();
        try (Pipe pipe = Pipe.duplex()) {
            Process child = new Process(SyncSemanticsTest::releaseOnce, semaphore, pipe.second());
            child.start();
            assertEquals("released", pipe.first().recv(LONG));
            join(child);
            assertEquals(2, semaphore.getValue());
            assertSays(TOO_OFTEN, IllegalStateException.class, semaphore::release);
            Process second = new Process(SyncSemanticsTest::releaseOnce, semaphore, pipe.second());
            second.start();
            assertEquals(TOO_OFTEN, pipe.first().recv(LONG));
            join(second);
        }
        assertEquals(2, semaphore.getValue());
    }

    // ---- S4 ----

    @Test
    void s4AConditionNeedsItsLock() throws Exception {
        for (Mutex lock : List.of(new Lock(), new RLock())) {
            Condition condition = new Condition(lock);
            assertSays("must acquire() condition before using wait()", IllegalStateException.class, () -> condition.await(SHORT));
            assertSays("must acquire() condition before using wait()", IllegalStateException.class, () -> condition.awaitFor(() -> true));
            assertSays("lock is not owned", IllegalStateException.class, condition::signal);
            assertSays("lock is not owned", IllegalStateException.class, condition::signalAll);
            try (Held held = condition.hold()) {
                assertTakes(SHORT, () -> condition.await(SHORT));
                assertTrue(lock.isLocked());
                assertTakes(SHORT, () -> condition.awaitFor(() -> false, SHORT));
                assertTrue(condition.awaitFor(() -> true, Duration.ZERO));
                condition.signal();
            }
            assertFalse(lock.isLocked());
        }
    }

    private static void await(Condition condition, Connection result, long millis) throws InterruptedException {
        try (Held held = condition.hold()) {
            result.send("waits");
            result.send(condition.await(Duration.ofMillis(millis)));
        }
    }

    @Test
    void s4SignalEndsAsManyWaitsAsItSaysAndNoLaterOnes() throws Exception {
        Condition condition = new Condition();
        List<Pipe> pipes = new ArrayList<>();
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Pipe pipe = Pipe.duplex();
            pipes.add(pipe);
            Process child = new Process(SyncSemanticsTest::await, condition, pipe.second(), 2_000L);
            child.start();
            children.add(child);
            assertEquals("waits", pipe.first().recv(LONG));
        }
        FutureTask<Boolean> late;
        try (Held held = condition.hold()) {
            condition.signal(2);
            late = InThread.run(() -> {
                try (Held again = condition.hold()) {
                    return condition.await(Duration.ofMillis(1_000));
                }
            });
        }
        int told = 0;
        for (int i = 0; i < 3; i++) {
            told += (Boolean) pipes.get(i).first().recv(LONG) ? 1 : 0;
        }
        assertEquals(2, told);
        assertFalse(result(late), "who came later was told");
        for (Process child : children) {
            join(child);
        }
        pipes.forEach(Pipe::close);
    }

    @Test
    void s4SignalAllEndsAllAndAReentrantLockIsGivenUpWhole() throws Exception {
        Condition condition = new Condition(new RLock());
        List<FutureTask<Boolean>> waiters = new ArrayList<>();
        Event[] begun = {new Event(), new Event(), new Event(), new Event()};
        for (Event event : begun) {
            waiters.add(InThread.run(() -> {
                try (Held held = condition.hold(); Held twice = condition.hold()) {
                    event.set();
                    boolean told = condition.await(LONG);
                    condition.signal(0);
                    return told;
                }
            }));
        }
        for (Event event : begun) {
            assertTrue(event.await(LONG));
        }
        try (Held held = condition.hold()) {
            condition.signalAll();
        }
        for (FutureTask<Boolean> waiter : waiters) {
            assertTrue(result(waiter));
        }
        assertFalse(condition.lock().isLocked());
    }

    @Test
    void s4AnInterruptEndsAWaitAndTakesNoSignal() throws Exception {
        Condition condition = new Lock().newCondition();
        Event begun = new Event();
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            try (Held held = condition.hold()) {
                begun.set();
                assertThrows(InterruptedException.class, condition::await);
                return condition.lock().isLocked();
            }
        });
        Thread thread = new Thread(task);
        thread.start();
        begun.await();
        FutureTask<Boolean> other = InThread.run(() -> {
            try (Held held = condition.hold()) {
                return condition.await(LONG);
            }
        });
        condition.acquire();
        condition.release();
        thread.interrupt();
        assertTrue(result(task));
        thread.join();
        while (!condition.toString().contains("1 waiting")) {
            Thread.onSpinWait();
        }
        try (Held held = condition.hold()) {
            condition.signal();
        }
        assertTrue(result(other));
    }

    // ---- S5 ----

    private static void answer(Event question, Event answer, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            question.await();
            question.clear();
            answer.set();
        }
    }

    @Test
    void s5AnEventIsSetAndClearedAndAwaited() throws Exception {
        Event event = new Event();
        assertFalse(event.isSet());
        assertTakes(SHORT, () -> event.await(SHORT));
        assertFalse(event.await(Duration.ZERO));
        event.set();
        event.set();
        assertTrue(event.isSet());
        assertTrue(event.await(Duration.ZERO));
        event.await();
        event.clear();
        assertFalse(event.isSet());
        Event other = new Event();
        Process child = new Process(SyncSemanticsTest::answer, event, other, 1_000);
        child.start();
        for (int i = 0; i < 1_000; i++) {
            event.set();
            assertTrue(other.await(LONG), "answer " + i);
            other.clear();
        }
        join(child);
    }

    @Test
    void s5WhoWaitsSeesASetThatIsClearedAtOnce() throws Exception {
        Event event = new Event();
        for (int i = 0; i < 50; i++) {
            Thread[] threads = new Thread[3];
            List<FutureTask<Boolean>> waiters = new ArrayList<>();
            for (int k = 0; k < threads.length; k++) {
                FutureTask<Boolean> task = new FutureTask<>(() -> event.await(LONG));
                threads[k] = new Thread(task);
                threads[k].start();
                waiters.add(task);
            }
            for (Thread thread : threads) {
                while (!isInNative(thread)) {
                    Thread.onSpinWait();
                }
            }
            event.set();
            event.clear();
            for (FutureTask<Boolean> waiter : waiters) {
                assertTrue(result(waiter));
            }
        }
    }

    private static boolean isInNative(Thread thread) {
        for (StackTraceElement element : thread.getStackTrace()) {
            if (element.getMethodName().equals("waitWord")) {
                return true;
            }
        }
        return false;
    }

    // ---- S6 ----

    private static void meet(Barrier barrier, Connection result, int rounds) throws InterruptedException, BrokenBarrierException {
        for (int i = 0; i < rounds; i++) {
            result.send(barrier.await());
        }
    }

    @Test
    void s6ABarrierLetsAllGoTogether() throws Exception {
        Barrier barrier = new Barrier(3);
        assertEquals(3, barrier.parties());
        List<Pipe> pipes = List.of(Pipe.duplex(), Pipe.duplex());
        List<Process> children = new ArrayList<>();
        for (Pipe pipe : pipes) {
            Process child = new Process(SyncSemanticsTest::meet, barrier, pipe.second(), 200);
            child.start();
            children.add(child);
        }
        for (int i = 0; i < 200; i++) {
            Set<Integer> indices = new TreeSet<>(Set.of(barrier.await(LONG)));
            for (Pipe pipe : pipes) {
                indices.add((Integer) pipe.first().recv(LONG));
            }
            assertEquals(Set.of(0, 1, 2), indices);
        }
        for (Process child : children) {
            join(child);
        }
        pipes.forEach(Pipe::close);
        assertEquals(0, barrier.nWaiting());
        assertFalse(barrier.isBroken());
        assertSays("parties must be > 0", IllegalArgumentException.class, () -> new Barrier(0));
    }

    private static void breakAndMeet(Barrier barrier, Connection result) throws InterruptedException {
        try {
            barrier.await();
            result.send("went on");
        } catch (BrokenBarrierException broken) {
            result.send("broken");
        }
    }

    @Test
    void s6TimeoutAbortAndResetBreakTheWaits() throws Exception {
        Barrier barrier = new Barrier(2);
        assertThrows(BrokenBarrierException.class, () -> barrier.await(SHORT));
        assertTrue(barrier.isBroken());
        assertThrows(BrokenBarrierException.class, barrier::await);
        barrier.reset();
        assertFalse(barrier.isBroken());
        List<Runnable> ways = List.of(barrier::reset, barrier::abort);
        for (Runnable way : ways) {
            try (Pipe pipe = Pipe.duplex()) {
                Process child = new Process(SyncSemanticsTest::breakAndMeet, barrier, pipe.second());
                child.start();
                while (barrier.nWaiting() < 1) {
                    Thread.onSpinWait();
                }
                way.run();
                assertEquals("broken", pipe.first().recv(LONG));
                join(child);
            }
        }
        assertTrue(barrier.isBroken());
        barrier.reset();
        assertFalse(barrier.isBroken());
        FutureTask<Integer> first = InThread.run(barrier::await);
        assertEquals(Set.of(0, 1), Set.of(barrier.await(LONG), result(first)));
    }

    @Test
    void s6TheLastOneRunsTheActionAndItsFailureBreaks() throws Exception {
        Semaphore ran = new Semaphore(0);
        Barrier barrier = new Barrier(2, ran::release);
        try (Pipe pipe = Pipe.duplex()) {
            Process child = new Process(SyncSemanticsTest::meet, barrier, pipe.second(), 3);
            child.start();
            for (int i = 0; i < 3; i++) {
                barrier.await(LONG);
                pipe.first().recv(LONG);
                assertEquals(i + 1, ran.getValue());
            }
            join(child);
        }
        Barrier failing = new Barrier(2, () -> {
            throw new IllegalArgumentException("fails");
        });
        FutureTask<Boolean> other = InThread.run(() -> {
            try {
                failing.await();
                return false;
            } catch (BrokenBarrierException | IllegalArgumentException e) {
                return e instanceof BrokenBarrierException;
            }
        });
        while (failing.nWaiting() < 1) {
            Thread.onSpinWait();
        }
        assertSays("fails", IllegalArgumentException.class, failing::await);
        assertTrue(result(other));
        assertTrue(failing.isBroken());
    }

    @Test
    void s6AnInterruptBreaksTheBarrier() throws Exception {
        Barrier barrier = new Barrier(3);
        FutureTask<Boolean> other = InThread.run(() -> {
            assertThrows(BrokenBarrierException.class, barrier::await);
            return true;
        });
        FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
            assertThrows(InterruptedException.class, barrier::await);
            return true;
        });
        Thread thread = new Thread(interrupted);
        thread.start();
        while (barrier.nWaiting() < 2) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        assertTrue(result(interrupted));
        assertTrue(result(other));
    }

    // ---- travelling, interrupts ----

    private static void useAll(List<?> all, Connection result) throws Exception {
        ((Lock) all.get(0)).acquire();
        ((RLock) all.get(1)).acquire();
        ((Semaphore) all.get(2)).acquire();
        ((BoundedSemaphore) all.get(3)).acquire();
        ((Event) all.get(4)).set();
        try (Held held = ((Condition) all.get(5)).hold()) {
            ((Condition) all.get(5)).signalAll();
        }
        ((Barrier) all.get(6)).await();
        result.send(all);
        result.recv();
    }

    @Test
    void s7AllTravelInsideOtherValuesAndBack() throws Exception {
        List<Object> all = List.of(new Lock(), new RLock(), new Semaphore(1), new BoundedSemaphore(1), new Event(), new Condition(), new Barrier(2));
        try (Pipe pipe = Pipe.duplex()) {
            Process child = new Process(SyncSemanticsTest::useAll, all, pipe.second());
            child.start();
            ((Barrier) all.get(6)).await(LONG);
            List<?> back = (List<?>) pipe.first().recv(LONG);
            for (List<?> some : List.of(all, back)) {
                assertTrue(((Lock) some.get(0)).isLocked());
                assertTrue(((RLock) some.get(1)).isLocked());
                assertEquals(0, ((Semaphore) some.get(2)).getValue());
                assertEquals(0, ((BoundedSemaphore) some.get(3)).getValue());
                assertTrue(((Event) some.get(4)).isSet());
                assertFalse(((Condition) some.get(5)).lock().isLocked());
                assertEquals(2, ((Barrier) some.get(6)).parties());
            }
            ((Lock) back.get(0)).release();
            assertFalse(((Lock) all.get(0)).isLocked());
            pipe.first().send("end");
            join(child);
        }
    }

    @Test
    void everyWaitCanBeInterruptedAndLosesNothing() throws Exception {
        Lock lock = new Lock();
        RLock rlock = new RLock();
        Semaphore semaphore = new Semaphore(0);
        Event event = new Event();
        lock.acquire();
        rlock.acquire();
        List<Executable> waits = List.of(lock::acquire, lock::lockInterruptibly, () -> lock.tryAcquire(LONG), rlock::acquire, semaphore::acquire,
                () -> semaphore.tryAcquire(LONG), event::await, () -> event.await(LONG));
        for (Executable wait : waits) {
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                assertThrows(InterruptedException.class, wait);
                return Thread.currentThread().isInterrupted();
            });
            Thread thread = new Thread(task);
            thread.start();
            while (!isInNative(thread)) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            assertFalse(result(task));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, wait);
            assertFalse(Thread.interrupted());
        }
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            lock.lock();
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = new Thread(task);
        thread.start();
        while (!isInNative(thread)) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        lock.release();
        assertTrue(result(task), "lock() is not interruptible and keeps the flag");
        assertTrue(lock.isLocked());
        semaphore.release();
        assertEquals(1, semaphore.getValue());
    }
}
