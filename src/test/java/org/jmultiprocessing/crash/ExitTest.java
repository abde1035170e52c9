package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a JVM that has children ends: whoever asks for its end gets it, and no child is left. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExitTest {
    /** What runs in a JVM of its own; the argument names what it does. Children inherit its stdout, which therefore ends when all of them have. */
    static final class Parent {
        private Parent() { }

        public static void main(String[] arguments) throws InterruptedException {
            switch (arguments[0]) {
                case "start in hook" -> Runtime.getRuntime().addShutdownHook(thread("hook", Parent::startAndJoin));
                case "exit and join" -> exitAndJoin();
                case "return and join" -> returnAndJoin();
                case "stuck daemons" -> leaveStuckDaemons();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }

        private static void startAndJoin() throws InterruptedException {
            Process child = new Process(ExitTest::sayHello);
            child.start();
            child.join();
            System.out.println("code " + child.exitCode().getAsInt());
        }

        private static void exitAndJoin() {
            new Process(ExitTest::sayHelloAndSleep).start();
            Runtime.getRuntime().addShutdownHook(thread("hook", () -> {
                awaitJoining();
                System.out.println("joining");
            }));
            System.exit(3);
        }

        private static void returnAndJoin() {
            new Process(ExitTest::sayHelloAndSleep).start();
            Thread main = Thread.currentThread();
            thread("observer", () -> {
                main.join();
                System.out.println("joining");
            }).start();
        }

        private static void leaveStuckDaemons() throws InterruptedException {
            try (Pipe pipe = Pipe.oneWay()) {
                for (int i = 0; i < 3; i++) {
                    Process.builder(ExitTest::ignoreTerm, pipe.second()).daemon(true).start();
                }
                for (int i = 0; i < 3; i++) {
                    pipe.first().recv();
                }
            }
            System.out.println("exiting");
            System.exit(0);
        }
    }

    /** What a thread does. */
    @FunctionalInterface
    private interface Body {
        void run() throws InterruptedException;
    }

    private static Thread thread(String name, Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, name);
        thread.setDaemon(true);
        return thread;
    }

    /** In a hook: returns when the library's hook joins children. */
    private static void awaitJoining() {
        while (Thread.getAllStackTraces().keySet().stream().filter(each -> each.getName().equals("jmp-exit")).map(Thread::getState)
                .noneMatch(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
    }

    static void sayHello() {
        System.out.println("hello");
    }

    static void sayHelloAndSleep() throws InterruptedException {
        System.out.println("hello");
        Thread.currentThread().join(60_000);
    }

    /** SIGTERM runs the hooks, and this one does not return. */
    static void ignoreTerm(Connection connection) throws InterruptedException {
        Thread target = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(thread("stuck", target::join));
        connection.send("ready");
        target.join();
    }

    private static java.lang.Process parent(String what) throws IOException {
        List<String> command = new ArrayList<>(List.of(Program.java(), "-Djmultiprocessing.archive=off"));
        for (String name : List.of("jmultiprocessing.binding", "jmultiprocessing.library", "jmultiprocessing.cache")) {
            if (System.getProperty(name) != null) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Parent.class.getName(), what));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).redirectInput(new File("/dev/null")).start();
    }

    @Test
    void aShutdownHookMayBeTheFirstToStartAChild() throws IOException, InterruptedException {
        java.lang.Process parent = parent("start in hook");
        try (BufferedReader out = parent.inputReader()) {
            assertEquals(List.of("hello", "code 0"), out.lines().toList());
            assertEquals(0, parent.waitFor());
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void sigtermEndsWhatJoinsAfterSystemExit() throws IOException, InterruptedException {
        sigtermEnds("exit and join");
    }

    @Test
    void sigtermEndsWhatJoinsAfterMain() throws IOException, InterruptedException {
        sigtermEnds("return and join");
    }

    private static void sigtermEnds(String what) throws IOException, InterruptedException {
        java.lang.Process parent = parent(what);
        try (BufferedReader out = parent.inputReader()) {
            Set<String> lines = new TreeSet<>(List.of(out.readLine(), out.readLine()));
            assertEquals(Set.of("hello", "joining"), lines);
            // Not of the process, which would close its streams too.
            parent.toHandle().destroy();
            assertTrue(parent.waitFor(10, TimeUnit.SECONDS), "SIGTERM ended nothing");
            assertEquals(List.of(), out.lines().toList(), "stdout ends when the child has ended too");
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    @Tag("stress")
    void stuckDaemonsShareOneGrace() throws IOException, InterruptedException {
        java.lang.Process parent = parent("stuck daemons");
        try (BufferedReader out = parent.inputReader()) {
            assertEquals("exiting", out.readLine());
            long begin = System.nanoTime();
            assertEquals(List.of(), out.lines().toList(), "stdout ends when all daemons have ended");
            assertEquals(0, parent.waitFor());
            Duration taken = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(taken.compareTo(Duration.ofSeconds(4)) > 0, "they were given " + taken + " to end by themselves");
            assertTrue(taken.compareTo(Duration.ofSeconds(9)) < 0, "they took " + taken);
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    /** Leaves threads that wait for messages, and exits with a child that is joined. */
    static void exitWithReaders(Connection silent, Connection word) {
        for (int i = 0; i < 5; i++) {
            thread("reader-" + i, silent::recv).start();
        }
        new Process(ExitTest::awaitWord, word).start();
        Runtime.getRuntime().addShutdownHook(thread("hook", () -> {
            awaitJoining();
            word.send("exiting");
        }));
        System.exit(0);
    }

    static void awaitWord(Connection word) throws InterruptedException {
        word.recv();
    }

    @Test
    void readersSleepWhileTheExitJoins() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/task")), "needs Linux's /proc");
        Pipe silent = Pipe.duplex();
        Pipe word = Pipe.duplex();
        try (silent; word;
                Process parent = new Process(ExitTest::exitWithReaders, silent.second(), word.second())) {
            parent.start();
            assertEquals("exiting", word.first().recv());
            long before = sleepsOfReaders(parent.pid().getAsLong());
            assertFalse(parent.join(Duration.ofMillis(500)), "waits for the child that is not a daemon");
            long sleeps = sleepsOfReaders(parent.pid().getAsLong()) - before;
            word.first().send("end");
            parent.join();
            assertTrue(sleeps < 50, "5 readers fell asleep " + sleeps + " times in half a second, so they do not sleep but poll");
        }
    }

    private static long sleepsOfReaders(long pid) throws IOException {
        long sum = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                List<String> status = statusOf(thread);
                if (!status.isEmpty() && status.get(0).contains("reader-")) {
                    sum += status.stream().filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                            .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip())).sum();
                }
            }
        }
        return sum;
    }

    private static List<String> statusOf(Path thread) {
        try {
            return Files.readAllLines(thread.resolve("status"));
        } catch (IOException endedMeanwhile) {
            return List.of();
        }
    }
}
