package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.ConnectionWait;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.Streams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The sentences of semantics.md on Process, P1 to P11: one test for each. */
@Tag("smoke")
class ProcessSemanticsTest {
    static void nothing() { }

    static void waitForWord(Connection connection) throws InterruptedException {
        connection.recv();
    }

    static void print4(String a, int b, long c, List<String> d) {
        System.out.print(a + b + c + d);
    }

    static void print3(String a, int b, double c) {
        System.out.print(a + b + c);
    }

    static void print2(String a, int b) {
        System.out.print(a + b);
    }

    static int valued(int n) {
        System.out.print("valued " + n);
        return n;
    }

    static void printName() {
        CurrentProcess current = Multiprocessing.currentProcess();
        System.out.print(current.name() + " " + Arrays.toString(current.identity()) + " " + current);
    }

    static void printNameOfChild() throws InterruptedException {
        Process child = new Process(ProcessSemanticsTest::printName);
        child.start();
        child.join();
    }

    static void fail() {
        throw new IllegalArgumentException("that is wrong");
    }

    static void exit(int code) {
        System.exit(code);
    }

    static void killSelf(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(ProcessHandle.current().pid())).inheritIO().start().waitFor();
        Thread.currentThread().join();
    }

    /** A process by subclass: its field travels. */
    static final class Greeter extends Process {
        private static final long serialVersionUID = 1L;
        private final String greeting;

        Greeter(String greeting, Builder options) {
            super(options);
            this.greeting = greeting;
        }

        @Override
        public void run() {
            System.out.print(greeting + " from " + name() + ", alive " + isAlive());
        }
    }

    @Test
    void p1TargetsTakeUpToFourArguments() throws InterruptedException {
        assertEquals("a2", Streams.outputOf(Process.builder(ProcessSemanticsTest::print2, "a", 2)));
        assertEquals("a24.5", Streams.outputOf(Process.builder(ProcessSemanticsTest::print3, "a", 2, 4.5)));
        assertEquals("a23[x, y]", Streams.outputOf(Process.builder(ProcessSemanticsTest::print4, "a", 2, 3L, List.of("x", "y"))));
        assertEquals("valued 7", Streams.outputOf(Process.builder(ProcessSemanticsTest::valued, 7)));
    }

    @Test
    void p1ALambdaMayCapture() throws InterruptedException {
        String captured = "captured";
        assertEquals("captured!", Streams.outputOf(Process.builder(() -> System.out.print(captured + "!"))));
    }

    @Test
    void p1WorksBySubclass() throws InterruptedException {
        try (Process process = new Greeter("hello", Process.builder().name("greeter").stdout(Redirect.PIPE))) {
            process.start();
            assertEquals("hello from greeter, alive true", Streams.stdout(process));
            process.join();
            assertEquals(OptionalInt.of(0), process.exitCode());
        }
    }

    @Test
    void p1DaemonIsInheritedFromTheCreatorByDefault() {
        assertFalse(new Process(ProcessSemanticsTest::nothing).daemon());
        assertTrue(Process.builder(ProcessSemanticsTest::nothing).daemon(true).build().daemon());
    }

    @Test
    void p2DefaultNamesCount() {
        Process first = new Process(ProcessSemanticsTest::nothing);
        Process second = new Process(ProcessSemanticsTest::nothing);
        assertEquals("Process-" + first.identity()[0], first.name());
        assertEquals(first.identity()[0] + 1, second.identity()[0]);
        assertEquals(1, first.identity().length);
        second.setName(first.name());
        assertEquals(first.name(), second.name(), "names need not be unique");
        assertThrows(NullPointerException.class, () -> first.setName(null));
    }

    @Test
    void p2AChildOfAChildIsNamedByItsIdentity() throws InterruptedException {
        Process process = Process.builder(ProcessSemanticsTest::printNameOfChild).stdout(Redirect.PIPE).start();
        int number = process.identity()[0];
        String output = Streams.stdout(process);
        process.join();
        assertTrue(output.startsWith("Process-" + number + ":1 [" + number + ", 1] <Process name='Process-" + number + ":1' parent="), output);
    }

    @Test
    void p3OnlyOnce() throws InterruptedException {
        try (Process process = new Process(ProcessSemanticsTest::nothing)) {
            process.start();
            assertEquals("cannot start a process twice", assertThrows(IllegalStateException.class, process::start).getMessage());
            process.join();
            assertEquals("cannot start a process twice", assertThrows(IllegalStateException.class, process::start).getMessage());
        }
    }

    @Test
    void p3NotOnAClosedObject() {
        Process process = new Process(ProcessSemanticsTest::nothing);
        process.close();
        assertEquals("process object is closed", assertThrows(IllegalStateException.class, process::start).getMessage());
    }

    @Test
    void p4PidIsEmptyBeforeTheStartAndKeptAfterTheEnd() throws InterruptedException {
        try (Process process = new Process(ProcessSemanticsTest::nothing)) {
            assertEquals(OptionalLong.empty(), process.pid());
            process.start();
            OptionalLong pid = process.pid();
            assertTrue(pid.isPresent());
            process.join();
            assertEquals(pid, process.pid());
        }
    }

    @Test
    void p5ExitCodes() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe; Process process = new Process(ProcessSemanticsTest::waitForWord, pipe.second())) {
            assertEquals(OptionalInt.empty(), process.exitCode());
            process.start();
            assertEquals(OptionalInt.empty(), process.exitCode());
            pipe.first().send("go");
            process.join();
            assertEquals(OptionalInt.of(0), process.exitCode());
        }
        assertEquals(0, codeOf(Process.builder(ProcessSemanticsTest::exit, 0)));
        assertEquals(7, codeOf(Process.builder(ProcessSemanticsTest::exit, 7)));
        assertEquals(143, codeOf(Process.builder(ProcessSemanticsTest::exit, 143)), "an explicit 143 is no SIGTERM");
        assertEquals(130, codeOf(Process.builder(ProcessSemanticsTest::exit, 130)), "an explicit 130 is no SIGINT");
        assertEquals(-9, codeOf(Process.builder(ProcessSemanticsTest::killSelf, "KILL")));
        assertEquals(-15, codeOf(Process.builder(ProcessSemanticsTest::killSelf, "TERM")));
        assertEquals(-2, codeOf(Process.builder(ProcessSemanticsTest::killSelf, "INT")));
        assertEquals(-1, codeOf(Process.builder(ProcessSemanticsTest::killSelf, "HUP")));
        assertEquals(-10, codeOf(Process.builder(ProcessSemanticsTest::killSelf, "USR1")));
    }

    private static int codeOf(Builder builder) throws InterruptedException {
        Process process = builder.start();
        process.join();
        return process.exitCode().orElseThrow();
    }

    @Test
    void p5AnUncaughtExceptionIsPrintedAfterTheNameAndMakesTheCode1() throws InterruptedException {
        Process process = Process.builder(ProcessSemanticsTest::fail).name("failing").stderr(Redirect.PIPE).start();
        String output = Streams.stderr(process);
        process.join();
        assertEquals(OptionalInt.of(1), process.exitCode());
        assertTrue(output.startsWith("Process failing:\njava.lang.IllegalArgumentException: that is wrong\n\tat " + getClass().getName() + ".fail"),
                output);
    }

    @Test
    void p6JoinNeedsAStartedProcessAndMayBeCalledOften() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe; Process process = new Process(ProcessSemanticsTest::waitForWord, pipe.second())) {
            assertEquals("can only join a started process", assertThrows(IllegalStateException.class, process::join).getMessage());
            process.start();
            assertFalse(process.join(Duration.ofMillis(1)));
            assertFalse(process.join(Duration.ZERO));
            assertFalse(process.join(Duration.ofSeconds(-1)));
            assertTrue(Multiprocessing.activeChildren().contains(process));
            pipe.first().send("go");
            assertTrue(process.join(Duration.ofDays(200_000)));
            process.join();
            assertTrue(process.join(Duration.ZERO));
            assertFalse(Multiprocessing.activeChildren().contains(process));
        }
    }

    @Test
    void p6JoinIsInterruptible() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe; Process process = new Process(ProcessSemanticsTest::waitForWord, pipe.second())) {
            process.start();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, process::join);
            assertFalse(Thread.interrupted());
            pipe.first().send("go");
            process.join();
        }
    }

    @Test
    void p7IsAlive() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe; Process process = new Process(ProcessSemanticsTest::waitForWord, pipe.second())) {
            assertFalse(process.isAlive());
            process.start();
            assertTrue(process.isAlive());
            pipe.first().send("go");
            process.join();
            assertFalse(process.isAlive());
            process.close();
            assertEquals("process object is closed", assertThrows(IllegalStateException.class, process::isAlive).getMessage());
        }
        assertTrue(Multiprocessing.currentProcess().isAlive());
    }

    @Test
    void p8TerminateKillAndInterrupt() throws InterruptedException {
        assertEquals("-SIGTERM", endedBy(Process::terminate).toString());
        assertEquals("-SIGKILL", endedBy(Process::kill).toString());
        assertEquals("-SIGINT", endedBy(Process::interrupt).toString());
    }

    private static ExitStatus endedBy(Consumer<Process> end) throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe; Process process = new Process(ProcessSemanticsTest::waitForAnswer, pipe.second())) {
            assertEquals("process not started", assertThrows(IllegalStateException.class, () -> end.accept(process)).getMessage());
            process.start();
            pipe.first().recv();
            end.accept(process);
            process.join();
            end.accept(process);
            return process.exitStatus().orElseThrow();
        }
    }

    static void waitForAnswer(Connection connection) throws InterruptedException {
        connection.send("ready");
        connection.recv();
    }

    @Test
    void p10Close() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe) {
            Process process = new Process(ProcessSemanticsTest::waitForWord, pipe.second());
            process.start();
            assertEquals("Cannot close a process while it is still running. You should first call join() or terminate().",
                    assertThrows(IllegalStateException.class, process::close).getMessage());
            pipe.first().send("go");
            process.join();
            process.close();
            process.close();
            for (Executable call : List.<Executable>of(
                    process::join, process::isAlive, process::exitCode, process::pid, process::sentinel, process::kill, process::onExit)) {
                assertEquals("process object is closed", assertThrows(IllegalStateException.class, call).getMessage());
            }
            assertTrue(process.toString().contains(" closed>"), process.toString());
        }
    }

    @Test
    void p11TheSentinelCanBeWaitedForTogetherWithConnections() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe; Process process = new Process(ProcessSemanticsTest::waitForWord, pipe.second())) {
            assertEquals("process not started", assertThrows(IllegalStateException.class, process::sentinel).getMessage());
            process.start();
            assertEquals(List.of(), ConnectionWait.await(List.of(process, pipe.first()), Duration.ZERO));
            pipe.first().send("go");
            assertEquals(List.of(process), ConnectionWait.await(List.of(process, pipe.first()), Duration.ofSeconds(30)));
            assertFalse(process.isAlive(), "ready means ended");
            assertEquals(OptionalInt.of(0), process.exitCode());
        }
    }

    @Test
    void onExitIsACopy() throws Exception {
        try (Process process = new Process(ProcessSemanticsTest::nothing)) {
            assertThrows(IllegalStateException.class, process::onExit);
            process.start();
            process.onExit().cancel(true);
            assertEquals(ExitStatus.exited(0), process.onExit().get());
            assertArrayEquals(new int[0], Multiprocessing.currentProcess().identity());
        }
    }
}
