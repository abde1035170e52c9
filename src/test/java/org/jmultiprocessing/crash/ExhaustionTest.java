package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.ResourceLimit;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.support.Program;
import org.jmultiprocessing.support.Streams;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts without descriptors, processes or memory: each is refused with the step and the reason, leaves nothing, and the next one works. */
class ExhaustionTest {
    private static final boolean JNA = "jna".equals(System.getProperty("jmultiprocessing.binding"));

    static void nothing() { }

    /** Runs under a limit: takes all descriptors and gives back one more each time, until there are enough for a start. */
    static final class WithoutDescriptors {
        private static final List<Closeable> TAKEN = new ArrayList<>();

        private WithoutDescriptors() { }

        public static void main(String[] arguments) throws Exception {
            startAndJoin();
            long before = count();
            int refusals = 0;
            for (int free = 0; free < 40; free++) {
                take();
                give(free);
                String outcome = startAndJoin();
                give(TAKEN.size());
                System.out.println(outcome);
                if (count() != before) {
                    System.out.println(count() - before + " descriptors leaked with " + free + " free");
                }
                refusals += outcome.equals("started") ? 0 : 1;
            }
            System.out.println(refusals + " refusals");
        }

        private static void take() {
            try {
                while (true) {
                    TAKEN.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException tooMany) {
                // That is all there are.
                return;
            }
        }

        private static void give(int howMany) throws IOException {
            for (int i = 0; i < howMany; i++) {
                TAKEN.remove(TAKEN.size() - 1).close();
            }
        }

        /** Without those of the JVM's own threads, which look into the cgroup now and then. */
        private static long count() throws IOException {
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                return descriptors.filter(WithoutDescriptors::isOurs).count();
            }
        }

        private static boolean isOurs(Path descriptor) {
            try {
                String target = Files.readSymbolicLink(descriptor).toString();
                return !target.startsWith("/sys/") && !target.startsWith("/proc/");
            } catch (IOException closedMeanwhile) {
                return false;
            }
        }
    }

    /** Runs under a limit: takes all threads that its user may have, and gives them back. */
    static final class WithoutProcesses {
        private WithoutProcesses() { }

        public static void main(String[] arguments) throws Exception {
            System.out.println(startAndJoin());
            CountDownLatch end = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            try {
                while (true) {
                    Thread thread = new Thread(() -> await(end));
                    thread.setDaemon(true);
                    thread.start();
                    threads.add(thread);
                }
            } catch (OutOfMemoryError noMoreThreads) {
                System.out.println(startAndJoin(Process.builder(ExhaustionTest::nothing).daemon(true)));
                System.out.println(startAndJoin());
            }
            end.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println(startAndJoin());
        }

        private static void await(CountDownLatch end) {
            try {
                end.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String startAndJoin() throws InterruptedException {
        return startAndJoin(Process.builder(ExhaustionTest::nothing));
    }

    private static String startAndJoin(Builder builder) throws InterruptedException {
        // A fork server that starts behind the first child would take of the little that there is.
        Process child = builder.startMethod(StartMethod.SPAWN).build();
        try {
            child.start();
        } catch (OsException refused) {
            return refused.operation() + ": " + refused.errnoName();
        } catch (OutOfMemoryError refused) {
            // The thread that waits for children that are no daemons could not be started.
            return "no thread";
        }
        child.join();
        return child.exitCode().getAsInt() == 0 ? "started" : child.toString();
    }

    @TempDir
    private Path folder;

    @BeforeEach
    void needsLinux() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "descriptors are counted in /proc");
    }

    @Test
    void withoutDescriptors() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 128 && exec \"$@\"", "sh"));
        command.addAll(Program.ofClass(WithoutDescriptors.class));
        Program program = Program.of(command);
        List<String> outcomes = program.out().lines().toList();
        assertEquals(0, program.code(), program.err());
        assertTrue(outcomes.get(0).endsWith(": EMFILE"), program.out());
        assertTrue(outcomes.stream().allMatch(line -> line.matches("[a-z_ ]+: EMFILE|started|\\d+ refusals")), program.out());
        assertEquals("started", outcomes.get(outcomes.size() - 2), program.out());
        assertNotEquals("0 refusals", outcomes.get(outcomes.size() - 1), program.out());
    }

    /** The limit is not for root, so a user without any other process has to serve. */
    @Test
    void withoutProcesses() throws Exception {
        assumeFalse(JNA, "JNA's jars may be where that user cannot read");
        List<String> asNobody = List.of("prlimit", "--nproc=100:100", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        List<String> probe = new ArrayList<>(asNobody);
        probe.addAll(List.of("test", "-r", Program.jar().toString()));
        assumeTrue(Program.of(probe).code() == 0, "needs root, prlimit, setpriv, and a build that others can read");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> command = new ArrayList<>(asNobody);
        command.addAll(Program.ofClass(WithoutProcesses.class, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary,
                "-Duser.home=" + temporary));
        Program program = Program.of(command);
        assertEquals("started\nfork: EAGAIN\nno thread\nstarted\n", program.out().lines().filter(line -> !line.contains("[warning]"))
                .reduce("", (all, line) -> all + line + "\n"), program.err());
        assertEquals(0, program.code(), program.err());
    }

    @Test
    void aChildWithoutMemoryEndsWithItsOwnError() throws InterruptedException {
        assumeFalse(JNA, "limits need the native binding");
        Process child = Process.builder(ExhaustionTest::nothing).limit(ResourceLimit.AS, 256 << 20, 256 << 20).stdout(Redirect.PIPE)
                .stderr(Redirect.DISCARD).start();
        Streams.stdout(child);
        child.join();
        assertNotEquals(0, child.exitCode().getAsInt());
        assertEquals("started", startAndJoin());
    }
}
