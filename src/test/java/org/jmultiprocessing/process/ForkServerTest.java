package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.support.InThread;
import org.jmultiprocessing.support.Streams;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.task.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children that are forked from a fork server, seen from inside and outside. */
@Tag("smoke")
class ForkServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NUMBERS = 1000;

    @TempDir
    private Path folder;

    @BeforeEach
    void startServer() throws InterruptedException {
        assumeTrue(StartMethod.available().contains(StartMethod.FORKSERVER), "no fork server is possible here");
        ForkServers.prestart();
        assertNotEquals(0, ForkServers.await(), "the server does not start; the log says why");
    }

    @AfterAll
    static void endServer() {
        ForkServers.stop();
    }

    private static Builder forked(Task target) {
        return Process.builder(target).startMethod(StartMethod.FORKSERVER);
    }

    /** A fork has the command line of its server. */
    static boolean isForked() throws IOException {
        return Files.readString(Path.of("/proc/self/cmdline")).contains("ZygoteMain");
    }

    static void printOrigin() throws IOException {
        System.out.print(isForked() ? "forked" : "spawned");
    }

    static void answer(Connection connection, String text, int number) throws IOException, InterruptedException {
        connection.send(text + number + isForked());
    }

    static void exitWith(int code) {
        System.exit(code);
    }

    static void fail() {
        throw new IllegalStateException("on purpose");
    }

    static void waitForWord(Connection connection) throws InterruptedException {
        connection.send("here");
        connection.recv();
    }

    static void addUp(Queue<Integer> in, Queue<Integer> out, Lock lock) throws InterruptedException {
        int sum = 0;
        for (int next = in.take(); next >= 0; next = in.take()) {
            lock.lock();
            try {
                sum += next;
            } finally {
                lock.unlock();
            }
        }
        out.put(sum);
    }

    static void printSurroundings() throws IOException {
        System.out.print(System.getenv("ADDED") + " " + System.getenv("PATH") + " " + new File("x").getAbsolutePath() + " "
                + Path.of("y").toAbsolutePath() + " " + Files.exists(Path.of("here")) + " " + new File("here").exists() + " "
                + Files.readString(Path.of("/proc/self/environ")).isEmpty() + " " + isForked());
    }

    static void printLimits() throws IOException {
        String limits = Files.readString(Path.of("/proc/self/limits")).lines().filter(line -> line.startsWith("Max open files")).findFirst().get();
        System.out.print(ProcessOptionsTest.niceness() + " " + limits.split("\\s+")[3] + " "
                + Runtime.getRuntime().availableProcessors() + " " + isForked());
    }

    static void printIds() throws IOException {
        System.out.print(ProcessHandle.current().pid() + " " + ManagementFactory.getRuntimeMXBean().getPid() + " "
                + Files.readString(Path.of("/proc/self/stat")).split(" ")[0] + " " + ProcessHandle.current().parent().get().pid() + " "
                + ProcessHandle.current().isAlive() + " " + Multiprocessing.currentProcess().pid());
    }

    static void printThreadNames() throws IOException {
        StringBuilder names = new StringBuilder();
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                names.append(Files.readString(task.resolve("comm")).trim()).append(',');
            }
        }
        System.out.print(names);
    }

    static void printRandomNumbers() {
        Random fresh = new Random();
        SplittableRandom splittable = new SplittableRandom();
        SecureRandom secure = new SecureRandom();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < NUMBERS; i++) {
            text.append("m").append(Math.random()).append(" t").append(ThreadLocalRandom.current().nextLong()).append(" r").append(fresh.nextLong())
                    .append(" s").append(splittable.nextLong()).append(" n").append(secure.nextLong()).append(' ').append(UUID.randomUUID())
                    .append('\n');
        }
        System.out.print(text);
    }

    static void haveAChild() throws InterruptedException, IOException {
        ForkServers.prestart();
        ForkServers.await();
        System.out.print(isForked() + " " + Streams.outputOf(forked(ForkServerTest::printOrigin)));
    }

    @Test
    void childrenAreForkedAndGetTheirArguments() throws InterruptedException {
        try (Pipe pipe = Pipe.duplex();
                Process process = Process.builder(ForkServerTest::answer, pipe.second(), "number ", 7).startMethod(StartMethod.FORKSERVER)
                        .start()) {
            assertEquals("number 7true", pipe.first().recv());
            assertTrue(process.join(PATIENCE));
            assertEquals(0, process.exitCode().getAsInt());
        }
    }

    @Test
    void queuesAndLocksTravel() throws InterruptedException {
        Lock lock = new Lock();
        try (Queue<Integer> in = new Queue<>(10); Queue<Integer> out = new Queue<>(10);
                Process process = Process.builder(ForkServerTest::addUp, in, out, lock).startMethod(StartMethod.FORKSERVER).start()) {
            for (int i = 0; i < 100; i++) {
                in.put(i);
            }
            in.put(-1);
            assertEquals(4950, out.take());
            assertTrue(process.join(PATIENCE));
            assertEquals(0, process.exitCode().getAsInt());
        }
    }

    @Test
    void exitCodesAreTheChilds() throws InterruptedException {
        try (Process exiting = Process.builder(ForkServerTest::exitWith, 5).startMethod(StartMethod.FORKSERVER).start();
                Process failing = forked(ForkServerTest::fail).stderr(Redirect.PIPE).start()) {
            assertTrue(exiting.join(PATIENCE));
            assertEquals(5, exiting.exitCode().getAsInt());
            assertTrue(Streams.stderr(failing).contains("on purpose"));
            assertTrue(failing.join(PATIENCE));
            assertEquals(1, failing.exitCode().getAsInt());
        }
    }

    @Test
    void signalsEndChildrenAsAlways() throws InterruptedException {
        assertEquals(-15, endedBy(Process::terminate));
        assertEquals(-9, endedBy(Process::kill));
        assertEquals(-2, endedBy(Process::interrupt));
        assertNotEquals(0, ForkServers.await(), "the server has nothing to do with its children's signals");
    }

    private static int endedBy(Consumer<Process> end) throws InterruptedException {
        try (Pipe pipe = Pipe.duplex();
                Process process = Process.builder(ForkServerTest::waitForWord, pipe.second()).startMethod(StartMethod.FORKSERVER).start()) {
            assertEquals("here", pipe.first().recv());
            end.accept(process);
            assertTrue(process.join(PATIENCE));
            return process.exitCode().getAsInt();
        }
    }

    @Test
    void environmentAndDirectoryAreTheChilds() throws InterruptedException, IOException {
        Files.createFile(folder.resolve("here"));
        String place = folder.toRealPath().toString();
        assertEquals("value null " + place + "/x " + place + "/y true true false true", Streams.outputOf(
                forked(ForkServerTest::printSurroundings).environment(Map.of("ADDED", "value")).directory(folder.toRealPath())));
        String here = Path.of("").toAbsolutePath().toString();
        assertEquals("null " + System.getenv("PATH") + " " + here + "/x " + here + "/y false false false true",
                Streams.outputOf(forked(ForkServerTest::printSurroundings)));
    }

    @Test
    void limitsAreTheChilds() throws InterruptedException, IOException {
        assertEquals(ProcessOptionsTest.niceness() + 3 + " 99 1 true", Streams.outputOf(
                forked(ForkServerTest::printLimits).niceness(3).limit(ResourceLimit.NOFILE, 99, 99).affinity(0)));
    }

    @Test
    void whatAServerCannotGiveIsSpawned() throws InterruptedException {
        assertEquals("forked", Streams.outputOf(forked(ForkServerTest::printOrigin)));
        assertEquals("spawned", Streams.outputOf(forked(ForkServerTest::printOrigin).jvmOptions("-Xmx50m")));
        assertEquals("spawned", Streams.outputOf(forked(ForkServerTest::printOrigin).classPath(folder)));
        assertEquals("spawned", Streams.outputOf(Process.builder(ForkServerTest::printOrigin).startMethod(StartMethod.SPAWN)));
    }

    @Test
    void childrenKnowWhoTheyAre() throws InterruptedException {
        try (Process process = forked(ForkServerTest::printIds).stdout(Redirect.PIPE).start()) {
            long pid = process.pid().getAsLong();
            assertEquals(pid + " " + pid + " " + pid + " " + ProcessHandle.current().pid() + " true " + pid, Streams.stdout(process));
            assertTrue(process.join(PATIENCE));
        }
        String names = Streams.outputOf(forked(ForkServerTest::printThreadNames));
        assertTrue(names.contains("VM Thread,") && names.contains("Signal Dispatch,"), names);
    }

    @Test
    void noTwoChildrenDrawTheSameRandomNumbers() throws InterruptedException {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            for (String number : Streams.outputOf(forked(ForkServerTest::printRandomNumbers)).split("\\s+")) {
                assertTrue(seen.add(number), number + " was drawn before");
            }
        }
        assertEquals(3 * 6 * NUMBERS, seen.size());
    }

    @Test
    void childrenHaveServersOfTheirOwn() throws InterruptedException {
        assertEquals("true forked", Streams.outputOf(forked(ForkServerTest::haveAChild)));
    }

    @Test
    void manyThreadsStartChildrenAtOnce() throws Exception {
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(InThread.run(() -> {
                for (int k = 0; k < 5; k++) {
                    assertEquals("forked", Streams.outputOf(forked(ForkServerTest::printOrigin)));
                }
                return null;
            }));
        }
        for (FutureTask<Void> thread : threads) {
            thread.get(60, TimeUnit.SECONDS);
        }
        assertFalse(threads.isEmpty());
    }
}
