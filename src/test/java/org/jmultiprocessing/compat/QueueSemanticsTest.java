package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.jmultiprocessing.errors.QueueEmptyException;
import org.jmultiprocessing.errors.QueueFullException;
import org.jmultiprocessing.errors.QueueShutDownException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.queue.JoinableQueue;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.queue.SimpleQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sentences of Python's documentation and code on queues, Q1 to Q10: a test for each. */
@Tag("smoke")
@Timeout(60)
class QueueSemanticsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static void put(Queue<Object> queue, Object value) throws InterruptedException {
        queue.put(value);
    }

    private static void move(Queue<Object> from, Queue<Object> to, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            to.put(from.get());
        }
    }

    private static void run(Process... processes) throws InterruptedException {
        for (Process process : processes) {
            process.start();
        }
        for (Process process : processes) {
            assertTrue(process.join(PATIENCE));
            assertEquals(0, process.exitCode().orElseThrow());
            process.close();
        }
    }

    @Test
    void q1ManyPutManyGetAcrossProcesses() throws Exception {
        try (Queue<Object> from = new Queue<>(4); Queue<Object> to = new Queue<>()) {
            run(new Process(QueueSemanticsTest::put, from, "a"), new Process(QueueSemanticsTest::put, from, "b"),
                    new Process(QueueSemanticsTest::move, from, to, 1), new Process(QueueSemanticsTest::move, from, to, 1));
            List<Object> both = List.of(to.get(), to.get());
            assertTrue(both.contains("a") && both.contains("b"), both.toString());
        }
    }

    @Test
    void q2PutWaitsOrSaysFullAndFailsInTheCaller() throws Exception {
        Queue<Object> queue = new Queue<>(1);
        queue.put(1);
        assertThrows(QueueFullException.class, () -> queue.put(2, Duration.ofMillis(10)));
        assertThrows(QueueFullException.class, () -> queue.putNowait(2));
        // Python prints it in the feeder and drops the object.
        assertEquals(1, queue.get());
        assertThrows(SerializationException.class, () -> queue.put(new Object()));
        assertEquals(0, queue.qsize());
        queue.close();
        String text = assertThrows(IllegalStateException.class, () -> queue.put(1)).getMessage();
        assertTrue(text.matches("Queue <.*> is closed"), text);
    }

    @Test
    void q3GetWaitsOrSaysEmpty() throws Exception {
        Queue<Object> queue = new Queue<>();
        assertThrows(QueueEmptyException.class, () -> queue.get(Duration.ofMillis(10)));
        assertThrows(QueueEmptyException.class, queue::getNowait);
        queue.close();
        String text = assertThrows(IllegalStateException.class, queue::get).getMessage();
        assertTrue(text.matches("Queue <.*> is closed"), text);
    }

    @Test
    void q4SizesAreExactAndKnownAtOnce() throws Exception {
        try (Queue<Object> queue = new Queue<>(2)) {
            assertTrue(queue.empty());
            queue.put(1);
            assertFalse(queue.empty());
            assertEquals(1, queue.getNowait());
            queue.put(1);
            assertEquals(1, queue.qsize());
            queue.put(2);
            assertTrue(queue.full());
        }
    }

    private static void count(Queue<Object> queue, int most) throws InterruptedException {
        for (int i = 0; i < most; i++) {
            queue.put(i);
        }
    }

    @Test
    void q5OrderOfOnePutter() throws Exception {
        try (Queue<Object> queue = new Queue<>()) {
            run(new Process(QueueSemanticsTest::count, queue, 10_000));
            for (int i = 0; i < 10_000; i++) {
                assertEquals(i, queue.getNowait());
            }
        }
    }

    @Test
    void q6ThereIsNoFeederToJoin() throws Exception {
        Queue<Object> queue = new Queue<>();
        queue.joinThread();
        queue.cancelJoinThread();
        // In Python a child that put this much does not end before it was got.
        Process child = new Process(QueueSemanticsTest::count, queue, 100_000);
        run(child);
        assertEquals(100_000, queue.qsize());
        queue.close();
        queue.joinThread();
        queue.close();
    }

    @Test
    void q7TasksAreReportedAndJoined() throws Exception {
        try (JoinableQueue<Object> queue = new JoinableQueue<>()) {
            queue.put(1);
            assertFalse(queue.join(Duration.ofMillis(10)));
            queue.get();
            queue.taskDone();
            queue.join();
            assertEquals("task_done() called too many times", assertThrows(IllegalStateException.class, queue::taskDone).getMessage());
        }
    }

    @Test
    void q8ASimpleQueue() throws Exception {
        SimpleQueue<Object> queue = new SimpleQueue<>();
        assertTrue(queue.empty());
        // More than a pipe holds.
        for (int i = 0; i < 10_000; i++) {
            queue.put("message " + i);
        }
        assertFalse(queue.empty());
        for (int i = 0; i < 10_000; i++) {
            assertEquals("message " + i, queue.get());
        }
        assertThrows(NullPointerException.class, () -> queue.put(null));
        queue.close();
        assertThrows(IllegalStateException.class, queue::get);
    }

    private static void answer(Connection connection) throws InterruptedException {
        @SuppressWarnings("unchecked")
        Queue<Object> queue = (Queue<Object>) connection.recv();
        queue.put("received later");
    }

    @Test
    void q9QueuesTravelToProcessesThatRunAlready() throws Exception {
        try (Queue<Object> queue = new Queue<>(); Pipe pipe = Pipe.duplex()) {
            Process child = new Process(QueueSemanticsTest::answer, pipe.second());
            child.start();
            pipe.first().send(queue);
            assertEquals("received later", queue.get(PATIENCE));
            child.join();
            child.close();
        }
    }

    private static void useWhatCame(Queue<Object> queue) throws InterruptedException {
        Connection connection = (Connection) queue.get();
        connection.send("through a queue");
        connection.close();
    }

    @Test
    void q9ConnectionsTravelThroughQueues() throws Exception {
        try (Queue<Object> queue = new Queue<>()) {
            Pipe pipe = Pipe.duplex();
            queue.put(pipe.second());
            pipe.second().close();
            run(new Process(QueueSemanticsTest::useWhatCame, queue));
            assertEquals("through a queue", pipe.first().recv());
            pipe.first().close();
        }
    }

    @Test
    void q10ShutDown() throws Exception {
        try (Queue<Object> queue = new Queue<>()) {
            queue.put(1);
            queue.shutdown();
            assertThrows(QueueShutDownException.class, () -> queue.put(2));
            assertEquals(1, queue.get());
            assertThrows(QueueShutDownException.class, queue::get);
        }
        try (Queue<Object> queue = new Queue<>()) {
            queue.put(1);
            queue.shutdown(true);
            assertThrows(QueueShutDownException.class, queue::getNowait);
            assertTrue(queue.empty());
        }
    }
}
