package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import application.CrowdedParent;
import application.OddParent;
import application.OneFork;
import application.Sandbox;
import application.Surrounded;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that fork, by each method, in sandboxes, under limits and in namespaces. Where that cannot be, they say why, and go on. */
class SurroundingsTest {
    private static final String FORKED = "fork: 40\nfork: 41\ngoes on\n";
    private static final String SERVED = "of the server: 40\nof the server: 41\ngoes on\n";
    private static final String SPAWNED = "forkserver: 40\nforkserver: 41\ngoes on\n";
    private static final String EPERM = "=1";
    private static final String ENOSYS = "=38";

    @TempDir
    private Path folder;

    @BeforeEach
    void requireFork() {
        assumeTrue(StartMethod.available().contains(StartMethod.FORK), "this JVM cannot be forked");
    }

    /** What it prints, in which a refusal and a warning are each one line. */
    private static String said(List<String> before, String method, String... more) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(Program.ofClass(Surrounded.class, "-Xlog:disable"));
        command.addAll(List.of(method, "2"));
        command.addAll(List.of(more));
        Program program = Program.of(command);
        assertEquals(0, program.code(), program.out() + program.err());
        return program.out();
    }

    private static List<String> sandbox(String refusals) {
        List<String> command = Program.ofClass(Sandbox.class);
        command.addAll(List.of(refusals, "--"));
        return command;
    }

    private static void assertRefused(String out, String obstacle) {
        assertEquals(2, out.lines().filter(line -> line.startsWith("refused: ") && line.contains(obstacle) && line.contains("another start method"))
                .count(), out);
        assertTrue(out.endsWith("goes on\n"), out);
    }

    private static void assertSpawned(String out, String obstacle) {
        assertEquals(1, out.lines().filter(line -> line.startsWith("warned: ")).count(), out);
        assertTrue(out.lines().findFirst().orElseThrow().contains(obstacle), out);
        assertTrue(out.endsWith(SPAWNED), out);
    }

    /** clone3, close_range and unshare: there are other ways, which the C library and this one take. */
    @ParameterizedTest
    @ValueSource(strings = {"435" + ENOSYS, "436" + ENOSYS + ",272" + EPERM, "436" + EPERM})
    void aSandboxWithoutNewerCalls(String refusals) throws Exception {
        assertEquals(FORKED, said(sandbox(refusals), "FORK"));
        assertEquals(SERVED, said(sandbox(refusals), "FORKSERVER"));
    }

    /** rt_tgsigqueueinfo, tgkill, get_robust_list, getdents64, pidfd_open. */
    @ParameterizedTest
    @CsvSource({"297=1, a sandbox answers EPERM", "234=1, a sandbox answers EPERM", "274=38, a sandbox answers ENOSYS",
        "217=1, a sandbox answers EPERM", "434=1, takes pidfd_open"})
    void aSandboxWithoutWhatAForkTakes(String refusal, String obstacle) throws Exception {
        assertRefused(said(sandbox(refusal), "FORK"), obstacle);
        assertSpawned(said(sandbox(refusal), "FORKSERVER"), obstacle);
    }

    /** The C library of JDKs takes EPERM for the end: no thread comes into being, here or in a child. Then clone of the process itself. */
    @Test
    void aSandboxThatForbidsThreadsOrProcesses() throws Exception {
        assertRefused(said(List.of(), "FORK", "435" + EPERM), "a sandbox answers EPERM");
        assertRefused(said(List.of(), "FORK", "56" + EPERM), "fork: clone: a sandbox answers EPERM");
    }

    @Test
    void aTwinHasNoDescriptorsWithoutCloseRangeEither() throws Exception {
        List<String> command = sandbox("436" + ENOSYS + ",272" + EPERM);
        command.addAll(Program.ofClass(OddParent.class));
        command.add("counts descriptors");
        assertEquals("exit code 0\ngoes on\n", Program.of(command).out());
    }

    private static List<String> namespace(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "--pid", "--fork"));
        command.addAll(List.of(options));
        List<String> probe = new ArrayList<>(command);
        probe.add("true");
        assumeTrue(Program.of(probe).code() == 0, "this user can make no PID namespace");
        return command;
    }

    /** Threads have small ids there, which tables of the C library hold too, at places where a lock might name its owner. */
    @Test
    void smallThreadIdsAreNoLocks() throws Exception {
        List<String> command = namespace("--mount-proc");
        command.addAll(Program.ofClass(OneFork.class));
        command.add("elsewhere");
        Program program = Program.of(command);
        assertEquals("forked, exit code 0\n", program.out(), program.err());
    }

    @Test
    void theFirstProcessOfANamespace() throws Exception {
        List<String> first = namespace("--mount-proc");
        assertEquals(FORKED, said(first, "FORK"));
        assertEquals(SERVED, said(first, "FORKSERVER"));
    }

    @Test
    void theProcOfAnotherNamespace() throws Exception {
        List<String> lost = namespace();
        assertRefused(said(lost, "FORK"), "/proc is not there, or is that of another process namespace");
        assertSpawned(said(lost, "FORKSERVER"), "/proc is not there, or is that of another process namespace");
    }

    private static void assertCrowded(Program program) {
        List<String> lines = program.out().lines().filter(line -> !line.contains("[warning]")).toList();
        assertEquals(5, lines.size(), program.out() + program.err());
        assertEquals("exit code 0", lines.get(0), program.out());
        assertTrue(lines.get(1).startsWith("refused: fork: clone: this user or its control group") && lines.get(1).contains("raise ulimit -u"),
                program.out());
        assertTrue(lines.get(2).startsWith("refused: fork: clone a thread: this user or its control group"), program.out());
        assertEquals("exit code 0", lines.get(3), program.out());
        assertEquals("goes on", lines.get(4), program.out());
    }

    /** The limit is not for root, so a user without any other process has to serve. */
    @Test
    void asManyProcessesAsAUserMayHave() throws Exception {
        List<String> asNobody = List.of("prlimit", "--nproc=100:100", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        Path jna = Path.of(Native.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        jna = Files.copy(jna, folder.resolve("jna.jar"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(jna, PosixFilePermissions.fromString("rw-r--r--"));
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> probe = new ArrayList<>(asNobody);
        probe.addAll(List.of("test", "-r", Program.jar().toString()));
        assumeTrue(Program.of(probe).code() == 0, "needs root, prlimit, setpriv, and a build that others can read");
        List<String> command = new ArrayList<>(asNobody);
        command.addAll(Program.ofClass(OddParent.class, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary,
                "-Duser.home=" + temporary, "-Xlog:disable"));
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, command.get(classPath) + ":" + jna);
        command.add("crowded");
        assertCrowded(Program.of(command));
    }

    @Test
    void asManyProcessesAsAControlGroupMayHave() throws Exception {
        Path group = group();
        try {
            Files.writeString(group.resolve("pids.max"), "100");
            List<String> command = inside(group, OddParent.class);
            command.add("crowded");
            assertCrowded(Program.of(command));
        } finally {
            Files.delete(group);
        }
    }

    /** That passes: the server goes on. */
    @Test
    void aForkServerInACrowdedControlGroup() throws Exception {
        Path group = group();
        try {
            Files.writeString(group.resolve("pids.max"), "120");
            Program program = Program.of(inside(group, CrowdedParent.class));
            List<String> lines = program.out().lines().filter(line -> line.startsWith(CrowdedParent.MARK))
                    .map(line -> line.substring(CrowdedParent.MARK.length())).toList();
            assertEquals(3, lines.size(), program.out() + program.err());
            assertEquals("of the server", lines.get(0), program.out());
            assertTrue(lines.get(1).startsWith("refused: "), program.out());
            assertEquals("of the server", lines.get(2), program.out() + program.err());
        } finally {
            awaitEmpty(group);
            Files.delete(group);
        }
    }

    private static List<String> inside(Path group, Class<?> program) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh"));
        command.addAll(Program.ofClass(program, "-Xlog:disable"));
        return command;
    }

    /** The server ends after its parent. */
    private static void awaitEmpty(Path group) throws IOException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!Files.readString(group.resolve("cgroup.procs")).isEmpty()) {
            assertTrue(System.nanoTime() - deadline < 0, "processes are left");
            Thread.onSpinWait();
        }
    }

    /** Of version 1, or of version 2 if it has the controller. */
    private static Path group() {
        String name = "jmp-test-" + ProcessHandle.current().pid();
        for (String place : List.of("/sys/fs/cgroup/pids", "/sys/fs/cgroup")) {
            Path group = Path.of(place, name);
            try {
                Files.createDirectory(group);
                if (Files.exists(group.resolve("pids.max"))) {
                    return group;
                }
                Files.delete(group);
            } catch (IOException notHere) {
                continue;
            }
        }
        return assumeGroup();
    }

    private static Path assumeGroup() {
        assumeTrue(false, "no control group that limits processes can be made here");
        return null;
    }
}
