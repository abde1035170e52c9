package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.QueueEmptyException;
import org.jmultiprocessing.errors.QueueFullException;
import org.jmultiprocessing.errors.QueueShutDownException;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;

/** Queues and joinable queues. */
class QueueProxyTest extends SharedManager {
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void isABlockingQueue() throws Exception {
        BlockingQueue<String> queue = manager.queue(2);
        queue.put("a");
        assertTrue(queue.offer("b"));
        assertFalse(queue.offer("c"));
        assertFalse(queue.offer("c", 1, TimeUnit.MILLISECONDS));
        assertThrows(QueueFullException.class, () -> queue.add("c"));
        assertEquals(0, queue.remainingCapacity());
        assertEquals("a", queue.peek());
        assertEquals("a", queue.element());
        assertEquals(List.of("a", "b"), List.copyOf(queue));
        assertArrayEquals(new Object[] {"a", "b"}, queue.toArray());
        assertTrue(queue.contains("b"));
        assertTrue(queue.remove("b"));
        assertFalse(queue.remove("b"));
        assertEquals("a", queue.take());
        assertNull(queue.poll());
        assertNull(queue.poll(1, TimeUnit.MILLISECONDS));
        assertThrows(QueueEmptyException.class, queue::remove);
        queue.addAll(List.of("x", "y"));
        List<String> drained = new ArrayList<>();
        assertEquals(1, queue.drainTo(drained, 1));
        assertEquals(1, queue.drainTo(drained));
        assertEquals(List.of("x", "y"), drained);
        queue.add("z");
        queue.clear();
        assertTrue(queue.isEmpty());
        assertThrows(NullPointerException.class, () -> queue.put(null));
    }

    @Test
    void isAPythonsQueue() throws Exception {
        QueueProxy<Integer> queue = manager.queue(1);
        queue.put(1, SHORT);
        assertTrue(queue.full());
        assertThrows(QueueFullException.class, () -> queue.put(2, SHORT));
        assertThrows(QueueFullException.class, () -> queue.putNowait(2));
        assertEquals(1, queue.qsize());
        assertEquals("Queue[1]", queue.toString());
        assertEquals(1, queue.get());
        assertTrue(queue.empty());
        assertThrows(QueueEmptyException.class, () -> queue.get(SHORT));
        assertThrows(QueueEmptyException.class, queue::getNowait);
    }

    static void answer(BlockingQueue<Object> requests, BlockingQueue<Object> answers) throws InterruptedException {
        Object request = requests.take();
        while (!request.equals("end")) {
            answers.put(List.of(request, "answer"));
            request = requests.take();
        }
    }

    @Test
    void messagesGoBetweenProcesses() throws Exception {
        QueueProxy<Object> requests = manager.queue();
        QueueProxy<Object> answers = manager.queue(1);
        try (Process child = new Process(QueueProxyTest::answer, requests, answers)) {
            child.start();
            for (int i = 0; i < 100; i++) {
                requests.put(i);
                assertEquals(List.of(i, "answer"), answers.take());
            }
            requests.put("end");
            child.join();
            assertEquals(0, child.exitCode().orElseThrow());
        }
    }

    @Test
    void aWaitHoldsUpNobody() throws Exception {
        QueueProxy<String> queue = manager.queue();
        List<Thread> waiting = new ArrayList<>();
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 20; i++) {
            Thread thread = new Thread(() -> {
                try {
                    got.add(queue.take());
                } catch (InterruptedException e) {
                    got.add("interrupted");
                }
            });
            thread.start();
            waiting.add(thread);
        }
        for (int i = 0; i < 20; i++) {
            assertEquals("Queue[]", queue.toString());
        }
        for (int i = 0; i < 20; i++) {
            queue.put("message");
        }
        for (Thread thread : waiting) {
            thread.join();
        }
        assertEquals(Collections.nCopies(20, "message"), got);
    }

    @Test
    void shutdownEndsAllWaits() throws Exception {
        QueueProxy<String> queue = manager.queue(1);
        queue.put("last");
        queue.shutdown();
        assertThrows(QueueShutDownException.class, () -> queue.put("more"));
        assertEquals("last", queue.get());
        assertThrows(QueueShutDownException.class, queue::get);
        QueueProxy<String> other = manager.queue();
        other.put("lost");
        other.shutdown(true);
        assertThrows(QueueShutDownException.class, other::getNowait);
    }

    @Test
    void aJoinableQueueIsJoined() throws Exception {
        JoinableQueueProxy<Integer> queue = manager.joinableQueue();
        assertTrue(queue.join(SHORT));
        queue.put(1);
        queue.put(2);
        assertEquals(2, queue.unfinished());
        assertThrows(IllegalStateException.class, queue::taskDone);
        queue.get();
        queue.taskDone();
        assertFalse(queue.join(SHORT));
        queue.get();
        queue.taskDone();
        queue.join();
        IllegalStateException tooMany = assertThrows(IllegalStateException.class, queue::taskDone);
        assertEquals("task_done() called too many times", tooMany.getMessage());
    }

    static void getAndEnd(JoinableQueueProxy<Integer> queue) throws InterruptedException {
        queue.get();
    }

    @Test
    void whatAnEndedClientHasGotCountsNoLonger() throws Exception {
        JoinableQueueProxy<Integer> queue = manager.joinableQueue();
        queue.put(1);
        try (Process child = new Process(QueueProxyTest::getAndEnd, queue)) {
            child.start();
            queue.join();
            child.join();
        }
        assertEquals(0, queue.unfinished());
    }
}
