package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.time.Duration;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.queue.Queue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a queue does not do every day. */
@Tag("stress")
@Timeout(300)
class QueueStressTest {
    private static final int GIB = 1 << 30;

    private static void putLarge(Queue<byte[]> queue) throws InterruptedException {
        byte[] large = new byte[GIB];
        for (int i = 0; i < GIB; i += 4096) {
            large[i] = (byte) (i >> 12);
        }
        queue.put(large);
    }

    private static void getLarge(Queue<byte[]> queue, Queue<String> answer) throws InterruptedException {
        byte[] large = queue.get();
        boolean intact = large.length == GIB;
        for (int i = 0; i < GIB; i += 4096) {
            intact &= large[i] == (byte) (i >> 12);
        }
        answer.put(intact ? "intact" : "damaged");
    }

    @Test
    void aGibibyteThroughASmallQueue() throws Exception {
        assumeTrue(new File("/dev/shm").getUsableSpace() > 2L * GIB, "there is no room for it");
        try (Queue<byte[]> queue = Queue.builder().maxItems(1).maxBytes(4096).build(); Queue<String> answer = new Queue<>();
                Process putter = Process.builder(QueueStressTest::putLarge, queue).jvmOptions("-Xmx6g").build();
                Process getter = Process.builder(QueueStressTest::getLarge, queue, answer).jvmOptions("-Xmx4g").build()) {
            putter.start();
            assertTrue(putter.join(Duration.ofMinutes(2)));
            assertEquals(0, putter.exitCode().orElseThrow());
            getter.start();
            assertEquals("intact", answer.get(Duration.ofMinutes(2)));
            getter.join();
        }
    }
}
