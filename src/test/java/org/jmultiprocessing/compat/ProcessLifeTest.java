package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.AuthKey;
import org.jmultiprocessing.process.ParentProcess;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.support.Stranger;
import org.jmultiprocessing.support.Streams;
import org.jmultiprocessing.task.Task;
import org.junit.jupiter.api.Test;

/** The sentences of semantics.md on Process, P12 to P18, on contexts, C1 to C7, and on what goes beyond Python: the life line. */
class ProcessLifeTest {
    static void nothing() { }

    static void sleepForEver() throws InterruptedException {
        Thread.currentThread().join();
    }

    static void reportAndSleep(Connection connection) throws InterruptedException {
        connection.send(ProcessHandle.current().pid());
        sleepForEver();
    }

    /** Starts a daemon and a child that is waited for, then returns: the exit sequence decides what becomes of them. */
    static void leaveChildren(Connection connection) throws InterruptedException {
        Process daemon = Process.builder(ProcessLifeTest::reportAndSleep, connection).daemon(true).start();
        connection.recv();
        Process joined = Process.builder(ProcessLifeTest::reportAfterWord, connection).daemon(false).start();
        connection.send(List.of(daemon.pid().getAsLong(), joined.pid().getAsLong()));
    }

    static void reportAfterWord(Connection connection) throws InterruptedException {
        connection.recv();
        System.out.print("joined child done");
    }

    static void startChildAndSleep(Connection connection) throws InterruptedException {
        Process child = Process.builder(ProcessLifeTest::reportAndSleep, connection).start();
        child.join();
    }

    static void printDaemonOfChild() {
        System.out.print(Multiprocessing.currentProcess().daemon() + " " + new Process(ProcessLifeTest::nothing).daemon());
    }

    static void printParent() {
        ParentProcess parent = Multiprocessing.parentProcess().orElseThrow();
        System.out.print(parent.name() + " " + parent.pid() + " " + parent.isAlive());
    }

    static void sendAuthKey(Connection connection) throws InterruptedException {
        connection.send(Multiprocessing.currentProcess().authKey().bytes());
    }

    static void printStdin() throws IOException {
        System.out.print(System.in.read());
    }

    static void printWithoutNewline() {
        System.out.print("no newline");
        System.err.print("nor here");
    }

    static void printFromThread() {
        new Thread(() -> System.out.print("from a thread")).start();
    }

    private static Process started(Task target) {
        return Process.builder(target).stdout(Redirect.PIPE).start();
    }

    @Test
    void p12DaemonIsSetBeforeTheStartOnly() throws InterruptedException {
        try (Process process = new Process(ProcessLifeTest::nothing)) {
            process.setDaemon(true);
            assertTrue(process.daemon());
            process.start();
            assertEquals("process has already started", assertThrows(IllegalStateException.class, () -> process.setDaemon(false)).getMessage());
            process.join();
        }
    }

    @Test
    void p12DaemonsHaveDaemons() throws InterruptedException {
        Process process = Process.builder(ProcessLifeTest::printDaemonOfChild).daemon(true).stdout(Redirect.PIPE).start();
        assertEquals("true true", Streams.stdout(process));
        process.join();
    }

    @Test
    void p13AtExitDaemonsAreTerminatedAndOthersJoined() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe) {
            Process process = Process.builder(ProcessLifeTest::leaveChildren, pipe.second()).stdout(Redirect.PIPE).start();
            Object daemonPid = pipe.first().recv();
            pipe.first().send("the daemon runs");
            assertEquals(daemonPid, ((List<?>) pipe.first().recv()).get(0));
            assertFalse(process.join(Duration.ofMillis(300)), "waits for the child that is not a daemon");
            assertTrue(ProcessHandle.of((Long) daemonPid).isPresent(), "daemons are terminated at the exit, not before");
            pipe.first().send("go");
            process.join();
            assertEquals(OptionalInt.of(0), process.exitCode());
            assertEquals("joined child done", Streams.stdout(process));
            assertFalse(ProcessHandle.of((Long) daemonPid).isPresent(), "the daemon was terminated and joined");
        }
    }

    @Test
    void p14TheAuthKeyIsInheritedAndRefusesToTravelOtherwise() throws InterruptedException {
        Pipe pipe = Pipe.oneWay();
        try (pipe; Process process = new Process(ProcessLifeTest::sendAuthKey, pipe.second())) {
            AuthKey mine = Multiprocessing.currentProcess().authKey();
            assertEquals(32, mine.bytes().length);
            process.start();
            assertArrayEquals(mine.bytes(), (byte[]) pipe.first().recv());
            process.join();
            SerializationException refused = assertThrows(SerializationException.class, () -> pipe.second().send(mine));
            assertTrue(refused.getMessage().contains("Pickling an AuthenticationString object is disallowed for security reasons"),
                    refused.getMessage());
        }
    }

    @Test
    void p15ToStringIsPythons() throws InterruptedException {
        long parent = ProcessHandle.current().pid();
        Process process = Process.builder(ProcessLifeTest::sleepForEver).name("sleeper").daemon(true).build();
        assertEquals("<Process name='sleeper' parent=" + parent + " initial daemon>", process.toString());
        process.start();
        long pid = process.pid().getAsLong();
        assertEquals("<Process name='sleeper' pid=" + pid + " parent=" + parent + " started daemon>", process.toString());
        process.kill();
        process.join();
        assertEquals("<Process name='sleeper' pid=" + pid + " parent=" + parent + " stopped exitcode=-SIGKILL daemon>", process.toString());
        process.close();
        assertEquals("<Process name='sleeper' pid=" + pid + " parent=" + parent + " closed daemon>", process.toString());
        assertEquals("<MainProcess name='MainProcess' parent=None started>", Multiprocessing.currentProcess().toString());
    }

    @Test
    void p16ModuleFunctions() throws InterruptedException {
        assertEquals(Runtime.getRuntime().availableProcessors(), Multiprocessing.cpuCount());
        assertEquals(Optional.empty(), Multiprocessing.parentProcess());
        Process process = started(ProcessLifeTest::printParent);
        assertEquals("MainProcess " + ProcessHandle.current().pid() + " true", Streams.stdout(process));
        process.join();
    }

    @Test
    void p17StdinIsTheNullDeviceAndOutputIsFlushed() throws InterruptedException {
        Process stdin = started(ProcessLifeTest::printStdin);
        assertEquals("-1", Streams.stdout(stdin));
        stdin.join();
        Process output = Process.builder(ProcessLifeTest::printWithoutNewline).stdout(Redirect.PIPE).stderr(Redirect.PIPE).start();
        assertEquals("no newline", Streams.stdout(output));
        assertEquals("nor here", Streams.stderr(output));
        output.join();
        Process thread = started(ProcessLifeTest::printFromThread);
        assertEquals("from a thread", Streams.stdout(thread), "threads of the child are waited for");
        thread.join();
    }

    @Test
    void p18StartingWhileBootstrappingIsRefused() throws InterruptedException {
        Process process = Process.builder(Guarded::start).stderr(Redirect.PIPE).start();
        String errors = Streams.stderr(process);
        process.join();
        assertEquals(OptionalInt.of(1), process.exitCode());
        assertTrue(errors.contains("An attempt has been made to start a new process before the current process has finished its bootstrapping phase"),
                errors);
    }

    /** An argument that starts a process while it is being rebuilt in the child. */
    static final class Guarded implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            if (Multiprocessing.parentProcess().isPresent()) {
                new Process(ProcessLifeTest::nothing).start();
            }
            return this;
        }

        static void start() throws InterruptedException {
            Process process = Process.builder(Guarded::take, new Guarded()).start();
            process.join();
            System.exit(process.exitCode().orElseThrow());
        }

        static void take(Guarded argument) { }
    }

    /** A class whose initialization starts a process, as a main module without the guard does in Python: an endless chain of processes. */
    static final class Unguarded {
        static {
            if (Multiprocessing.parentProcess().isPresent()) {
                new Process(Unguarded::target).start();
            }
        }

        private Unguarded() { }

        static void target() { }
    }

    @Test
    void p18AlsoInAnInitializerOfTheTargetsClass() throws InterruptedException {
        Process process = Process.builder(Unguarded::target).stderr(Redirect.PIPE).start();
        String errors = Streams.stderr(process);
        process.join();
        assertEquals(OptionalInt.of(1), process.exitCode());
        assertTrue(errors.contains("An attempt has been made to start a new process before"), errors);
    }

    @Test
    void c1ContextsByName() {
        assertEquals(StartMethod.SPAWN, Multiprocessing.context("spawn").startMethod());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Multiprocessing.context("x")).getMessage()
                .startsWith("cannot find context for 'x'"));
    }

    @Test
    void c2AndC3TheDefaultIsFixedByAskingOrSetting() {
        StartMethod before = Multiprocessing.startMethod();
        assertEquals("context has already been set",
                assertThrows(IllegalStateException.class, () -> Multiprocessing.setStartMethod(StartMethod.SPAWN)).getMessage());
        Multiprocessing.forceStartMethod(before);
        assertEquals("cannot set start method of concrete context", assertThrows(IllegalStateException.class,
                () -> Multiprocessing.context(StartMethod.SPAWN).setStartMethod(StartMethod.SPAWN)).getMessage());
        assertEquals(before, Multiprocessing.allStartMethods().get(0));
    }

    @Test
    void c1AContextStartsItsProcesses() throws InterruptedException {
        try (Process process = Multiprocessing.context("spawn").process(ProcessLifeTest::nothing)) {
            process.start();
            process.join();
            assertEquals(OptionalInt.of(0), process.exitCode());
        }
    }

    @Test
    void childrenAndGrandchildrenOfAKilledParentEndWithinASecond() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (pipe; Process process = new Process(ProcessLifeTest::startChildAndSleep, pipe.second())) {
            process.start();
            long grandchild = (Long) pipe.first().recv();
            long begin = System.nanoTime();
            process.kill();
            process.join();
            assertTrue(new Stranger(grandchild).awaitEnd(Duration.ofSeconds(30)), "the grandchild lives");
            Duration taken = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(taken.compareTo(Duration.ofSeconds(1)) < 0, "a second is promised; it took " + taken);
        }
    }
}
