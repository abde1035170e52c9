package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import application.CriticalParent;
import application.HostileParent;
import application.LargeHeap;
import application.OddParent;
import application.OneFork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that fork while all their threads do what is hard on a fork, under each collector. */
class HostileForkTest {
    private static final int PATIENCE_SECONDS = 120;
    private static final long LARGE_HEAP_NEEDS = 6L << 30;

    @BeforeEach
    void requireFork() {
        assumeTrue(StartMethod.available().contains(StartMethod.FORK), "this JVM cannot be forked");
    }

    private static Program run(String collector, int forks) throws Exception {
        List<String> command = Program.ofClass(HostileParent.class, "-XX:+Use" + collector + "GC");
        command.add(Integer.toString(forks));
        return Program.of(command, PATIENCE_SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Serial", "Parallel", "G1", "Shenandoah"})
    void childrenDoTheirWorkAndTheParentGoesOn(String collector) throws Exception {
        Program program = run(collector, 3);
        assumeTrue(!program.err().contains("Unrecognized VM option") && !program.err().contains("not supported"), "this JDK has no " + collector);
        assertTrue(program.err().contains("forks 3 refused 0 bad 0 hung 0"), program.err());
        assertEquals(0, program.code(), program.err());
        assertFalse(program.err().contains("gave no sign of life"), program.err());
    }

    private static String said(List<String> command, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        Program program = Program.of(all, PATIENCE_SECONDS);
        assertEquals(0, program.code(), program.err());
        return program.out();
    }

    @Test
    void aFlightRecordingAndADebuggerAreRefused(@TempDir Path folder) throws Exception {
        assertTrue(said(Program.ofClass(OneFork.class)).contains("forked, exit code 0"));
        assertTrue(said(Program.ofClass(OneFork.class, "-XX:StartFlightRecording=filename=" + folder.resolve("a.jfr")))
                .contains("a flight recorder is at work in it. Use another start method"));
        assertTrue(said(Program.ofClass(OneFork.class, "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"))
                .contains("agent of -agentlib:jdwp"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Serial", "Parallel", "G1"})
    void threadsInCriticalRegionsHoldUpNeitherParentNorChild(String collector) throws Exception {
        // Before JDK 22 G1 gives up soon on memory that such threads keep it from collecting.
        assertEquals("good children: 20\n", said(Program.ofClass(CriticalParent.class, "-XX:+Use" + collector + "GC", "-Xmx48m", "-Xmn8m",
                "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UnlockDiagnosticVMOptions", "-XX:GCLockerRetryAllocationCount=1000000"), "20"));
    }

    @Test
    void whoMayQueueNoSignalIsToldSo() throws Exception {
        List<String> command = new ArrayList<>(List.of("prlimit", "--sigpending=0:0"));
        command.addAll(Program.ofClass(OneFork.class));
        assertTrue(said(command).contains("raise ulimit -i"));
    }

    private static List<String> odd(String what, String... options) throws Exception {
        List<String> command = Program.ofClass(OddParent.class, options);
        command.add(what);
        return said(command).lines().toList();
    }

    @Test
    void aThreadThatNoSignalReachesIsNamed() throws Exception {
        List<String> lines = odd("deaf");
        assertTrue(lines.get(0).contains("('deaf') does not answer a signal") && lines.get(0).contains("another start method"), lines.get(0));
        assertEquals(List.of("exit code 0", "goes on"), lines.subList(1, lines.size()));
    }

    @Test
    void aSignalThatSomebodyElseTakesIsLeftAlone() throws Exception {
        List<String> lines = odd("takes signals");
        assertTrue(lines.get(0).contains("every real-time signal has a handler of somebody else's"), lines.get(0));
        assertEquals(List.of("exit code 0", "exit code 0", "exit code 0"), lines.subList(1, 4));
        assertTrue(lines.get(4).contains("every real-time signal has a handler of somebody else's"), lines.get(4));
        assertEquals("goes on", lines.get(5));
    }

    @Test
    void librariesAreLoadedInParentAndChild() throws Exception {
        List<String> lines = odd("loads");
        assertEquals(8, lines.stream().filter("exit code 0"::equals).count(), lines.toString());
        assertEquals("goes on", lines.get(8));
    }

    @Test
    void lockedMemoryIsTheParents() throws Exception {
        assertEquals(List.of("exit code 0", "exit code 0", "goes on"), odd("locks memory", "-Xmx64m"));
    }

    /** The collector waits for a thread that is suspended, and the one that forks for the collector. */
    @Test
    void whoForksDoesNotWaitForWhomItHasStopped() throws Exception {
        List<String> lines = odd("compresses", "-XX:+UseSerialGC", "-Xms230m", "-Xmx230m", "-Xmn8m", "-Djmultiprocessing.fork.patience=1000");
        assertEquals("exit code 0", lines.get(0));
        assertTrue(lines.get(1).startsWith("refused: cannot fork this JVM now") && lines.get(1).contains("another start method"), lines.get(1));
        assertEquals(List.of("exit code 0", "goes on"), lines.subList(2, lines.size()));
    }

    @ParameterizedTest
    @CsvSource({"Serial, -XX:-UseTransparentHugePages", "Serial, -XX:+UseTransparentHugePages", "G1, -XX:+UseTransparentHugePages"})
    void aLargeHeapIsTheChildsAsItWas(String collector, String pages) throws Exception {
        assumeTrue(free() > LARGE_HEAP_NEEDS, "needs 6 GiB of free memory");
        List<String> command = Program.ofClass(LargeHeap.class, "-XX:+Use" + collector + "GC", pages, "-Xms2600m", "-Xmx2600m", "-Xmn100m");
        command.add("2048");
        assertEquals("child 0, parent right\n", Program.of(command, PATIENCE_SECONDS).out());
    }

    private static long free() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }

    @Test
    void aHeapOfPooledHugePagesIsRefused() throws Exception {
        List<String> command = Program.ofClass(OneFork.class, "-XX:+UseLargePages", "-Xmx64m", "-XX:ReservedCodeCacheSize=32m");
        Program program = Program.of(command);
        assumeTrue(Files.readAllLines(Path.of("/proc/meminfo")).stream().anyMatch(line -> line.matches("HugePages_Free: +\\d{3,}")),
                "there is no pool of huge pages: sysctl vm.nr_hugepages=150");
        assertTrue(program.out().contains("huge pages of a pool") && program.out().contains("UseTransparentHugePages"), program.out());
    }

    @Test
    void aHeapThatChildrenWouldShareIsRefused() throws Exception {
        Program program = run("Z", 1);
        assertTrue(program.err().contains("refused: start method fork cannot be used in this JVM: the collector of this JVM shares its heap"),
                program.err());
        assertEquals(1, program.code());
    }
}
