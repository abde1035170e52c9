package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.launch.ForkServer;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.support.Streams;
import org.jmultiprocessing.task.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code Process.builder} sets, seen from inside the child. */
@Tag("smoke")
class ProcessOptionsTest {
    @TempDir
    private Path folder;

    private static boolean hasLimits() {
        return !"jna".equals(System.getProperty("jmultiprocessing.binding"));
    }

    static void printJvmOptions() {
        System.out.print(Runtime.getRuntime().maxMemory() + " " + System.getProperty("of.child") + " "
                + ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    static void printEnvironment(String... names) {
        System.out.print(Arrays.stream(names).map(name -> name + "=" + System.getenv(name)).collect(Collectors.joining(",")));
    }

    static void printDirectory() {
        System.out.print(Path.of("").toAbsolutePath());
    }

    static void copyStdin() throws IOException {
        System.in.transferTo(System.out);
    }

    static void printStatus(String name) throws IOException {
        System.out.print(Files.readAllLines(Path.of("/proc/self", name)).stream().collect(Collectors.joining("\n")));
    }

    /** This process's. */
    static int niceness() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    static void printNiceness() throws IOException {
        System.out.print(niceness());
    }

    static void loadResource(String name) throws IOException {
        try (var stream = ClassLoader.getSystemResourceAsStream(name)) {
            System.out.print(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static void countBytes(byte[] bytes) {
        System.out.print(IntStream.range(0, bytes.length).filter(i -> bytes[i] != (byte) i).count() + " of " + bytes.length);
    }

    static void waitForWord(Connection connection) throws InterruptedException {
        connection.recv();
    }

    @Test
    void jvmOptionsAreForTheChildAndSystemPropertiesSetLaterAreNot() throws InterruptedException {
        System.setProperty("set.at.run.time", "secret-value");
        try {
            String output = Streams.outputOf(Process.builder(ProcessOptionsTest::printJvmOptions).jvmOptions("-Xmx40m", "-Dof.child=yes"));
            assertTrue(Long.parseLong(output.substring(0, output.indexOf(' '))) <= 40 << 20, output);
            assertTrue(output.contains(" yes ["), output);
            assertFalse(output.contains("secret-value"), output);
        } finally {
            System.clearProperty("set.at.run.time");
        }
    }

    @Test
    void environment() throws InterruptedException {
        assertEquals("A=1,PATH=" + System.getenv("PATH") + ",JAVA_TOOL_OPTIONS=null",
                Streams.outputOf(Process.builder(ProcessOptionsTest::printEnvironment, new String[] {"A", "PATH", "JAVA_TOOL_OPTIONS"})
                        .environment("A", "1")));
        assertEquals("B=2,HOME=null",
                Streams.outputOf(Process.builder(ProcessOptionsTest::printEnvironment, new String[] {"B", "HOME"}).environment(Map.of("B", "2"))));
        assertThrows(IllegalArgumentException.class, () -> Process.builder(ProcessOptionsTest::printDirectory).environment("A=B", "1"));
        assertThrows(IllegalArgumentException.class,
                () -> Process.builder(ProcessOptionsTest::printDirectory).environment("A", "nul \0 inside").start());
    }

    @Test
    void directoryAndRedirection() throws Exception {
        assertEquals(folder.toRealPath().toString(), Streams.outputOf(Process.builder(ProcessOptionsTest::printDirectory).directory(folder)));
        Path in = Files.writeString(folder.resolve("in"), "from a file");
        Path out = folder.resolve("out");
        Process toFile = Process.builder(ProcessOptionsTest::copyStdin).stdin(Redirect.from(in.toFile())).stdout(Redirect.to(out.toFile())).start();
        toFile.join();
        Process append = Process.builder(ProcessOptionsTest::copyStdin).stdin(Redirect.from(in.toFile())).stdout(Redirect.appendTo(out.toFile()))
                .start();
        append.join();
        assertEquals("from a filefrom a file", Files.readString(out));
        assertNull(append.stdout());
        Process piped = Process.builder(ProcessOptionsTest::copyStdin).stdin(Redirect.PIPE).stdout(Redirect.PIPE).start();
        piped.stdin().write("through pipes".getBytes(StandardCharsets.UTF_8));
        piped.stdin().close();
        assertEquals("through pipes", Streams.stdout(piped));
        piped.join();
    }

    @Test
    void classPathEntriesAreAdded() throws Exception {
        Files.writeString(folder.resolve("resource.txt"), "found");
        assertEquals("found", Streams.outputOf(Process.builder(ProcessOptionsTest::loadResource, "resource.txt").classPath(folder)));
    }

    @Test
    void limitsNicenessAndAffinity() throws InterruptedException, IOException {
        assumeTrue(hasLimits(), "limits need the native binding");
        String limits = Streams.outputOf(Process.builder(ProcessOptionsTest::printStatus, "limits").limit(ResourceLimit.NOFILE, 333, 444)
                .limit(ResourceLimit.CORE, 0, 0).limit(ResourceLimit.CPU, -1, -1));
        assertTrue(limits.matches("(?s).*Max open files +\\d+ +444 .*"), limits);
        assertTrue(limits.matches("(?s).*Max core file size +0 +0 .*"), limits);
        assertEquals("" + (niceness() + 5), Streams.outputOf(Process.builder(ProcessOptionsTest::printNiceness).niceness(5)));
        String status = Streams.outputOf(Process.builder(ProcessOptionsTest::printStatus, "status").affinity(0));
        assertTrue(status.contains("Cpus_allowed_list:\t0\n"), status);
    }

    @Test
    void aLimitThatTheSystemRefusesFailsTheStartAndNamesTheStep() {
        assumeTrue(hasLimits(), "limits need the native binding");
        OsException refused = assertThrows(OsException.class, () -> Process.builder(ProcessOptionsTest::printDirectory).affinity(1000).start());
        assertEquals("sched_setaffinity", refused.operation());
        assertEquals("EINVAL", refused.errnoName());
    }

    @Test
    void aChildSeesExactlyItsDescriptors() throws Exception {
        // With the server there, both are forked, if that is the default.
        Multiprocessing.prestartForkServer();
        ForkServer.await();
        Pipe pipe = Pipe.duplex();
        try (pipe) {
            Process process = new Process(ProcessOptionsTest::waitForWord, pipe.second());
            process.start();
            Process bare = new Process(ProcessOptionsTest::sleep);
            bare.start();
            List<String> inherited = socketsAndPipes(process.pid().getAsLong());
            List<String> none = socketsAndPipes(bare.pid().getAsLong());
            pipe.first().send("go");
            process.join();
            bare.terminate();
            bare.join();
            assertEquals(1, inherited.stream().filter(target -> target.startsWith("socket:")).count(), inherited.toString());
            assertEquals(0, none.stream().filter(target -> target.startsWith("socket:")).count(), none.toString());
        }
    }

    static void sleep() throws InterruptedException {
        Thread.currentThread().join();
    }

    private static List<String> socketsAndPipes(long pid) throws IOException {
        try (var entries = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return entries.map(entry -> {
                try {
                    return Files.readSymbolicLink(entry).toString();
                } catch (IOException e) {
                    return "gone";
                }
            }).toList();
        }
    }

    @Test
    void aHundredMegabytesOfArgumentsDoNotHoldUpTheStart() throws InterruptedException {
        byte[] big = new byte[100_000_000];
        for (int i = 0; i < big.length; i++) {
            big[i] = (byte) i;
        }
        assertEquals("0 of 100000000", Streams.outputOf(Process.builder(ProcessOptionsTest::countBytes, big).jvmOptions("-Xmx1g")));
    }

    @Test
    void startDataAndSecretsAreNotOnTheCommandLineNorInTheEnvironment() throws Exception {
        Pipe pipe = Pipe.duplex();
        try (pipe) {
            Process process = Process.builder((Connection c, String secret) -> c.recv(), pipe.second(), "my-secret-argument").start();
            Path proc = Path.of("/proc", Long.toString(process.pid().getAsLong()));
            String visible = Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    + Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1);
            pipe.first().send("go");
            process.join();
            assertFalse(visible.contains("my-secret-argument"));
            String key = new String(Multiprocessing.currentProcess().authKey().bytes(), StandardCharsets.ISO_8859_1);
            assertFalse(visible.contains(key));
        }
    }

    @Test
    void startsThatFailNameTheStepAndLeaveNothing() {
        OsException directory = assertThrows(OsException.class,
                () -> Process.builder(ProcessOptionsTest::printDirectory).directory(folder.resolve("missing")).start());
        assertEquals("chdir", directory.operation());
        assertEquals("ENOENT", directory.errnoName());
        assertTrue(directory.getMessage().contains(folder.resolve("missing").toString()), directory.getMessage());
        OsException redirect = assertThrows(OsException.class,
                () -> Process.builder(ProcessOptionsTest::printDirectory).stdout(Redirect.to(folder.resolve("no/such").toFile())).start());
        assertEquals("open", redirect.operation());
        assertThrows(IllegalArgumentException.class, () -> Process.builder(ProcessOptionsTest::printDirectory).stdin(Redirect.to(folder.toFile())));
        assertThrows(IllegalArgumentException.class,
                () -> Process.builder(ProcessOptionsTest::printDirectory).stdout(Redirect.from(folder.toFile())));
        assertThrows(IllegalArgumentException.class, () -> Process.builder(ProcessOptionsTest::printDirectory).jvmOptions("Xmx1g"));
        assertThrows(IllegalArgumentException.class, () -> Process.builder().build());
        assertThrows(IllegalArgumentException.class, () -> Multiprocessing.setExecutable(folder));
        assertThrows(IllegalArgumentException.class, () -> Process.builder((Task) null).start());
    }
}
