package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.internal.arena.Step;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.queue.JoinableQueue;
import org.jmultiprocessing.queue.Queue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process is killed at each step of put and get: the others go on at once, and at most the message in its hands is gone. */
@Timeout(60)
class QueueCrashTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int COUNT = 3000;
    /** Larger than the base ring together, so that rings begin and end; each hundredth has a file of its own. */
    private static final int SMALL = 200;
    private static final int LARGE = 2 << 20;

    private static byte[] message(int number) {
        byte[] message = new byte[number % 1000 == 5 ? LARGE : SMALL];
        message[0] = (byte) number;
        message[1] = (byte) (number >> 8);
        message[message.length - 1] = (byte) ~number;
        return message;
    }

    private static int number(byte[] message) {
        int number = message[0] & 0xFF | (message[1] & 0xFF) << 8;
        assertEquals((byte) ~number, message[message.length - 1], "the end of a message");
        assertEquals(number % 1000 == 5 ? LARGE : SMALL, message.length);
        return number;
    }

    private static void putAll(Queue<byte[]> queue) throws InterruptedException {
        for (int i = 0; i < COUNT; i++) {
            queue.put(message(i));
        }
    }

    private static void getAll(Queue<byte[]> queue, Connection report) throws InterruptedException {
        while (true) {
            report.send(number(queue.get()));
            if (queue instanceof JoinableQueue<byte[]> tasks) {
                tasks.taskDone();
            }
        }
    }

    private static void startAndAwaitItsDeath(Process process) throws InterruptedException {
        process.start();
        awaitDeath(process);
    }

    private static void awaitDeath(Process process) throws InterruptedException {
        assertTrue(process.join(PATIENCE), "it did not come to that step");
        assertEquals("-SIGKILL", process.exitStatus().orElseThrow().toString(), "it did not come to that step");
        process.close();
    }

    private static String at(String point) {
        return "-D" + Step.PROPERTY + "=" + point;
    }

    private static void assertWorks(Queue<byte[]> queue) throws InterruptedException {
        long begin = System.nanoTime();
        queue.put(message(1));
        assertEquals(1, number(queue.get(PATIENCE)));
        assertTrue(System.nanoTime() - begin < 1_000_000_000L, "others went on late");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOCK_TAKEN:1", "LOCK_TAKEN:1000", "PUT_WRITTEN:1", "PUT_WRITTEN:900", "PUT_PUBLISHED:1", "PUT_PUBLISHED:900",
        "LOCK_FREED:700", "RING_STARTED:1", "RING_STARTED:3", "BLOB_WRITTEN:1", "BLOB_WRITTEN:2"})
    void aPutterIsKilled(String point) throws Exception {
        try (Queue<byte[]> queue = new Queue<>()) {
            startAndAwaitItsDeath(Process.builder(QueueCrashTest::putAll, queue).jvmOptions(at(point)).build());
            int size = queue.qsize();
            for (int i = 0; i < size; i++) {
                assertEquals(i, number(queue.get(PATIENCE)));
            }
            assertTrue(queue.empty());
            assertWorks(queue);
            // A second putter begins where the first one could not go on.
            Process second = new Process(QueueCrashTest::putAll, queue);
            second.start();
            for (int i = 0; i < COUNT; i++) {
                assertEquals(i, number(queue.get(PATIENCE)));
            }
            second.join();
            second.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOCK_TAKEN:1", "LOCK_TAKEN:1000", "GET_COPIED:1", "GET_COPIED:900", "GET_PUBLISHED:1", "GET_PUBLISHED:900",
        "LOCK_FREED:700", "RING_LEFT:1", "RING_LEFT:2", "BLOB_OPENED:1", "BLOB_OPENED:2"})
    void aGetterIsKilled(String point) throws Exception {
        try (Queue<byte[]> queue = new Queue<>()) {
            putAll(queue);
            int next = getUntilDeath(queue, point);
            next = expectOneMissingAtMost(queue, next);
            while (next < COUNT) {
                assertEquals(next++, number(queue.get(PATIENCE)));
            }
            assertTrue(queue.empty());
            assertWorks(queue);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOLDER_CLAIMED", "HOLDER_COUNTED:1", "HOLDER_COUNTED:2", "HOLDER_COUNTED:1000", "HOLDER_COUNTED:1001", "GET_COPIED:900",
        "GET_PUBLISHED:900"})
    void aGetterOfTasksIsKilled(String point) throws Exception {
        try (JoinableQueue<byte[]> queue = new JoinableQueue<>()) {
            putAll(queue);
            int next = expectOneMissingAtMost(queue, getUntilDeath(queue, point));
            queue.taskDone();
            while (next < COUNT) {
                assertEquals(COUNT - next, queue.unfinished());
                assertEquals(next++, number(queue.get(PATIENCE)));
                queue.taskDone();
            }
            assertTrue(queue.join(PATIENCE));
            assertEquals(0, queue.unfinished());
        }
    }

    /** Some time after the queue is empty, the getter takes it back to its first ring: the only one that it begins, and the fourth that it leaves. */
    @ParameterizedTest
    @ValueSource(strings = {"RING_STARTED:1", "RING_LEFT:4"})
    void aGetterIsKilledAsItGivesBackWhatTheQueueHasGrownBy(String point) throws Exception {
        try (Queue<byte[]> queue = new Queue<>()) {
            putAll(queue);
            assertEquals(COUNT, getUntilDeath(queue, point));
            assertTrue(queue.empty());
            assertWorks(queue);
            putAll(queue);
            for (int i = 0; i < COUNT; i++) {
                assertEquals(i, number(queue.get(PATIENCE)));
            }
            assertTrue(queue.empty());
        }
    }

    /** Returns the message after the last that the getter reported. */
    private static int getUntilDeath(Queue<byte[]> queue, String point) throws InterruptedException {
        int next = 0;
        try (Pipe pipe = Pipe.oneWay()) {
            Process getter = Process.builder(QueueCrashTest::getAll, queue, pipe.writer()).jvmOptions(at(point)).build();
            getter.start();
            pipe.writer().close();
            try {
                while (true) {
                    assertEquals(next++, pipe.reader().recv());
                }
            } catch (EndOfStreamException end) {
                next--;
            }
            awaitDeath(getter);
        }
        return next;
    }

    private static int expectOneMissingAtMost(Queue<byte[]> queue, int next) throws InterruptedException {
        int first = number(queue.get(PATIENCE));
        assertTrue(first == next || first == next + 1, "after " + (next - 1) + " came " + first);
        return first + 1;
    }

    private static void getOne(Queue<byte[]> queue) throws InterruptedException {
        queue.get();
    }

    private static void putOne(Queue<byte[]> queue) throws InterruptedException {
        queue.put(message(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAIT_ENTERED", "WAIT_CHECKED"})
    void aGetterIsKilledThatWaits(String point) throws Exception {
        try (Queue<byte[]> queue = new Queue<>()) {
            List<Process> waiting = new ArrayList<>();
            startAndAwaitItsDeath(Process.builder(QueueCrashTest::getOne, queue).jvmOptions(at(point)).build());
            for (int i = 0; i < 2; i++) {
                Process process = new Process(QueueCrashTest::getOne, queue);
                process.start();
                waiting.add(process);
            }
            queue.put(message(1));
            queue.put(message(2));
            for (Process process : waiting) {
                assertTrue(process.join(PATIENCE), "nobody woke it");
                process.close();
            }
            assertWorks(queue);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAIT_ENTERED", "WAIT_CHECKED"})
    void aPutterIsKilledThatWaits(String point) throws Exception {
        try (Queue<byte[]> queue = new Queue<>(1)) {
            queue.put(message(1));
            startAndAwaitItsDeath(Process.builder(QueueCrashTest::putOne, queue).jvmOptions(at(point)).build());
            Process waiting = new Process(QueueCrashTest::putOne, queue);
            waiting.start();
            assertEquals(1, number(queue.get()));
            assertEquals(2, number(queue.get(PATIENCE)));
            waiting.join();
            waiting.close();
            assertWorks(queue);
        }
    }

    private static void getForEver(Queue<byte[]> queue, Connection report) throws InterruptedException {
        report.send("ready");
        while (true) {
            queue.get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAIT_WOKEN:1", "WAIT_WOKEN:2", "LOCK_TAKEN:2", "LOCK_TAKEN:3"})
    void aGetterIsKilledOnItsWayToAMessage(String point) throws Exception {
        try (Queue<byte[]> queue = new Queue<>(); Pipe pipe = Pipe.oneWay()) {
            Process killed = Process.builder(QueueCrashTest::getForEver, queue, pipe.writer()).jvmOptions(at(point)).build();
            killed.start();
            Process other = new Process(QueueCrashTest::getOne, queue);
            other.start();
            assertEquals("ready", pipe.reader().recv());
            while (killed.isAlive()) {
                if (queue.empty()) {
                    queue.put(message(1));
                }
                // Long enough for a getter to stop spinning and block.
                LockSupport.parkNanos(2_000_000);
            }
            awaitDeath(killed);
            queue.put(message(1));
            assertTrue(other.join(PATIENCE), "the signal went with the killed");
            other.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT_PUBLISHED:1", "SIGNAL_PENDING:1", "LOCK_FREED:1"})
    void aPutterIsKilledBeforeItWakesAnybody(String point) throws Exception {
        try (Queue<byte[]> queue = new Queue<>()) {
            Process getter = new Process(QueueCrashTest::getOne, queue);
            getter.start();
            Process putter = Process.builder(QueueCrashTest::putOne, queue).jvmOptions(at(point)).build();
            putter.start();
            assertTrue(putter.join(PATIENCE));
            putter.close();
            assertTrue(getter.join(PATIENCE), "the death of the putter woke nobody");
            getter.close();
            assertWorks(queue);
        }
    }
}
