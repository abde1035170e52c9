package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Locale;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jmultiprocessing.internal.arena.Batch;
import org.jmultiprocessing.internal.arena.ByteQueue;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sharedmemory.SharedMemory;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.task.Task4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The byte ring under a queue beside Agrona's {@code ManyToOneRingBuffer}, as the floor: that has no locks, and whoever is killed in it may block all
 * others for good. Messages are copied in and out of rings of 1 MiB, between two processes that spin. It needs two free CPUs, and is no test that
 * runs by itself:
 *
 * <pre>mvn -B surefire:test@default-test -Dtest=RingComparison</pre>
 */
class RingComparison {
    private static final int RING = 1 << 20;
    private static final int ROUNDS = 7;
    private static final int TYPE = 1;
    private static final int AT_ONCE = 256;
    private static final int BATCH_BYTES = 16 << 10;
    private static final double GOAL = 0.5;
    private static final String AGRONA = "agrona";
    private static final String OURS = "ours";

    // ---- the two rings ----

    /** One end of a ring. */
    private interface Ring {
        /** Returns whether there was room. */
        boolean offer(byte[] message);

        /** Takes messages; returns how many. */
        int poll(int most);
    }

    private static final class AgronaRing implements Ring {
        private final ManyToOneRingBuffer ring;
        private final UnsafeBuffer message = new UnsafeBuffer(new byte[0]);
        private final byte[] copy = new byte[1 << 10];
        private final MessageHandler handler = (type, buffer, index, length) -> buffer.getBytes(index, copy, 0, length);

        AgronaRing(SharedMemory memory) {
            ring = new ManyToOneRingBuffer(new UnsafeBuffer(memory.buffer()));
        }

        @Override
        public boolean offer(byte[] bytes) {
            message.wrap(bytes);
            return ring.write(TYPE, message, 0, bytes.length);
        }

        @Override
        public int poll(int most) {
            return ring.read(handler, most);
        }
    }

    private static final class OurRing implements Ring {
        private final ByteQueue queue;
        private final Batch batch = new Batch(AT_ONCE, BATCH_BYTES);

        OurRing(ByteQueue queue) {
            this.queue = queue;
        }

        @Override
        public boolean offer(byte[] bytes) {
            return queue.offer(bytes, 0, bytes.length) == ByteQueue.Outcome.DONE;
        }

        @Override
        public int poll(int most) {
            return queue.poll(batch, most) == ByteQueue.Outcome.DONE ? batch.count() : 0;
        }
    }

    /** A ring that a child can open, once. */
    private static final class Place implements AutoCloseable {
        private final SharedMemory memory;
        private final ByteQueue queue;

        Place(String kind) {
            memory = kind.equals(AGRONA) ? SharedMemory.create(RING + RingBufferDescriptor.TRAILER_LENGTH) : null;
            queue = memory == null ? ByteQueue.create(0, RING, false) : null;
        }

        Ring ring() {
            return memory != null ? new AgronaRing(memory) : new OurRing(queue);
        }

        String handle() {
            if (memory != null) {
                return AGRONA + " " + memory.name();
            }
            queue.handOut();
            return OURS + " " + queue.treeId() + " " + queue.file();
        }

        static Ring open(String handle) {
            String[] words = handle.split(" ");
            return words[0].equals(AGRONA) ? new AgronaRing(SharedMemory.attach(words[1])) : new OurRing(ByteQueue.attach(words[1], words[2]));
        }

        @Override
        public void close() {
            if (memory != null) {
                memory.close();
                memory.unlink();
            } else {
                queue.close();
            }
        }
    }

    private static void put(Ring ring, byte[] message) {
        while (!ring.offer(message)) {
            Thread.onSpinWait();
        }
    }

    private static void take(Ring ring, int count, int atOnce) {
        int taken = 0;
        while (taken < count) {
            int now = ring.poll(Math.min(atOnce, count - taken));
            if (now == 0) {
                Thread.onSpinWait();
            }
            taken += now;
        }
    }

    // ---- throughput ----

    private static void produce(Barrier start, String handle, int size, int count) throws Exception {
        Ring ring = Place.open(handle);
        byte[] message = new byte[size];
        for (int round = 0; round < ROUNDS; round++) {
            start.await();
            for (int i = 0; i < count; i++) {
                put(ring, message);
            }
        }
    }

    private static void consume(Barrier start, String handle, int count, Connection result) throws Exception {
        Ring ring = Place.open(handle);
        double[] rates = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            start.await();
            long begin = System.nanoTime();
            take(ring, count, AT_ONCE);
            rates[round] = count / ((System.nanoTime() - begin) / 1e9);
        }
        result.send(rates);
    }

    private static double throughput(String kind, int size, int count) throws Exception {
        try (Place place = new Place(kind)) {
            Barrier start = new Barrier(2);
            Process producer = child(RingComparison::produce, start, place.handle(), size, count);
            double[] rates = results(connection -> child(RingComparison::consume, start, place.handle(), count, connection));
            end(producer);
            return median(rates);
        }
    }

    // ---- round trips ----

    private static void answer(Barrier start, String in, String out, int count) throws Exception {
        Ring from = Place.open(in);
        Ring to = Place.open(out);
        byte[] message = new byte[64];
        start.await();
        for (int i = 0; i < ROUNDS * count; i++) {
            take(from, 1, 1);
            put(to, message);
        }
    }

    private static void ask(Barrier start, String handles, int count, Connection result) throws Exception {
        String[] both = handles.split("\n");
        Ring to = Place.open(both[0]);
        Ring from = Place.open(both[1]);
        byte[] message = new byte[64];
        double[] micros = new double[ROUNDS];
        start.await();
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                put(to, message);
                take(from, 1, 1);
            }
            micros[round] = (System.nanoTime() - begin) / 1e3 / count;
        }
        result.send(micros);
    }

    private static double roundTrip(String kind, int count) throws Exception {
        try (Place there = new Place(kind); Place back = new Place(kind)) {
            Barrier start = new Barrier(2);
            Process answerer = child(RingComparison::answer, start, there.handle(), back.handle(), count);
            String handles = there.handle() + "\n" + back.handle();
            double[] micros = results(connection -> child(RingComparison::ask, start, handles, count, connection));
            end(answerer);
            return median(micros);
        }
    }

    // ---- children ----

    /** Agrona gets at memory by what java.base keeps to itself. */
    private static <A, B, C, D> Process child(Task4<A, B, C, D> task, A a, B b, C c, D d) {
        return Process.builder(task, a, b, c, d).jvmOptions("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED").start();
    }

    private interface Starter {
        Process start(Connection result) throws Exception;
    }

    private static double[] results(Starter starter) throws Exception {
        Pipe pipe = Pipe.oneWay();
        try (Connection reader = pipe.reader()) {
            Process child;
            try (Connection writer = pipe.writer()) {
                child = starter.start(writer);
            }
            double[] results = (double[]) reader.recv();
            end(child);
            return results;
        }
    }

    private static void end(Process child) throws InterruptedException {
        child.join();
        child.close();
    }

    /** The first two rounds are the compiler's. */
    private static double median(double[] rounds) {
        double[] sorted = Arrays.copyOfRange(rounds, 2, rounds.length);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    // ---- the comparison ----

    @Test
    @Timeout(300)
    void floor() throws Exception {
        double small = compare("64 B, million messages/s", 1e6, throughput(AGRONA, 64, 4_000_000), throughput(OURS, 64, 4_000_000));
        double large = compare("1 KiB, million messages/s", 1e6, throughput(AGRONA, 1 << 10, 4_000_000), throughput(OURS, 1 << 10, 4_000_000));
        compare("round trip of 64 B, µs", 1, roundTrip(AGRONA, 200_000), roundTrip(OURS, 200_000));
        assertTrue(small >= GOAL && large >= GOAL, "on two free CPUs it is at least half as fast");
    }

    private static double compare(String what, double unit, double agrona, double ours) {
        System.out.printf(Locale.ROOT, "%-28s agrona %8.3f   ours %8.3f   ratio %.2f%n", what, agrona / unit, ours / unit, ours / agrona);
        return ours / agrona;
    }
}
