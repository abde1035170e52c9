package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import application.CriticalParent;
import application.HostileParent;
import application.OneFork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that fork while all their threads do what is hard on a fork, under each collector. */
class HostileForkTest {
    private static final int PATIENCE_SECONDS = 120;

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

    @Test
    void aHeapThatChildrenWouldShareIsRefused() throws Exception {
        Program program = run("Z", 1);
        assertTrue(program.err().contains("refused: start method fork cannot be used in this JVM: the collector of this JVM shares its heap"),
                program.err());
        assertEquals(1, program.code());
    }
}
