package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What may still be asked of a process that has ended, and times that are over before they begin. */
class AfterTheEndTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static void nothing() { }

    static void sleepForEver() throws InterruptedException {
        Thread.currentThread().join();
    }

    @Test
    void aNegativeTimeIsOverHoweverLong() throws InterruptedException {
        try (Process process = new Process(AfterTheEndTest::sleepForEver)) {
            process.start();
            assertFalse(process.join(Duration.ofSeconds(Long.MIN_VALUE)));
            assertFalse(process.join(Duration.ofSeconds(-1)));
            process.kill();
            assertTrue(process.join(Duration.ofSeconds(Long.MAX_VALUE)));
        }
    }

    /** Gives what the descriptor is: a pipe with a number that no other has. */
    private static Path askForSentinelAndForget() throws IOException, InterruptedException {
        Process process = new Process(AfterTheEndTest::nothing);
        process.start();
        process.join();
        return Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(process.sentinel())));
    }

    @Test
    void aSentinelAskedForAfterTheEndIsClosedWithoutClose() throws IOException, InterruptedException {
        assumeTrue(Files.exists(DESCRIPTORS), "needs Linux's /proc");
        Path sentinel = askForSentinelAndForget();
        assertTrue(sentinel.toString().startsWith("pipe:"), sentinel.toString());
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        // The collector and the cleaner tell nobody when they have done it.
        while (isOpen(sentinel) && System.nanoTime() - deadline < 0) {
            System.gc();
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        assertFalse(isOpen(sentinel), "the descriptor is lost");
    }

    private static boolean isOpen(Path what) throws IOException {
        try (var descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor) && what.equals(target(descriptor))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException closedMeanwhile) {
            return null;
        }
    }
}
