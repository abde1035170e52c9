package org.jmultiprocessing.pipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jmultiprocessing.errors.OsException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many threads, interruption, and closing under somebody's feet. */
class ConnectionThreadsTest {
    private static Object receiveUntilClosed(Connection connection) throws InterruptedException {
        OsException exception = assertThrows(OsException.class, connection::recv);
        assertTrue(exception.getMessage().contains("handle is closed"), exception.getMessage());
        return null;
    }

    @Test
    void closingEndsTheReaderAtOnce() throws Exception {
        for (int i = 0; i < 1000; i++) {
            try (Pipe pipe = i % 2 == 0 ? Pipe.duplex() : Pipe.oneWay()) {
                CountDownLatch running = new CountDownLatch(1);
                Background<Object> reader = Background.run(() -> {
                    running.countDown();
                    return receiveUntilClosed(pipe.first());
                });
                running.await();
                if (i % 3 == 0) {
                    Thread.yield();
                }
                pipe.first().close();
                reader.result();
            }
        }
    }

    @Test
    void closingEndsAllReadersAndPollersOfOneConnection() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            List<Background<Object>> readers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                readers.add(Background.run(() -> receiveUntilClosed(pipe.first())));
                readers.add(Background.run(() -> assertThrows(OsException.class, () -> pipe.first().poll(null))));
            }
            pipe.first().close();
            for (Background<Object> reader : readers) {
                reader.result();
            }
        }
    }

    @Test
    void closingEndsTheSender() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            Background<OsException> sender = Background.run(
                    () -> assertThrows(OsException.class, () -> pipe.second().sendBytes(new byte[9_000_000])));
            assertTrue(pipe.first().poll(Duration.ofSeconds(10)));
            pipe.second().close();
            assertTrue(sender.result().getMessage().contains("handle is closed"));
        }
    }

    @Test
    void anInterruptEndsAWaitAndLosesNothing() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            for (int i = 0; i < 200; i++) {
                Background<Object> reader = Background.run(pipe.first()::recv);
                reader.thread.interrupt();
                assertThrows(InterruptedException.class, reader::result);
            }
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> pipe.first().poll(null));
            pipe.second().send("kept");
            assertEquals("kept", pipe.first().recv());
        }
    }

    @Test
    void eachMessageIsReceivedOnceWhateverIsInterrupted() throws Exception {
        int messages = 2000;
        try (Pipe pipe = Pipe.duplex()) {
            Background<Integer> reader = Background.run(() -> {
                int expected = 0;
                while (expected < messages) {
                    try {
                        assertEquals(expected, pipe.first().recv());
                        expected++;
                    } catch (InterruptedException e) {
                        continue;
                    }
                }
                return expected;
            });
            for (int i = 0; i < messages; i++) {
                pipe.second().send(i);
                reader.thread.interrupt();
            }
            assertEquals(messages, reader.result());
        }
    }

    @Test
    void timeoutsAreKept() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            long start = System.nanoTime();
            assertThrows(TimeoutException.class, () -> pipe.first().recv(Duration.ofMillis(60)));
            long took = System.nanoTime() - start;
            assertTrue(took >= TimeUnit.MILLISECONDS.toNanos(60) && took < TimeUnit.SECONDS.toNanos(10), () -> took + " ns");
            assertThrows(TimeoutException.class, () -> pipe.first().recv(Duration.ZERO));
            CountDownLatch running = new CountDownLatch(1);
            Background<Object> holder = Background.run(() -> {
                running.countDown();
                return pipe.first().recv();
            });
            running.await();
            while (holder.thread.getState() == Thread.State.NEW) {
                Thread.onSpinWait();
            }
            assertThrows(TimeoutException.class, () -> pipe.first().recv(Duration.ofMillis(30)));
            pipe.second().send(1);
            assertEquals(1, holder.result());
        }
    }

    /** A reader that is late must never read what somebody else got under the same number. */
    @Test
    void aClosedNumberIsNeverReadAgain() throws Exception {
        for (int i = 0; i < 300; i++) {
            Pipe victim = Pipe.duplex();
            Background<Object> reader = Background.run(() -> receiveUntilClosed(victim.first()));
            victim.close();
            try (Pipe next = Pipe.duplex(); Pipe another = Pipe.duplex()) {
                next.second().sendBytes(new byte[] {1});
                another.second().sendBytes(new byte[] {2});
                reader.result();
                assertArrayEquals(new byte[] {1}, next.first().recvBytes());
                assertArrayEquals(new byte[] {2}, another.first().recvBytes());
            }
        }
    }

    /** The kernel counts each time a thread goes to sleep: those that wait stay asleep. */
    @Test
    void aHundredWaitingThreadsDoNothing() throws Exception {
        aHundredWaitingThreadsDoNothingFor(1);
    }

    @Test
    @Tag("stress")
    void aHundredWaitingThreadsDoNothingForTenSeconds() throws Exception {
        aHundredWaitingThreadsDoNothingFor(10);
    }

    private static void aHundredWaitingThreadsDoNothingFor(int seconds) throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "needs Linux's /proc");
        int threads = 100;
        List<Pipe> pipes = new ArrayList<>();
        List<Thread> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) {
                Pipe pipe = Pipe.oneWay();
                pipes.add(pipe);
                Thread thread = new Thread(() -> assertThrows(OsException.class, () -> pipe.reader().recv()), "idle-" + i);
                thread.setDaemon(true);
                thread.start();
                waiting.add(thread);
            }
            Map<String, String> before = sleeps();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20 + 3 * seconds);
            Map<String, String> after = before;
            boolean quiet = false;
            while (!quiet && System.nanoTime() < deadline) {
                before = after;
                waiting.get(0).join(1000L * seconds);
                after = sleeps();
                quiet = after.size() == threads && after.equals(before);
            }
            assertTrue(quiet, "not " + seconds + " s without a thread that woke: " + before + " " + after);
        } finally {
            pipes.forEach(Pipe::close);
            for (Thread thread : waiting) {
                thread.join(10_000);
                assertFalse(thread.isAlive());
            }
        }
    }

    private static Map<String, String> sleeps() throws IOException {
        Map<String, String> counts = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                String status = Files.readString(task.resolve("status"));
                if (status.startsWith("Name:\tidle-")) {
                    counts.put(task.toString(), status.substring(status.indexOf("voluntary_ctxt_switches")));
                }
            }
        }
        return counts;
    }

    @Test
    void virtualThreadsParkAndAreInterruptedAndClosed() throws Exception {
        ExecutorService executor = virtualThreads();
        try {
            int pairs = 50;
            List<Pipe> pipes = new ArrayList<>();
            List<Future<Integer>> sums = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                Pipe pipe = Pipe.duplex();
                pipes.add(pipe);
                sums.add(executor.submit(() -> answer(pipe.second())));
                sums.add(executor.submit(() -> ask(pipe.first())));
            }
            for (Future<Integer> sum : sums) {
                assertEquals(100, sum.get(30, TimeUnit.SECONDS));
            }
            List<Future<?>> ends = new ArrayList<>();
            for (Pipe pipe : pipes) {
                ends.add(executor.submit((Callable<Object>) () -> receiveUntilClosed(pipe.first())));
                ends.add(executor.submit(() -> assertThrows(InterruptedException.class, () -> {
                    Thread.currentThread().interrupt();
                    pipe.second().recv();
                })));
            }
            Pipe late = Pipe.duplex();
            pipes.add(late);
            List<Connection> two = List.of(late.first(), late.second());
            ends.add(executor.submit(() -> ConnectionWait.await(two, Duration.ofMillis(5)).isEmpty() ? null : "ready"));
            ends.add(executor.submit(() -> assertThrows(OsException.class, () -> ConnectionWait.await(two, null))));
            ends.get(ends.size() - 2).get(30, TimeUnit.SECONDS);
            pipes.forEach(pipe -> pipe.first().close());
            for (Future<?> end : ends) {
                end.get(30, TimeUnit.SECONDS);
            }
            pipes.forEach(Pipe::close);
        } finally {
            executor.shutdownNow();
        }
    }

    private static int ask(Connection connection) throws InterruptedException {
        int answers = 0;
        for (int i = 0; i < 100; i++) {
            connection.send(i);
            answers += (Integer) connection.recv() == i + 1 ? 1 : 0;
        }
        return answers;
    }

    private static int answer(Connection connection) throws InterruptedException {
        int requests = 0;
        for (int i = 0; i < 100; i++) {
            connection.send((Integer) connection.recv() + 1);
            requests++;
        }
        return requests;
    }

    /** By reflection, since the tests compile for 17. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
        return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
