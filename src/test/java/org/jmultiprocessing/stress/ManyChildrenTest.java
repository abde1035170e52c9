package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More children than any program should have. */
@Tag("stress")
class ManyChildrenTest {
    private static final int CHILDREN = 500;

    static void waitForTheEnd(Connection connection) {
        assertThrows(EndOfStreamException.class, connection::recv);
    }

    @Test
    @Timeout(240)
    void fiveHundredAtOnce() throws InterruptedException {
        List<Process> children = new ArrayList<>();
        try (Pipe pipe = Pipe.oneWay()) {
            for (int i = 0; i < CHILDREN; i++) {
                children.add(Process.builder(ManyChildrenTest::waitForTheEnd, pipe.reader()).jvmOptions("-Xmx16m").start());
            }
            assertEquals(children, Multiprocessing.activeChildren());
        } finally {
            for (Process child : children) {
                child.join();
            }
        }
        assertEquals(CHILDREN, children.stream().filter(child -> child.exitCode().equals(OptionalInt.of(0))).count());
        assertEquals(List.of(), Multiprocessing.activeChildren());
        children.forEach(Process::close);
    }
}
