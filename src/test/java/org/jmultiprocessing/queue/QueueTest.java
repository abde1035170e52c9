package org.jmultiprocessing.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.QueueEmptyException;
import org.jmultiprocessing.errors.QueueFullException;
import org.jmultiprocessing.errors.QueueShutDownException;
import org.jmultiprocessing.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue within one process: bounds, waits, its end, and what a BlockingQueue promises. */
@Timeout(60)
class QueueTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    static <T> FutureTask<T> inThread(Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task, "queue-test");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Until a thread waits in the kernel, which no event tells of. */
    private static void awaitBlocked(Thread thread) {
        while (thread.getState() == Thread.State.RUNNABLE && !isInNativeWait(thread)) {
            Thread.onSpinWait();
        }
    }

    private static boolean isInNativeWait(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals("waitWord")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whatIsPutComesOutInOrderAndAsACopy() throws Exception {
        try (Queue<Object> queue = new Queue<>()) {
            List<Integer> list = new ArrayList<>(List.of(1, 2));
            queue.put(list);
            list.add(3);
            queue.put("text");
            queue.put(new byte[] {1, 2, 3});
            assertEquals(List.of(1, 2), queue.get());
            assertEquals("text", queue.take());
            assertArrayEquals(new byte[] {1, 2, 3}, (byte[]) queue.poll());
            assertNull(queue.poll());
        }
    }

    @Test
    void boundOfMessages() throws Exception {
        try (Queue<Integer> queue = new Queue<>(2)) {
            assertTrue(queue.offer(1));
            assertEquals(1, queue.remainingCapacity());
            assertFalse(queue.full());
            queue.putNowait(2);
            assertTrue(queue.full());
            assertFalse(queue.offer(3));
            assertThrows(QueueFullException.class, () -> queue.putNowait(3));
            assertThrows(IllegalStateException.class, () -> queue.add(3));
            assertThrows(QueueFullException.class, () -> queue.put(3, SHORT));
            assertThrows(QueueFullException.class, () -> queue.put(3, Duration.ZERO));
            assertFalse(queue.offer(3, 10, TimeUnit.MILLISECONDS));
            assertEquals(0, queue.remainingCapacity());
            assertEquals(2, queue.qsize());
            assertEquals(1, queue.get());
            assertTrue(queue.offer(3, 1, TimeUnit.SECONDS));
            assertEquals(List.of(2, 3), List.of(queue.get(), queue.get()));
        }
        try (Queue<Integer> queue = new Queue<>(-1)) {
            assertEquals(Integer.MAX_VALUE, queue.remainingCapacity());
            assertFalse(queue.full());
        }
    }

    @Test
    void boundOfBytes() throws Exception {
        try (Queue<byte[]> queue = Queue.builder().maxBytes(4096).build()) {
            int count = 0;
            while (queue.offer(new byte[100])) {
                count++;
            }
            // 100 bytes, four before them, and a head of 8.
            assertEquals(4096 / 112, count);
            assertFalse(queue.offer(new byte[10_000]), "larger than the bound while others are in");
            FutureTask<Void> large = inThread(() -> {
                queue.put(new byte[10_000]);
                return null;
            });
            for (int i = 0; i < count; i++) {
                assertEquals(100, queue.get().length);
            }
            assertEquals(10_000, queue.get().length);
            large.get();
            for (int round = 0; round < 200; round++) {
                assertTrue(queue.offer(new byte[round]));
                assertTrue(queue.offer(new byte[2 * round]));
                assertEquals(round, queue.get().length);
                assertEquals(2 * round, queue.get().length);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Queue.builder().maxBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> Queue.builder().maxItems(1 << 28));
    }

    @Test
    void anEmptyQueueGivesNothing() throws Exception {
        try (Queue<Integer> queue = new Queue<>()) {
            assertTrue(queue.empty());
            assertTrue(queue.isEmpty());
            assertNull(queue.poll());
            assertNull(queue.poll(10, TimeUnit.MILLISECONDS));
            assertThrows(QueueEmptyException.class, queue::getNowait);
            assertThrows(NoSuchElementException.class, queue::remove);
            assertThrows(QueueEmptyException.class, () -> queue.get(SHORT));
            assertThrows(QueueEmptyException.class, () -> queue.get(Duration.ofSeconds(-1)));
            queue.put(1);
            assertFalse(queue.empty());
            assertEquals(1, queue.get(SHORT));
        }
    }

    @Test
    void nullSuggestsASentinel() {
        try (Queue<Integer> queue = new Queue<>()) {
            String message = assertThrows(NullPointerException.class, () -> queue.put(null)).getMessage();
            assertTrue(message.contains("stands for the end"), message);
            assertThrows(NullPointerException.class, () -> queue.offer(null));
        }
    }

    @Test
    void whatCannotBeWrittenFailsInThePutterAndTheQueueIsAsBefore() throws Exception {
        try (Queue<Object> queue = new Queue<>(1)) {
            assertThrows(SerializationException.class, () -> queue.put(List.of(new Object())));
            assertEquals(0, queue.qsize());
            assertTrue(queue.offer("fits"));
            assertEquals("fits", queue.get());
        }
    }

    @Test
    void whatNeedsAnObjectTwiceIsNotSupported() {
        try (Queue<Integer> queue = new Queue<>()) {
            queue.add(1);
            assertThrows(UnsupportedOperationException.class, queue::peek);
            assertThrows(UnsupportedOperationException.class, queue::element);
            assertThrows(UnsupportedOperationException.class, queue::iterator);
            assertThrows(UnsupportedOperationException.class, () -> queue.contains(1));
            assertThrows(UnsupportedOperationException.class, () -> queue.remove((Object) 1));
            assertTrue(queue.toString().contains("queue-"), queue.toString());
            queue.clear();
            assertEquals(0, queue.size());
        }
    }

    @Test
    void drainingTakesWhatIsThereInOrder() throws Exception {
        try (Queue<Object> queue = new Queue<>()) {
            List<Object> expected = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                Object value = i % 1000 == 7 ? new String(new char[3000]) + i : i;
                expected.add(value);
                queue.put(value);
            }
            List<Object> drained = new ArrayList<>();
            assertEquals(10, queue.drainTo(drained, 10));
            assertEquals(0, queue.drainTo(drained, 0));
            assertEquals(0, queue.drainTo(drained, -1));
            assertEquals(19_990, queue.drainTo(drained));
            assertEquals(expected, drained);
            assertEquals(0, queue.drainTo(drained));
            assertThrows(IllegalArgumentException.class, () -> queue.drainTo(queue));
            assertThrows(NullPointerException.class, () -> queue.drainTo(null));
        }
    }

    @Test
    void threadsGetEachMessageOnceAndInThePuttersOrder() throws Exception {
        try (Queue<int[]> queue = new Queue<>(100)) {
            int each = 20_000;
            List<FutureTask<Void>> putters = new ArrayList<>();
            List<FutureTask<List<int[]>>> getters = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                int id = thread;
                putters.add(inThread(() -> {
                    for (int i = 0; i < each; i++) {
                        queue.put(new int[] {id, i});
                    }
                    return null;
                }));
                getters.add(inThread(() -> {
                    List<int[]> got = new ArrayList<>();
                    for (int[] message = queue.get(); message[0] >= 0; message = queue.get()) {
                        got.add(message);
                    }
                    return got;
                }));
            }
            for (FutureTask<Void> putter : putters) {
                putter.get();
            }
            int total = 0;
            for (int i = 0; i < getters.size(); i++) {
                queue.put(new int[] {-1});
            }
            for (FutureTask<List<int[]>> getter : getters) {
                int[] last = {-1, -1, -1};
                for (int[] message : getter.get()) {
                    assertTrue(message[1] > last[message[0]]);
                    last[message[0]] = message[1];
                    total++;
                }
            }
            assertEquals(3 * each, total);
        }
    }

    @Test
    void messagesOfAllSizesThroughRingsThatGrowAndShrink() throws Exception {
        try (Queue<byte[]> queue = new Queue<>()) {
            Random random = new Random(7);
            for (int round = 0; round < 60; round++) {
                List<byte[]> put = new ArrayList<>();
                int count = random.nextInt(40);
                for (int i = 0; i < count; i++) {
                    byte[] bytes = new byte[random.nextInt(1 << random.nextInt(21))];
                    random.nextBytes(bytes);
                    put.add(bytes);
                    queue.put(bytes);
                    if (random.nextInt(3) == 0) {
                        assertArrayEquals(put.remove(0), queue.get());
                    }
                }
                for (byte[] expected : put) {
                    assertArrayEquals(expected, queue.get());
                }
            }
        }
    }

    @Test
    void aLargeMessageThroughASmallQueue() throws Exception {
        byte[] large = new byte[64 << 20];
        new Random(1).nextBytes(large);
        try (Queue<byte[]> queue = Queue.builder().maxItems(1).maxBytes(4096).build()) {
            queue.put(large);
            assertTrue(queue.full());
            assertArrayEquals(large, queue.get());
            assertTrue(queue.empty());
            assertTrue(queue.offer(new byte[1]));
        }
    }

    @Test
    void anInterruptEndsAWaitAndNothingIsLost() throws Exception {
        try (Queue<Integer> queue = new Queue<>(1)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> queue.put(1));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, queue::get);
            assertEquals(0, queue.qsize());
            FutureTask<Integer> getter = new FutureTask<>(queue::get);
            interruptWhenBlocked(getter);
            queue.put(1);
            interruptWhenBlocked(new FutureTask<>(() -> {
                queue.put(2);
                return 0;
            }));
            assertEquals(1, queue.qsize());
            assertEquals(1, queue.get());
        }
    }

    private static void interruptWhenBlocked(FutureTask<Integer> task) throws InterruptedException {
        Thread thread = new Thread(task, "queue-test");
        thread.start();
        awaitBlocked(thread);
        thread.interrupt();
        assertTrue(assertThrows(ExecutionException.class, task::get).getCause() instanceof InterruptedException);
        thread.join();
    }

    @Test
    void virtualThreadsPark() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
        // By reflection, since the tests compile for 17.
        ExecutorService executor = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try (Queue<Integer> there = new Queue<>(1); Queue<Integer> back = new Queue<>(1)) {
            int each = 200;
            int pairs = 20;
            List<Future<Integer>> sums = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                sums.add(executor.submit(() -> {
                    for (int message = 0; message < each; message++) {
                        back.put(there.get());
                    }
                    return 0;
                }));
            }
            for (int i = 0; i < pairs; i++) {
                sums.add(executor.submit(() -> {
                    int sum = 0;
                    for (int message = 0; message < each; message++) {
                        there.put(message);
                        sum += back.get();
                    }
                    return sum;
                }));
            }
            int total = 0;
            for (Future<Integer> sum : sums) {
                total += sum.get(30, TimeUnit.SECONDS);
            }
            assertEquals(pairs * each * (each - 1) / 2, total);
        } finally {
            executor.shutdown();
            assertTrue(executor.awaitTermination(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shutDownLetsTheRestBeGot() throws Exception {
        try (Queue<Integer> queue = new Queue<>(1)) {
            queue.put(1);
            FutureTask<Integer> putter = inThread(() -> {
                queue.put(2);
                return 0;
            });
            queue.shutdown();
            assertTrue(assertThrows(ExecutionException.class, putter::get).getCause() instanceof QueueShutDownException);
            assertThrows(QueueShutDownException.class, () -> queue.offer(2));
            assertEquals(1, queue.get());
            assertThrows(QueueShutDownException.class, queue::get);
            assertThrows(QueueShutDownException.class, queue::poll);
            assertEquals(0, queue.drainTo(new ArrayList<>()));
        }
    }

    @Test
    void shutDownAtOnceThrowsTheRestAway() throws Exception {
        try (Queue<Object> queue = new Queue<>()) {
            FutureTask<Object> getter = inThread(queue::get);
            queue.put("first");
            assertEquals("first", getter.get());
            getter = inThread(queue::get);
            queue.shutdown();
            FutureTask<Object> woken = getter;
            assertTrue(assertThrows(ExecutionException.class, woken::get).getCause() instanceof QueueShutDownException);
        }
        try (Queue<Object> queue = new Queue<>()) {
            queue.put(new byte[2 << 20]);
            for (int i = 0; i < 100_000; i++) {
                queue.put(i);
            }
            queue.shutdown(true);
            assertEquals(0, queue.qsize());
            assertThrows(QueueShutDownException.class, queue::get);
        }
    }

    @Test
    void closeWakesWhoWaitsByThisHandle() throws Exception {
        BlockingQueue<Integer> queue = new Queue<>();
        FutureTask<Integer> getter = inThread(queue::take);
        ((Queue<Integer>) queue).close();
        ((Queue<Integer>) queue).close();
        String text = assertThrows(ExecutionException.class, getter::get).getCause().getMessage();
        assertTrue(text.startsWith("Queue <") && text.endsWith("> is closed"), text);
        assertThrows(IllegalStateException.class, () -> queue.put(1));
        assertThrows(IllegalStateException.class, queue::poll);
        ((Queue<Integer>) queue).joinThread();
        ((Queue<Integer>) queue).cancelJoinThread();
    }

    @Test
    void aValueWhoseSerializationUsesAQueue() throws Exception {
        try (Queue<Object> queue = new Queue<>()) {
            Nested.queue = queue;
            queue.put(new Nested());
            assertEquals("inner", queue.get());
            assertTrue(queue.get() instanceof Nested);
            assertEquals("read", queue.get());
        } finally {
            Nested.queue = null;
        }
    }

    private static final class Nested implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
        private static Queue<Object> queue;

        private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
            queue.add("inner");
            out.defaultWriteObject();
        }

        private void readObject(java.io.ObjectInputStream in) throws java.io.IOException, ClassNotFoundException {
            in.defaultReadObject();
            queue.add("read");
        }
    }
}
