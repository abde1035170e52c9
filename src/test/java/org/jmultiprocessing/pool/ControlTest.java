package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.WorkerDiedException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.sharedmemory.SharedInt;
import org.jmultiprocessing.sharedmemory.SharedMemory;
import org.jmultiprocessing.sync.Event;
import org.jmultiprocessing.sync.Held;
import org.jmultiprocessing.sync.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancelling, time-outs, retries, back-pressure, and handles as arguments. */
@Timeout(60)
class ControlTest {
    private static long pid() {
        return CurrentProcess.get().pid();
    }

    private static int square(int x) {
        return x * x;
    }

    private static void block(Event begun, Event event) throws InterruptedException {
        begun.set();
        event.await();
    }

    private static int count(SharedInt counter) throws InterruptedException {
        try (Held held = counter.hold()) {
            counter.set(counter.get() + 1);
            return counter.get();
        }
    }

    // ---- cancelling ----

    @Test
    void aTaskThatWaitsCanBeCancelledAndIsNotRun() throws Exception {
        Event begun = new Event();
        Event event = new Event();
        SharedInt counter = new SharedInt(0);
        try (Pool pool = new Pool(1)) {
            AsyncResult<Void> running = pool.runAsync(ControlTest::block, begun, event);
            begun.await();
            List<AsyncResult<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                waiting.add(pool.applyAsync(ControlTest::count, counter));
            }
            for (int i = 0; i < 200; i += 2) {
                assertTrue(waiting.get(i).cancel(false));
                assertTrue(waiting.get(i).isCancelled());
            }
            assertFalse(running.cancel(false), "a task that runs");
            assertFalse(running.isDone());
            event.set();
            assertNull(running.get());
            assertFalse(running.cancel(true), "a task that is done");
            for (int i = 1; i < 200; i += 2) {
                waiting.get(i).get();
            }
            assertThrows(CancellationException.class, waiting.get(0)::get);
            assertEquals(100, counter.get());
        }
    }

    @Test
    void cancellingATaskThatRunsEndsItsWorkerAlone() throws Exception {
        Event begun = new Event();
        Event event = new Event();
        try (Pool pool = new Pool(1)) {
            long before = pool.apply(ControlTest::pid);
            AsyncResult<Void> running = pool.runAsync(ControlTest::block, begun, event);
            List<AsyncResult<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(pool.applyAsync(ControlTest::square, i));
            }
            begun.await();
            assertTrue(running.cancel(true));
            assertThrows(CancellationException.class, running::get);
            for (int i = 0; i < 50; i++) {
                assertEquals(i * i, others.get(i).get());
            }
            assertNotEquals(before, pool.apply(ControlTest::pid));
        }
    }

    @Test
    void aMapCanBeCancelled() throws Exception {
        Event begun = new Event();
        Event event = new Event();
        try (Pool pool = new Pool(1)) {
            AsyncResult<List<Integer>> map = pool.mapAsync(x -> {
                block(begun, event);
                return x;
            }, List.of(1, 2, 3, 4), 1);
            begun.await();
            assertTrue(map.cancel(true));
            assertThrows(CancellationException.class, map::get);
            assertEquals(4, pool.apply(ControlTest::square, 2));
        }
    }

    @Test
    void closingAnImapCancelsWhatWaits() throws Exception {
        Event begun = new Event();
        Event event = new Event();
        SharedInt counter = new SharedInt(0);
        try (Pool pool = new Pool(1)) {
            for (boolean ordered : new boolean[] {true, false}) {
                AsyncResult<Void> running = pool.runAsync(ControlTest::block, begun, event);
                List<SharedInt> counters = List.of(counter, counter, counter);
                ResultIterator<Integer> results = ordered ? pool.imap(ControlTest::count, counters)
                        : pool.imapUnordered(ControlTest::count, counters);
                results.close();
                assertThrows(CancellationException.class, results::next);
                event.set();
                running.get();
                event.clear();
            }
            pool.shutdown();
            pool.join();
            assertEquals(0, counter.get());
        }
    }

    // ---- time ----

    @Test
    void aTaskThatTakesTooLongEndsItsWorkerAlone() throws Exception {
        Event begun = new Event();
        Event never = new Event();
        try (Pool pool = Pool.builder().processes(1).taskTimeout(Duration.ofMillis(300)).build()) {
            long before = pool.apply(ControlTest::pid);
            AsyncResult<Void> late = pool.runAsync(ControlTest::block, begun, never);
            List<AsyncResult<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(pool.applyAsync(ControlTest::square, i));
            }
            Throwable failure = assertThrows(ExecutionException.class, late::get).getCause();
            assertEquals(TimeoutException.class, failure.getClass());
            assertTrue(failure.getMessage().startsWith("the task ran for longer than PT0.3S, so its worker PoolWorker-"), failure.getMessage());
            for (int i = 0; i < 50; i++) {
                assertEquals(i * i, others.get(i).get());
            }
            assertNotEquals(before, pool.apply(ControlTest::pid));
        }
    }

    private static int pause(int millis) throws InterruptedException {
        Thread.sleep(millis);
        return millis;
    }

    @Test
    void timeInTheQueueDoesNotCount() throws Exception {
        try (Pool pool = Pool.builder().processes(1).taskTimeout(Duration.ofSeconds(2)).build()) {
            List<AsyncResult<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                results.add(pool.applyAsync(ControlTest::pause, 500));
            }
            for (AsyncResult<Integer> result : results) {
                assertEquals(500, result.get());
            }
        }
    }

    // ---- retries ----

    private static int dieUntil(SharedInt counter, int times) throws InterruptedException {
        int now = count(counter);
        if (now < times) {
            Runtime.getRuntime().halt(9);
        }
        return now;
    }

    @Test
    void aTaskIsTriedAgainAsOftenAsIsAllowed() throws Exception {
        SharedInt counter = new SharedInt(0);
        try (Pool pool = Pool.builder().processes(1).retries(2).build()) {
            assertEquals(3, pool.apply(ControlTest::dieUntil, counter, 3));
            counter.set(0);
            assertThrows(WorkerDiedException.class, () -> pool.apply(ControlTest::dieUntil, counter, 4));
            assertEquals(3, counter.get());
        }
    }

    private static void tellAtLast(SharedInt counter, Connection out) throws InterruptedException {
        out.send(dieUntil(counter, 3));
    }

    @Test
    void handlesAreSentAgain() throws Exception {
        SharedInt counter = new SharedInt(0);
        try (Pipe pipe = Pipe.oneWay(); Pool pool = Pool.builder().processes(1).retries(2).build()) {
            pool.run(ControlTest::tellAtLast, counter, pipe.writer());
            assertEquals(3, pipe.reader().recv());
            counter.set(0);
            Connection writer = pipe.writer();
            pool.map(number -> {
                tellAtLast(counter, writer);
                return number;
            }, List.of(1));
            assertEquals(3, pipe.reader().recv());
        }
    }

    private static void dieOnce(Event begun, Connection unused, Event closed) throws InterruptedException {
        begun.set();
        closed.await();
        Runtime.getRuntime().halt(9);
    }

    @Test
    void aHandleThatIsClosedMeanwhileFailsTheTask() throws Exception {
        Event begun = new Event();
        Event closed = new Event();
        try (Pipe pipe = Pipe.oneWay(); Pool pool = Pool.builder().processes(1).retries(2).build()) {
            AsyncResult<?> result = pool.runAsync(ControlTest::dieOnce, begun, pipe.writer(), closed);
            begun.await();
            pipe.writer().close();
            closed.set();
            ExecutionException failure = assertThrows(ExecutionException.class, result::get);
            assertTrue(failure.getCause().toString().contains("closed"), failure::toString);
            assertEquals(9, pool.apply(ControlTest::square, 3));
        }
    }

    // ---- back-pressure ----

    @Test
    void whoSubmitsTooMuchWaits() throws Exception {
        Event begun = new Event();
        Event event = new Event();
        try (Pool pool = Pool.builder().processes(1).maxTasksInFlight(3).build()) {
            pool.runAsync(ControlTest::block, begun, event);
            AsyncResult<Integer> second = pool.applyAsync(ControlTest::square, 2);
            pool.applyAsync(ControlTest::square, 3);
            CountDownLatch submitted = new CountDownLatch(1);
            Thread fourth = new Thread(() -> {
                pool.applyAsync(ControlTest::square, 4);
                submitted.countDown();
            });
            fourth.start();
            assertFalse(submitted.await(100, TimeUnit.MILLISECONDS));
            assertTrue(second.cancel(false));
            assertTrue(submitted.await(10, TimeUnit.SECONDS), "a cancelled task makes room");
            Thread.currentThread().interrupt();
            assertThrows(RejectedExecutionException.class, () -> pool.applyAsync(ControlTest::square, 5));
            assertTrue(Thread.interrupted());
            event.set();
            fourth.join();
            assertEquals(List.of(1, 4, 9, 16, 25, 36), pool.map(ControlTest::square, List.of(1, 2, 3, 4, 5, 6), 1));
        }
    }

    // ---- memory ----

    private static byte[][] kept;

    private static long keep(int megabytes) {
        kept = new byte[megabytes][];
        for (int i = 0; i < megabytes; i++) {
            kept[i] = new byte[1 << 20];
            Arrays.fill(kept[i], (byte) 1);
        }
        return pid();
    }

    @Test
    void aWorkerThatHasGrownTooLargeIsReplaced() throws Exception {
        try (Pool pool = Pool.builder().processes(1).memoryLimit(300 << 20).build()) {
            long small = pool.apply(ControlTest::keep, 1);
            assertEquals(small, pool.apply(ControlTest::pid));
            List<AsyncResult<Long>> after = new ArrayList<>();
            AsyncResult<Long> large = pool.applyAsync(ControlTest::keep, 350);
            for (int i = 0; i < 10; i++) {
                after.add(pool.applyAsync(ControlTest::pid));
            }
            assertEquals(small, large.get());
            for (AsyncResult<Long> each : after) {
                assertNotEquals(small, each.get());
            }
        }
    }

    // ---- handles ----

    private static void use(Queue<String> queue, Lock lock, Event event, SharedMemory memory) throws InterruptedException {
        try (Held held = lock.hold()) {
            queue.put("held");
            memory.buffer().put(0, (byte) 7);
        }
        event.set();
    }

    private static void answer(Connection connection) throws InterruptedException {
        connection.send("got " + connection.recv());
    }

    @Test
    void handlesAreArguments() throws Exception {
        Event event = new Event();
        try (Queue<String> queue = new Queue<>(); SharedMemory memory = SharedMemory.create(64); Pool pool = new Pool(2)) {
            pool.run(ControlTest::use, queue, new Lock(), event, memory);
            assertEquals("held", queue.get());
            assertEquals(7, memory.buffer().get(0));
            assertTrue(event.isSet());
            Pipe pipe = Pipe.duplex();
            AsyncResult<Void> answering = pool.runAsync(ControlTest::answer, pipe.second());
            pipe.first().send("it");
            assertEquals("got it", pipe.first().recv());
            answering.get();
            pipe.first().close();
            pipe.second().close();
            memory.unlink();
        }
    }

    @Test
    void aFunctionWithHandlesGoesToEveryWorker() throws Exception {
        try (Queue<Integer> queue = new Queue<>(); Pool pool = new Pool(2)) {
            pool.map(x -> {
                queue.put(x);
                return x;
            }, List.of(1, 2, 3, 4, 5, 6, 7, 8), 1);
            assertEquals(8, queue.qsize());
            List<Integer> drained = new ArrayList<>();
            queue.drainTo(drained);
            assertEquals(36, drained.stream().mapToInt(Integer::intValue).sum());
        }
    }

    private static void produce(Queue<Integer> queue) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            queue.put(i);
        }
    }

    private static int consume(Queue<Integer> queue) throws InterruptedException {
        int sum = 0;
        for (int i = 0; i < 100; i++) {
            sum += queue.get();
        }
        return sum;
    }

    @Test
    void tasksThatWaitForEachOtherRunAtTheSameTime() throws Exception {
        try (Queue<Integer> queue = new Queue<>(1); Pool pool = new Pool(2)) {
            for (int i = 0; i < 20; i++) {
                pool.runAsync(ControlTest::produce, queue);
                assertEquals(4950, pool.applyAsync(ControlTest::consume, queue).get(30, TimeUnit.SECONDS));
            }
        }
    }
}
