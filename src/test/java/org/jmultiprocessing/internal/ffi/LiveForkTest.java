package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that forks itself, with each collector. The programs run in JVMs of their own: this one has foreign threads. */
class LiveForkTest {
    private static boolean isPossible() {
        return (Binding.posix().capabilities() & Posix.CAN_FORK) != 0;
    }

    private static Program run(String collector, String... arguments) throws Exception {
        assumeTrue(isPossible(), "this system or binding cannot fork a JVM");
        List<String> command = new ArrayList<>(Program.ofClass(ForkedWork.class, "-XX:+Use" + collector, "-Xmx256m"));
        command.addAll(List.of(arguments));
        Program program = Program.of(command);
        assumeTrue(!program.err().contains("Unrecognized VM option") && !program.err().contains("not supported"), "no such collector here");
        return program;
    }

    @ParameterizedTest
    @ValueSource(strings = {"SerialGC", "ParallelGC", "G1GC", "ShenandoahGC"})
    void childrenAreRight(String collector) throws Exception {
        Program program = run(collector, "10");
        assertEquals(0, program.code(), program.out() + program.err());
    }

    @Test
    void childrenForkThemselves() throws Exception {
        Program program = run("SerialGC", "5", "nested");
        assertEquals(0, program.code(), program.out() + program.err());
    }

    /** ZGC maps its heap shared. */
    @Test
    void aSharedHeapIsSeen() throws Exception {
        Program program = run("ZGC", "1");
        assertEquals(2, program.code(), program.out() + program.err());
        assertTrue(program.out().contains("shared heap 1"), program.out());
    }

    /** For a quiet machine with minutes of time. */
    @Tag("stress")
    @ParameterizedTest
    @ValueSource(strings = {"SerialGC", "ParallelGC", "G1GC", "ShenandoahGC"})
    void hundredsOfChildrenAreRight(String collector) throws Exception {
        Program program = run(collector, "200");
        assertEquals(0, program.code(), program.out() + program.err());
    }
}
