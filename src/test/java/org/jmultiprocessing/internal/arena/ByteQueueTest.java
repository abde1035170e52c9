package org.jmultiprocessing.internal.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.jmultiprocessing.internal.os.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue of bytes by itself: what takes long to wrap round, and batches. */
@Timeout(60)
class ByteQueueTest {
    private static final ByteQueue.Outcome DONE = ByteQueue.Outcome.DONE;

    private static byte[] message(Random random, int most) {
        byte[] message = new byte[random.nextInt(most)];
        random.nextBytes(message);
        return message;
    }

    private static void assertMessage(byte[] expected, Batch batch, int index) {
        byte[] actual = Arrays.copyOfRange(batch.bytes(), batch.start(index), batch.start(index) + batch.length(index));
        assertTrue(Arrays.equals(expected, actual), "message " + index);
    }

    @Test
    void theFixedRingGoesRoundMoreOftenThanPositionsCount() throws Exception {
        try (ByteQueue queue = ByteQueue.create(0, 8192, false)) {
            Batch batch = new Batch(16, 16 << 10);
            byte[] message = new byte[4000];
            // 24 bits of 8 bytes: 128 MiB.
            for (long bytes = 0; bytes < 200L << 20; bytes += 2 * message.length) {
                Arrays.fill(message, (byte) bytes);
                message[0] = (byte) (bytes >> 10);
                assertEquals(DONE, queue.offer(message, 0, message.length));
                assertEquals(DONE, queue.offer(message, 0, 3000));
                assertEquals(ByteQueue.Outcome.NOT_NOW, queue.offer(message, 0, message.length));
                assertEquals(DONE, queue.poll(batch, 16));
                assertEquals(2, batch.count());
                assertMessage(message, batch, 0);
                assertMessage(Arrays.copyOf(message, 3000), batch, 1);
            }
        }
    }

    @Test
    void moreRingsThanTheirNumbersCount() throws Exception {
        try (ByteQueue queue = ByteQueue.create(0, 0, false)) {
            // The queue of another handle: it sees the rings that this one began.
            queue.handOut();
            try (ByteQueue other = ByteQueue.attach(queue.treeId(), queue.file())) {
                Batch batch = new Batch(1, 0);
                byte[] message = new byte[40_000];
                for (int i = 0; i < 2500; i++) {
                    ByteQueue putter = i % 7 == 0 ? other : queue;
                    Arrays.fill(message, (byte) i);
                    assertEquals(DONE, putter.offer(message, 0, message.length));
                    assertEquals(DONE, putter.offer(message, 0, message.length));
                    ByteQueue taker = i % 5 == 0 ? other : queue;
                    assertEquals(DONE, taker.poll(batch, 1));
                    assertMessage(message, batch, 0);
                    assertEquals(DONE, queue.poll(batch, 1));
                    assertMessage(message, batch, 0);
                    assertEquals(0, other.size());
                }
            }
        }
    }

    @Test
    void batchesOfAllSizes() throws Exception {
        Random random = new Random(11);
        for (int maxBytes : new int[] {0, 1 << 14}) {
            try (ByteQueue queue = ByteQueue.create(0, maxBytes, false)) {
                for (int round = 0; round < 300; round++) {
                    Batch batch = new Batch(1 + random.nextInt(10), random.nextInt(5000));
                    byte[][] messages = new byte[random.nextInt(20)][];
                    int put = 0;
                    for (; put < messages.length; put++) {
                        messages[put] = message(random, 1 << random.nextInt(12));
                        if (queue.offer(messages[put], 0, messages[put].length) != DONE) {
                            break;
                        }
                    }
                    assertEquals(put, queue.size());
                    for (int got = 0; got < put; got += batch.count()) {
                        assertEquals(DONE, queue.poll(batch, 1 + random.nextInt(12)));
                        for (int i = 0; i < batch.count(); i++) {
                            assertMessage(messages[got + i], batch, i);
                        }
                    }
                    assertEquals(ByteQueue.Outcome.NOT_NOW, queue.take(batch, 1, Deadline.NOW));
                }
            }
        }
    }

    @Test
    void boundsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> ByteQueue.create(-1, 0, false));
        assertThrows(IllegalArgumentException.class, () -> ByteQueue.create(0, ByteQueue.LARGEST_BOUND + 1, false));
    }
}
