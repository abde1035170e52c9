package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.support.Program;
import org.jmultiprocessing.support.Streams;
import org.jmultiprocessing.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fork servers, and their clients, that are killed or stopped, or that cannot serve. */
class ForkServerCrashTest {
    private static final String PATIENCE_PROPERTY = "jmultiprocessing.forkserver.patience";
    private static final int PATIENCE_SECONDS = 30;

    @TempDir
    private Path folder;

    @BeforeEach
    void fromTheBeginning() {
        assumeTrue(StartMethod.available().contains(StartMethod.FORKSERVER), "no fork server is possible here");
        ForkServers.stop();
    }

    @AfterEach
    void endServer() {
        ForkServers.stop();
        ForkServers.setPreload(List.of());
        System.clearProperty(PATIENCE_PROPERTY);
    }

    private static Builder forked(Task target) {
        return Process.builder(target).startMethod(StartMethod.FORKSERVER);
    }

    private static int server() throws InterruptedException {
        ForkServers.prestart();
        int pid = ForkServers.await();
        assertNotEquals(0, pid, "the server does not start; the log says why");
        return pid;
    }

    private static ProcessHandle handle(long pid) {
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
    }

    @Test
    void theFirstChildIsSpawnedAndTheServerStartsBehindIt() throws InterruptedException {
        assertEquals("spawned", Streams.outputOf(forked(ForkServerTest::printOrigin)));
        assertNotEquals(0, server());
        assertEquals("forked", Streams.outputOf(forked(ForkServerTest::printOrigin)));
    }

    @Test
    void aKilledServerIsReplaced() throws Exception {
        int first = server();
        CompletableFuture<ProcessHandle> end = handle(first).onExit();
        signal("KILL", first);
        end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        String origin = Streams.outputOf(forked(ForkServerTest::printOrigin));
        assertTrue(origin.equals("spawned") || origin.equals("forked"), "it is spawned, or was forked before: " + origin);
        awaitServerOtherThan(first);
        assertEquals("forked", Streams.outputOf(forked(ForkServerTest::printOrigin)));
    }

    /** Who is told of a server's end is told some time after it. */
    private static void awaitServerOtherThan(int pid) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (server() == pid) {
            assertTrue(System.nanoTime() < deadline, "the server is not replaced");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Found before it can have forked anything that looks like it. */
    private static ProcessHandle awaitStarting() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            for (ProcessHandle child : ProcessHandle.current().children().toList()) {
                if (child.info().commandLine().orElse("").contains("ZygoteMain")) {
                    return child;
                }
            }
        }
        throw new AssertionError("no server is being started");
    }

    /** At whatever it does by then: it loads, it practises, its first child is under way. Nothing of it is left, or the guard says so. */
    @Test
    void oneThatIsKilledWhileItStartsIsDoneWithout() throws Exception {
        for (int i = 0; i < 10; i++) {
            ForkServers.stop();
            ForkServers.prestart();
            ProcessHandle starting = awaitStarting();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(120L * i));
            CompletableFuture<ProcessHandle> end = starting.onExit();
            signal("KILL", starting.pid());
            end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String origin = Streams.outputOf(forked(ForkServerTest::printOrigin));
            assertTrue(origin.equals("spawned") || origin.equals("forked"), origin);
            ForkServers.await();
        }
        ForkServers.stop();
        assertNotEquals(0, server());
        assertEquals("forked", Streams.outputOf(forked(ForkServerTest::printOrigin)));
    }

    @Test
    void aServersEndIsNotItsChildrens() throws Exception {
        int pid = server();
        try (Pipe pipe = Pipe.duplex();
                Process process = Process.builder(ForkServerTest::waitForWord, pipe.second()).startMethod(StartMethod.FORKSERVER).start()) {
            assertEquals("here", pipe.first().recv());
            CompletableFuture<ProcessHandle> end = handle(pid).onExit();
            signal("KILL", pid);
            end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            pipe.first().send("go");
            process.join();
            assertEquals(0, process.exitCode().getAsInt());
        }
    }

    /** A server that does not answer: as soon as no child is left that it has forked ahead, children are spawned, and it is not waited for again. */
    @Test
    void aSilentServerIsGivenUp() throws Exception {
        int pid = server();
        System.setProperty(PATIENCE_PROPERTY, "300");
        signal("STOP", pid);
        Streams.outputOf(forked(ForkServerTest::printOrigin));
        assertEquals("spawned", Streams.outputOf(forked(ForkServerTest::printOrigin)));
        System.clearProperty(PATIENCE_PROPERTY);
        awaitServerOtherThan(pid);
        assertEquals("forked", Streams.outputOf(forked(ForkServerTest::printOrigin)));
    }

    @Test
    void interruptsOfTheTerminalAreNotForTheServer() throws Exception {
        int pid = server();
        signal("INT", pid);
        assertEquals("forked", Streams.outputOf(forked(ForkServerTest::printOrigin)));
        assertEquals(pid, server());
    }

    /** A parent that is killed takes along its server and its children, as these take along theirs. */
    @Test
    void aKilledParentLeavesNothing() throws Exception {
        java.lang.Process parent = new ProcessBuilder(Program.ofClass(Parent.class)).redirectErrorStream(true).start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            assertTrue(line != null && line.matches("\\d+ \\d+"), line);
            List<ProcessHandle> descendants = parent.descendants().toList();
            assertTrue(descendants.contains(handle(Long.parseLong(line.split(" ")[0]))), "the server is not there");
            assertTrue(descendants.contains(handle(Long.parseLong(line.split(" ")[1]))), "the child is not there");
            parent.destroyForcibly().waitFor();
            for (ProcessHandle descendant : descendants) {
                descendant.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    /** Prints the ids of its server and of a child that waits, and waits. */
    static final class Parent {
        private Parent() { }

        public static void main(String[] arguments) throws InterruptedException {
            ForkServers.prestart();
            int server = ForkServers.await();
            Pipe pipe = Pipe.duplex();
            Process child = Process.builder(ForkServerTest::waitForWord, pipe.second()).startMethod(StartMethod.FORKSERVER).start();
            pipe.first().recv();
            System.out.println(server + " " + child.pid().getAsLong());
            child.join();
        }
    }

    static void tellPreloaded(Connection connection) throws InterruptedException {
        connection.send(Preloaded.initializedBy);
    }

    /** Its initializer leaves what only the server's own end may do. */
    static final class Preloaded {
        static long initializedBy;

        static {
            initializedBy = ProcessHandle.current().pid();
            String folder = System.getenv("HOOKS_OF_PRELOADED");
            if (folder != null) {
                Path.of(folder, "kept").toFile().deleteOnExit();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> Path.of(folder, "hook").toFile().mkdir()));
            }
        }

        private Preloaded() { }
    }

    @Test
    void namedClassesAreInitializedInTheServer() throws InterruptedException {
        ForkServers.setPreload(List.of(Preloaded.class.getName(), "there.is.no.such.Class"));
        int pid = server();
        try (Pipe pipe = Pipe.duplex();
                Process process = Process.builder(ForkServerCrashTest::tellPreloaded, pipe.second()).startMethod(StartMethod.FORKSERVER).start()) {
            assertEquals((long) pid, pipe.first().recv());
            process.join();
            assertEquals(0, process.exitCode().getAsInt());
        }
    }

    static void exitPlainly() {
        System.exit(0);
    }

    /** In a JVM of its own, as the server gets its environment from there. */
    @Test
    void aChildsExitRunsNoHookOfItsServers() throws Exception {
        Path kept = Files.createFile(folder.resolve("kept"));
        List<String> command = Program.ofClass(HookParent.class);
        java.lang.ProcessBuilder builder = new java.lang.ProcessBuilder(command).inheritIO();
        builder.environment().put("HOOKS_OF_PRELOADED", folder.toString());
        assertEquals(0, builder.start().waitFor());
        assertTrue(Files.exists(kept));
        assertTrue(Files.notExists(folder.resolve("hook")));
    }

    /** Has a child exit that was forked from a server with hooks. */
    static final class HookParent {
        private HookParent() { }

        public static void main(String[] arguments) throws InterruptedException {
            ForkServers.setPreload(List.of(Preloaded.class.getName()));
            ForkServers.prestart();
            boolean served = ForkServers.await() != 0;
            try (Process process = Process.builder(ForkServerCrashTest::exitPlainly).startMethod(StartMethod.FORKSERVER).start()) {
                process.join();
                System.exit(served ? process.exitCode().getAsInt() : 3);
            }
        }
    }

    /** Starts a thread, which a server must not have. */
    static final class Threaded {
        static {
            Thread thread = new Thread(() -> {
                try {
                    new java.util.concurrent.CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }, "of-preloaded");
            thread.setDaemon(true);
            thread.start();
        }

        private Threaded() { }
    }

    /** Tells the log, and spawns. */
    static final class ThreadedParent {
        private ThreadedParent() { }

        public static void main(String[] arguments) throws InterruptedException {
            ForkServers.setPreload(List.of(Threaded.class.getName()));
            ForkServers.prestart();
            System.out.println("server " + ForkServers.await());
            System.out.println(Streams.outputOf(forked(ForkServerTest::printOrigin)));
            System.out.println(StartMethod.available().contains(StartMethod.FORKSERVER));
        }
    }

    @Test
    void aClassThatStartsThreadsCannotBePreloaded() throws Exception {
        Program program = Program.of(Program.ofClass(ThreadedParent.class));
        assertEquals("server 0\nspawned\nfalse\n", program.out(), program.err());
        assertTrue(program.err().contains("of-preloaded") && program.err().contains("setForkServerPreload"), program.err());
        assertEquals(0, program.code());
    }
}
