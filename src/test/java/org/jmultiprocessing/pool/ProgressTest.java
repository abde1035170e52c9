package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bars, which are drawn in a process of their own, as the library that draws them keeps a thread. */
@Timeout(60)
class ProgressTest {
    private static void show() throws InterruptedException {
        try (Pool pool = Pool.builder().processes(1).progress("squares").build()) {
            assertEquals(List.of(1, 4, 9), pool.map(x -> x * x, List.of(1, 2, 3), 1));
            try (ResultIterator<Integer> results = pool.imap(x -> x * x, List.of(1, 2, 3, 4))) {
                results.forEachRemaining(x -> { });
            }
        }
    }

    @Test
    void barsGoToStderr() throws Exception {
        try (Process process = Process.builder(ProgressTest::show).stderr(Redirect.PIPE).start()) {
            String shown = new String(process.stderr().readAllBytes(), StandardCharsets.UTF_8);
            process.join();
            assertEquals(0, process.exitCode().orElseThrow(), shown);
            assertTrue(shown.contains("squares 100%"), shown);
            assertTrue(shown.contains("3/3") && shown.contains("4/4"), shown);
        }
    }
}
