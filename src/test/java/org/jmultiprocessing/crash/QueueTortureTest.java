package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * Putters and getters of one queue, killed at random. The long form: {@code mvn surefire:test@default-test -Dtest=QueueTortureTest -Dgroups=stress
 * -DexcludedGroups=}.
 */
class QueueTortureTest {
    @Test
    @Timeout(60)
    void fiveSeconds(TestReporter reporter) throws Exception {
        torture(reporter, 5, 2, 2, 50);
    }

    @Test
    @Tag("stress")
    @Timeout(300)
    void aMinute(TestReporter reporter) throws Exception {
        torture(reporter, 30, 3, 3, 0);
        torture(reporter, 30, 4, 4, 100);
    }

    private static void torture(TestReporter reporter, int seconds, int putters, int getters, int mostMessages) throws Exception {
        List<String> command = new ArrayList<>(Program.ofClass(QueueTorture.class));
        for (int argument : new int[] {seconds, putters, getters, mostMessages}) {
            command.add(Integer.toString(argument));
        }
        Program torture = Program.of(command);
        reporter.publishEntry("torture", torture.out().strip());
        assertEquals(0, torture.code(), torture.out() + torture.err());
    }
}
