package org.jmultiprocessing.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sync.Barrier;

/** What the measuring process has to do with its children. */
final class Children {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Children() {
    }

    /** Waits until all have arrived; a child that dies meanwhile breaks the barrier. */
    static void meet(Barrier barrier, Process... children) throws InterruptedException {
        try {
            barrier.await();
        } catch (BrokenBarrierException e) {
            for (Process child : children) {
                // For what it has to say about it.
                child.join(PATIENCE);
            }
            throw new IllegalStateException("one of " + Arrays.toString(children) + " did not come", e);
        }
    }

    /** Joins processes. One that did not succeed is an {@link IllegalStateException}. */
    static void end(Process... processes) throws InterruptedException {
        for (Process process : processes) {
            process.join();
            String end = process.toString();
            int code = process.exitCode().orElseThrow();
            process.close();
            if (code != 0) {
                throw new IllegalStateException(end + " did not succeed");
            }
        }
    }
}
