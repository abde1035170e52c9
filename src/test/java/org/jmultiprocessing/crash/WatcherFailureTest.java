package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.internal.os.PipeEnds;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;

/** The one thread that learns of the ends of children does not end by the failure of something else that it calls. */
class WatcherFailureTest {
    static void nothing() { }

    @Test
    void aListenerThatFailsIsReportedAndTheOthersAreStillCalled() throws Exception {
        CompletableFuture<Throwable> reported = new CompletableFuture<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> reported.complete(failure));
        try (PipeEnds pipe = PipeEnds.open("of a test")) {
            pipe.reader().whenReadable(() -> {
                throw new IllegalStateException("of a listener");
            });
            pipe.writer().close();
            assertEquals("of a listener", reported.get(10, TimeUnit.SECONDS).getMessage());
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        try (Process process = new Process(WatcherFailureTest::nothing)) {
            process.start();
            assertTrue(process.join(Duration.ofSeconds(20)), "nobody sees the end of a child any more");
        }
    }
}
