package org.jmultiprocessing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that are put, got, reported and waited for. */
@Timeout(60)
class JoinableQueueTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void joinWaitsForEveryTask() throws Exception {
        try (JoinableQueue<Integer> queue = new JoinableQueue<>()) {
            queue.join();
            queue.put(1);
            queue.put(2);
            assertEquals(2, queue.unfinished());
            assertFalse(queue.join(SHORT));
            queue.get();
            queue.get();
            assertFalse(queue.join(SHORT));
            queue.taskDone();
            FutureTask<Boolean> join = QueueTest.inThread(() -> queue.join(Duration.ofSeconds(30)));
            queue.taskDone();
            assertTrue(join.get());
            assertEquals("task_done() called too many times", assertThrows(IllegalStateException.class, queue::taskDone).getMessage());
        }
    }

    private static void work(JoinableQueue<Integer> queue, Queue<Integer> results) throws InterruptedException {
        for (int task = queue.get(); task >= 0; task = queue.get()) {
            results.put(task);
            queue.taskDone();
        }
        queue.taskDone();
    }

    @Test
    void workersOfOtherProcesses() throws Exception {
        try (JoinableQueue<Integer> queue = new JoinableQueue<>(5); Queue<Integer> results = new Queue<>()) {
            Process first = new Process(JoinableQueueTest::work, queue, results);
            Process second = new Process(JoinableQueueTest::work, queue, results);
            first.start();
            second.start();
            for (int i = 0; i < 1000; i++) {
                queue.put(i);
            }
            queue.join();
            assertEquals(1000, results.qsize());
            queue.put(-1);
            queue.put(-1);
            queue.join();
            first.join();
            second.join();
            first.close();
            second.close();
        }
    }

    private static void takeAndStay(JoinableQueue<Integer> queue, Queue<Integer> told) throws InterruptedException {
        told.put(queue.get());
        Thread.currentThread().join();
    }

    @Test
    void aTaskInTheHandsOfTheKilledCountsNoLonger() throws Exception {
        try (JoinableQueue<Integer> queue = new JoinableQueue<>(); Queue<Integer> told = new Queue<>();
                Process worker = new Process(JoinableQueueTest::takeAndStay, queue, told)) {
            queue.put(1);
            worker.start();
            told.get();
            assertEquals(1, queue.unfinished());
            FutureTask<Boolean> join = QueueTest.inThread(() -> queue.join(Duration.ofSeconds(30)));
            long begin = System.nanoTime();
            worker.kill();
            assertTrue(join.get());
            assertTrue(System.nanoTime() - begin < 2_000_000_000L, "noticed late");
            worker.join();
            assertThrows(IllegalStateException.class, queue::taskDone);
        }
    }

    private static void takeAndExit(JoinableQueue<Integer> queue) throws InterruptedException {
        queue.get();
    }

    @Test
    void whatAProcessDidNotReportOthersMay() throws Exception {
        try (JoinableQueue<Integer> queue = new JoinableQueue<>(); Process worker = new Process(JoinableQueueTest::takeAndExit, queue)) {
            queue.put(1);
            worker.start();
            worker.join();
            assertFalse(queue.join(SHORT));
            queue.taskDone();
            queue.join();
        }
    }

    @Test
    void shutDownAtOnceFinishesWhatNobodyHas() throws Exception {
        try (JoinableQueue<Integer> queue = new JoinableQueue<>()) {
            queue.put(1);
            queue.put(2);
            queue.get();
            FutureTask<Boolean> join = QueueTest.inThread(() -> queue.join(Duration.ofSeconds(30)));
            queue.shutdown(true);
            assertEquals(1, queue.unfinished());
            queue.taskDone();
            assertTrue(join.get());
        }
    }
}
