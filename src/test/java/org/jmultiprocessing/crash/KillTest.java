package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Kills at random moments, for a few seconds. The long forms are among the stress tests. */
class KillTest {
    private static final Duration TIME = Duration.ofSeconds(4);

    @Test
    void childrenThatAreKilledHaveTheRightStatus() throws InterruptedException {
        assertTrue(KillStorm.run(2, TIME, System.nanoTime()) > 0);
    }

    @Test
    void childrenOfAKilledParentEnd() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/environ")), "families are found in /proc only");
        Orphans.makeAndAwaitTheirEnd(TIME, System.nanoTime());
    }
}
