package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import application.HostileParent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forks without end, of parents that do nothing, something or everything meanwhile. {@code -Djmp.forks=N} for another number of them. */
@Tag("stress")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ForkStormTest {
    private static final int FORKS = Integer.getInteger("jmp.forks", 1000);
    private static final int PATIENCE_SECONDS = 3000;

    @ParameterizedTest
    @CsvSource({"Serial, 0, 1", "Parallel, 0, 1", "G1, 0, 1", "Shenandoah, 0, 1",
        "Serial, 3, 10", "Parallel, 3, 10", "G1, 3, 10", "Shenandoah, 3, 10"})
    void everyChildDoesItsWorkAndTheParentGoesOn(String collector, int threads, int share) throws Exception {
        assumeTrue(StartMethod.available().contains(StartMethod.FORK), "this JVM cannot be forked");
        List<String> command = Program.ofClass(HostileParent.class, "-XX:+Use" + collector + "GC");
        int forks = Math.max(1, FORKS / share);
        command.addAll(List.of(Integer.toString(forks), Integer.toString(threads)));
        Program program = Program.of(command, PATIENCE_SECONDS);
        String[] lines = program.err().split("\n");
        System.out.println(collector + ", of " + threads + " busy threads: " + lines[lines.length - 1]);
        assertEquals(0, program.code(), program.err());
        assertFalse(program.err().contains("gave no sign of life"), program.err());
    }
}
