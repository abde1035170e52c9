package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.errors.SendInterruptedException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers that share a connection, a reader, and somebody who interrupts them all the time. */
@Tag("stress")
class ConnectionStressTest {
    private static final int WRITERS = 4;
    private static final int SECONDS = 15;
    private static final int HEADER_BYTES = 8;
    private static final int MOST_BYTES = 300_000;

    /** What a writer knows of its messages: those that went out, and how many of these it was interrupted in. */
    private record Sent(BitSet numbers, int interrupted) { }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsLostDoubledOrOutOfOrder(boolean duplex) throws Exception {
        long seed = System.nanoTime();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try (Pipe pipe = duplex ? Pipe.duplex() : Pipe.oneWay()) {
            FutureTask<List<BitSet>> reader = new FutureTask<>(() -> receive(pipe.first()));
            List<FutureTask<Sent>> writers = new ArrayList<>();
            List<Thread> threads = new ArrayList<>(List.of(new Thread(reader, "reader")));
            for (int i = 0; i < WRITERS; i++) {
                int number = i;
                FutureTask<Sent> writer = new FutureTask<>(() -> send(pipe.second(), number, new Random(seed + number), deadline));
                writers.add(writer);
                threads.add(new Thread(writer, "writer-" + i));
            }
            threads.forEach(Thread::start);
            interrupt(threads, new Random(seed - 1), deadline);
            List<Sent> sent = new ArrayList<>();
            for (FutureTask<Sent> writer : writers) {
                sent.add(resultOf(writer));
            }
            pipe.second().sendBytes(new byte[] {WRITERS});
            List<BitSet> received = resultOf(reader);
            for (Thread thread : threads) {
                thread.join();
            }
            for (int i = 0; i < WRITERS; i++) {
                check(sent.get(i), received.get(i), "writer " + i + ", seed " + seed);
            }
        }
    }

    private static <T> T resultOf(FutureTask<T> task) throws InterruptedException, ExecutionException, TimeoutException {
        return task.get(SECONDS + 60, TimeUnit.SECONDS);
    }

    private static void check(Sent sent, BitSet received, String who) {
        assertTrue(sent.interrupted > 0, who + " was never interrupted in the middle of a message, so nothing is proved");
        assertEquals(sent.numbers, received, who);
    }

    private static void interrupt(List<Thread> threads, Random random, long deadline) {
        while (System.nanoTime() < deadline) {
            threads.get(random.nextInt(threads.size())).interrupt();
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(500)));
        }
    }

    /** A message is its writer, its number and bytes made of both, of any length up to more than what the kernel holds. */
    private static byte[] message(int writer, int number, int size) {
        byte[] message = new byte[size];
        message[0] = (byte) writer;
        for (int i = 0; i < Integer.BYTES; i++) {
            message[i + 1] = (byte) (number >>> 8 * i);
        }
        for (int i = HEADER_BYTES; i < size; i++) {
            message[i] = (byte) (writer + number + i);
        }
        return message;
    }

    private static Sent send(Connection connection, int writer, Random random, long deadline) {
        BitSet sent = new BitSet();
        int interrupted = 0;
        for (int number = 0; System.nanoTime() < deadline; number++) {
            int size = HEADER_BYTES + random.nextInt(random.nextInt(20) == 0 ? MOST_BYTES : 500);
            try {
                connection.sendBytes(message(writer, number, size));
                sent.set(number);
            } catch (SendInterruptedException inItsMiddle) {
                sent.set(number);
                interrupted++;
            } catch (InterruptedException before) {
                sent.clear(number);
            }
        }
        return new Sent(sent, interrupted);
    }

    private static List<BitSet> receive(Connection connection) {
        List<BitSet> received = new ArrayList<>();
        int[] next = new int[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            received.add(new BitSet());
        }
        while (true) {
            byte[] message;
            try {
                message = connection.recvBytes();
            } catch (InterruptedException meanwhile) {
                continue;
            }
            int writer = message[0];
            if (writer == WRITERS) {
                return received;
            }
            int number = 0;
            for (int i = 0; i < Integer.BYTES; i++) {
                number |= (message[i + 1] & 0xff) << 8 * i;
            }
            assertTrue(number >= next[writer], "writer " + writer + ": " + number + " came twice or late");
            for (int i = HEADER_BYTES; i < message.length; i++) {
                if (message[i] != (byte) (writer + number + i)) {
                    throw new AssertionError("writer " + writer + ": message " + number + " of " + message.length + " bytes is broken at " + i);
                }
            }
            next[writer] = number + 1;
            received.get(writer).set(number);
        }
    }
}
