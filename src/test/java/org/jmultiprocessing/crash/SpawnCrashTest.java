package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.Streams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where a child can die and how: {before exec, in exec, before main, in deserialization, in the target, in exit} x {SIGKILL, System.exit, halt,
 * exception, SIGSEGV}. The parent gets the right status each time, at once, and starts the next child.
 */
class SpawnCrashTest {
    /** A way to die. HotSpot turns a SIGSEGV of its own into its error report and SIGABRT. */
    enum Crash {
        SIGKILL, EXIT, HALT, EXCEPTION, SIGSEGV;

        void happen() throws IOException, InterruptedException {
            switch (this) {
                case SIGKILL -> signal("KILL");
                case SIGSEGV -> signal("SEGV");
                case EXIT -> System.exit(5);
                case HALT -> Runtime.getRuntime().halt(6);
                default -> throw new IllegalStateException("as asked");
            }
        }

        private static void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid())).start().waitFor();
            Thread.currentThread().join();
        }
    }

    /** Dies while it is rebuilt in the child. */
    static final class Bomb implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Crash crash;

        Bomb(Crash crash) {
            this.crash = crash;
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            try {
                crash.happen();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @TempDir
    private Path folder;

    static void take(Bomb bomb) { }

    static void nothing() { }

    static void crash(Crash crash) throws IOException, InterruptedException {
        crash.happen();
    }

    static void crashInExit(Crash crash) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                crash.happen();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    private Builder quiet(Builder builder) {
        return builder.jvmOptions("-XX:ErrorFile=" + folder.resolve("error.log")).stdout(Redirect.DISCARD).stderr(Redirect.PIPE);
    }

    private ExitStatus statusOf(Builder builder) throws InterruptedException {
        Process process = quiet(builder).start();
        Streams.stderr(process);
        process.join();
        return process.exitStatus().orElseThrow();
    }

    @AfterEach
    void theNextChildIsFine() throws InterruptedException {
        assertEquals(0, statusOf(Process.builder(SpawnCrashTest::nothing)).code());
    }

    @ParameterizedTest
    @CsvSource({"SIGKILL, -9", "EXIT, 5", "HALT, 6", "EXCEPTION, 1", "SIGSEGV, -6"})
    void inDeserialization(Crash crash, int expected) throws InterruptedException {
        assertEquals(expected, statusOf(Process.builder(SpawnCrashTest::take, new Bomb(crash))).code());
    }

    @ParameterizedTest
    @CsvSource({"SIGKILL, -9", "EXIT, 5", "HALT, 6", "EXCEPTION, 1", "SIGSEGV, -6"})
    void inTheTarget(Crash crash, int expected) throws InterruptedException {
        assertEquals(expected, statusOf(Process.builder(SpawnCrashTest::crash, crash)).code());
    }

    /** System.exit in a hook would wait for itself for ever, in any JVM: that cell is the JDK's. */
    @ParameterizedTest
    @CsvSource({"SIGKILL, -9", "HALT, 6", "EXCEPTION, 0", "SIGSEGV, -6"})
    void inExit(Crash crash, int expected) throws InterruptedException {
        assertEquals(expected, statusOf(Process.builder(SpawnCrashTest::crashInExit, crash)).code());
    }

    @ParameterizedTest
    @CsvSource({"kill -9 $$, -9", "exit 5, 5", "kill -SEGV $$, -11", "kill -TERM $$, -15"})
    void beforeMain(String script, int expected) throws Exception {
        Path java = executable("#!/bin/sh\n" + script + "\n");
        withExecutable(java, () -> assertEquals(expected, statusOf(Process.builder(SpawnCrashTest::nothing)).code()));
    }

    @Test
    void beforeMainByAnOptionThatTheJvmRefuses() throws InterruptedException {
        Process process = quiet(Process.builder(SpawnCrashTest::nothing).jvmOptions("-XX:+NoSuchFlagExists")).start();
        String errors = Streams.stderr(process);
        process.join();
        assertEquals(1, process.exitStatus().orElseThrow().code());
        assertTrue(errors.contains("NoSuchFlagExists"), errors);
    }

    @Test
    void inExec() throws Exception {
        Path java = executable("#!/no/such/interpreter\n");
        withExecutable(java, () -> {
            OsException refused = assertThrows(OsException.class, () -> statusOf(Process.builder(SpawnCrashTest::nothing)));
            assertEquals("exec ENOENT", refused.operation() + " " + refused.errnoName());
        });
        Path gone = executable("#!/bin/sh\n");
        withExecutable(gone, () -> {
            Files.delete(gone);
            OsException refused = assertThrows(OsException.class, () -> statusOf(Process.builder(SpawnCrashTest::nothing)));
            assertEquals("exec ENOENT", refused.operation() + " " + refused.errnoName());
            assertTrue(refused.getMessage().contains(gone.toString()), refused.getMessage());
        });
    }

    @Test
    void beforeExec() {
        OsException refused = assertThrows(OsException.class,
                () -> statusOf(Process.builder(SpawnCrashTest::nothing).directory(folder.resolve("gone"))));
        assertEquals("chdir ENOENT", refused.operation() + " " + refused.errnoName());
    }

    @Test
    void anEnvironmentThatIsTooBigIsE2big() {
        OsException refused = assertThrows(OsException.class,
                () -> statusOf(Process.builder(SpawnCrashTest::nothing).environment("BIG", "x".repeat(4 << 20))));
        assertEquals("exec E2BIG", refused.operation() + " " + refused.errnoName());
    }

    private Path executable(String text) throws IOException {
        Path file = Files.createTempFile(folder, "java", "");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** What runs while another program is the children's {@code java}. */
    @FunctionalInterface
    private interface Body {
        void run() throws Exception;
    }

    private static void withExecutable(Path java, Body body) throws Exception {
        Multiprocessing.setExecutable(java);
        try {
            body.run();
        } finally {
            Multiprocessing.setExecutable(Path.of(System.getProperty("java.home"), "bin", "java"));
        }
    }
}
