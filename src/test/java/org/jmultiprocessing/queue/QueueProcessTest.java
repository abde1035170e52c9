package org.jmultiprocessing.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jmultiprocessing.errors.QueueFullException;
import org.jmultiprocessing.errors.QueueShutDownException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues between processes. */
@Timeout(60)
class QueueProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static void run(Process... processes) throws InterruptedException {
        for (Process process : processes) {
            process.start();
        }
    }

    private static void join(Process... processes) throws InterruptedException {
        for (Process process : processes) {
            assertTrue(process.join(PATIENCE), process + " does not end");
            assertEquals(0, process.exitCode().orElseThrow(), process.toString());
            process.close();
        }
    }

    private static void count(Queue<Integer> queue, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            queue.put(i);
        }
    }

    @Test
    void whoPutsMayExitAtOnceAndNothingIsLost() throws Exception {
        try (Queue<Integer> queue = new Queue<>()) {
            Process putter = new Process(QueueProcessTest::count, queue, 0, 100_000);
            run(putter);
            // Before anything is got: no feeder that would wait for a reader.
            join(putter);
            assertEquals(100_000, queue.qsize());
            for (int i = 0; i < 100_000; i++) {
                assertEquals(i, queue.getNowait());
            }
            assertTrue(queue.empty());
        }
    }

    private static void putFromThreads(Queue<long[]> queue, int process, int each) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 2; thread++) {
            long id = 2L * process + thread;
            threads.add(new Thread(() -> {
                try {
                    for (int i = 0; i < each; i++) {
                        queue.put(new long[] {id, i});
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void getWithThreads(Queue<long[]> queue, Queue<long[][]> results) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 2; thread++) {
            threads.add(new Thread(() -> {
                try {
                    List<long[]> got = new ArrayList<>();
                    for (long[] message = queue.get(); message[0] >= 0; message = queue.get()) {
                        got.add(message);
                    }
                    results.put(got.toArray(new long[0][]));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void severalPuttersAndGettersBoundedAndNot() throws Exception {
        for (int bound : new int[] {3, 0}) {
            int each = 5_000;
            try (Queue<long[]> queue = new Queue<>(bound); Queue<long[][]> results = new Queue<>()) {
                Process[] putters = {new Process(QueueProcessTest::putFromThreads, queue, 0, each),
                    new Process(QueueProcessTest::putFromThreads, queue, 1, each)};
                Process[] getters = {new Process(QueueProcessTest::getWithThreads, queue, results),
                    new Process(QueueProcessTest::getWithThreads, queue, results)};
                run(putters);
                run(getters);
                join(putters);
                for (int i = 0; i < 4; i++) {
                    queue.put(new long[] {-1});
                }
                int total = 0;
                for (int i = 0; i < 4; i++) {
                    long[] last = {-1, -1, -1, -1};
                    for (long[] message : results.get(PATIENCE)) {
                        assertTrue(message[1] > last[(int) message[0]], "FIFO by putter");
                        last[(int) message[0]] = message[1];
                        total++;
                    }
                }
                assertEquals(4 * each, total);
                join(getters);
                assertTrue(queue.empty());
            }
        }
    }

    private static void getUntilShutDown(Queue<Object> queue, Queue<Object> told) throws InterruptedException {
        told.put("ready");
        try {
            queue.get();
        } catch (QueueShutDownException expected) {
            told.put("told");
        }
    }

    private static void putUntilShutDown(Queue<Object> queue, Queue<Object> told) throws InterruptedException {
        told.put("ready");
        try {
            queue.put(1);
        } catch (QueueShutDownException expected) {
            told.put("told");
        }
    }

    @Test
    void shutDownWakesAllProcesses() throws Exception {
        try (Queue<Object> empty = new Queue<>(); Queue<Object> full = new Queue<>(1); Queue<Object> told = new Queue<>()) {
            full.put(0);
            Process getter = new Process(QueueProcessTest::getUntilShutDown, empty, told);
            Process putter = new Process(QueueProcessTest::putUntilShutDown, full, told);
            run(getter, putter);
            assertEquals("ready", told.get(PATIENCE));
            assertEquals("ready", told.get(PATIENCE));
            empty.shutdown();
            full.shutdown(true);
            assertEquals("told", told.get(PATIENCE));
            assertEquals("told", told.get(PATIENCE));
            join(getter, putter);
        }
    }

    private static void answer(Connection connection) throws InterruptedException {
        @SuppressWarnings("unchecked")
        Map<String, Object> message = (Map<String, Object>) connection.recv();
        @SuppressWarnings("unchecked")
        Queue<Object> queue = (Queue<Object>) message.get("queue");
        @SuppressWarnings("unchecked")
        SimpleQueue<Object> simple = (SimpleQueue<Object>) queue.get();
        simple.put(List.of("over three ways", queue));
    }

    @Test
    void queuesTravelThroughPipesAndQueuesInsideValues() throws Exception {
        try (Pipe pipe = Pipe.duplex(); Queue<Object> queue = new Queue<>(); SimpleQueue<Object> simple = new SimpleQueue<>()) {
            Process child = new Process(QueueProcessTest::answer, pipe.second());
            run(child);
            pipe.first().send(new HashMap<>(Map.of("queue", queue)));
            queue.put(simple);
            List<?> answer = (List<?>) simple.get();
            assertEquals("over three ways", answer.get(0));
            try (Queue<?> back = (Queue<?>) answer.get(1)) {
                assertNotSame(queue, back);
                assertEquals(queue.toString(), back.toString());
                queue.put(5);
                assertEquals(5, back.get());
            }
            join(child);
        }
    }

    private static Path directory() throws IOException {
        try (Queue<Object> probe = new Queue<>(); Stream<Path> trees = Files.list(Path.of("/dev/shm"))) {
            String file = probe.toString().replaceAll("[<>]", "");
            return trees.filter(tree -> Files.exists(tree.resolve(file))).findFirst().orElseThrow();
        }
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.matches("(queue|ring|blob)-.*")).sorted().toList();
        }
    }

    /** Empty again, with its base ring only. */
    private static void awaitFiles(Path directory, int count) throws IOException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (files(directory).size() != count && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertEquals(count, files(directory).size());
    }

    @Test
    void ringsGrowAndShrinkAndTheFilesGoWithTheLastUser() throws Exception {
        Path directory = directory();
        List<String> before = files(directory);
        Queue<byte[]> queue = new Queue<>();
        assertEquals(before.size() + 1, files(directory).size());
        byte[] message = new byte[1000];
        for (int i = 0; i < 10_000; i++) {
            Arrays.fill(message, (byte) i);
            queue.put(message);
        }
        assertTrue(files(directory).size() > before.size() + 5, files(directory).toString());
        queue.put(new byte[3 << 20]);
        for (int i = 0; i < 10_000; i++) {
            Arrays.fill(message, (byte) i);
            assertArrayEquals(message, queue.get());
        }
        assertEquals(3 << 20, queue.get().length);
        awaitFiles(directory, before.size() + 1);
        queue.put(new byte[3 << 20]);
        queue.put(new byte[900_000]);
        queue.close();
        assertEquals(before, files(directory));
    }

    private static void closeWhenTold(Queue<Object> queue, Queue<Object> told, Queue<Object> answers) throws InterruptedException {
        told.get();
        queue.close();
        answers.put("closed");
        told.get();
    }

    @Test
    void aQueueLivesAsLongAsAnybodyHasIt() throws Exception {
        Path directory = directory();
        List<String> before = files(directory);
        try (Queue<Object> told = new Queue<>(); Queue<Object> answers = new Queue<>()) {
            Queue<Object> queue = new Queue<>();
            Path file = directory.resolve(queue.toString().replaceAll("[<>]", ""));
            Process child = new Process(QueueProcessTest::closeWhenTold, queue, told, answers);
            run(child);
            queue.close();
            assertTrue(Files.exists(file), "the child has it, or will have it");
            told.put("go");
            assertEquals("closed", answers.get(PATIENCE));
            assertFalse(Files.exists(file));
            told.put("end");
            join(child);
            assertThrows(IllegalStateException.class, new Process(QueueProcessTest::closeWhenTold, queue, told, answers)::start);
        }
        assertEquals(before, files(directory));
    }

    private static void echo(Queue<Object> in, Queue<Object> out) throws InterruptedException {
        out.put("ready");
        for (Object message = in.get(); !"end".equals(message); message = in.get()) {
            out.put(message);
        }
    }

    @Test
    void aLargeMessageThereAndBack() throws Exception {
        try (Queue<Object> there = new Queue<>(1); Queue<Object> back = Queue.builder().maxBytes(1 << 16).build()) {
            Process child = new Process(QueueProcessTest::echo, there, back);
            run(child);
            assertEquals("ready", back.get(PATIENCE));
            byte[] large = new byte[64 << 20];
            Arrays.fill(large, (byte) 7);
            large[large.length / 2] = 8;
            there.put(large);
            assertArrayEquals(large, (byte[]) back.get());
            there.put("end");
            join(child);
        }
    }

    @Test
    void aGetterThatIsKilledWhileItWaitsLosesNobodysWakeUp() throws Exception {
        try (Queue<Object> in = new Queue<>(); Queue<Object> out = new Queue<>()) {
            for (int round = 0; round < 5; round++) {
                Process killed = new Process(QueueProcessTest::echo, in, out);
                Process other = new Process(QueueProcessTest::echo, in, out);
                run(killed, other);
                assertEquals("ready", out.get(PATIENCE));
                assertEquals("ready", out.get(PATIENCE));
                FutureTask<Object> got = QueueTest.inThread(() -> out.get(PATIENCE));
                killed.kill();
                in.put(3);
                in.put(4);
                // One of both may have been in the hands of the killed, not more.
                got.get();
                assertTrue(killed.join(PATIENCE));
                killed.close();
                in.put("end");
                join(other);
                while (out.poll() != null) {
                    continue;
                }
                while (in.poll() != null) {
                    continue;
                }
            }
        }
    }

    @Test
    void aFullQueueTimesOutInAnotherProcess() throws Exception {
        try (Queue<Integer> queue = new Queue<>(1); Queue<String> told = new Queue<>()) {
            queue.put(1);
            Process putter = new Process(QueueProcessTest::putLate, queue, told);
            run(putter);
            assertEquals("full", told.get(PATIENCE));
            join(putter);
            assertEquals(1, queue.qsize());
        }
    }

    private static void putLate(Queue<Integer> queue, Queue<String> told) throws InterruptedException {
        try {
            queue.put(2, Duration.ofMillis(20));
        } catch (QueueFullException expected) {
            told.put("full");
        }
    }
}
