package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jmultiprocessing.crash.KillStorm;
import org.jmultiprocessing.crash.Orphans;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/** A minute of kills at random moments. */
@Tag("stress")
@Timeout(120)
class KillStressTest {
    private static final Duration TIME = Duration.ofSeconds(60);

    @Test
    void childrenThatAreKilledHaveTheRightStatus(TestReporter reporter) throws InterruptedException {
        int killed = KillStorm.run(4, TIME, System.nanoTime());
        reporter.publishEntry("children killed", Integer.toString(killed));
        assertTrue(killed > 0);
    }

    @Test
    void childrenOfAKilledParentEnd(TestReporter reporter) throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/environ")), "families are found in /proc only");
        int orphans = Orphans.makeAndAwaitTheirEnd(TIME, System.nanoTime());
        reporter.publishEntry("orphans", Integer.toString(orphans));
        assertTrue(orphans > 0);
    }
}
