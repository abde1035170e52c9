package org.jmultiprocessing.bench;

import java.util.List;
import java.util.Map;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sharedmemory.Reserve;
import org.jmultiprocessing.sharedmemory.SharedMemory;

/** Blocks of shared memory: making, attaching, handing over. */
final class SharedMemoryBench {
    private static final int OPERATIONS = 1_000;
    private static final int REPETITIONS = 5;
    private static final int SIZE = 1 << 20;
    private static final int PAGE = 4096;
    private static final int HANDOVER = 100_000_000;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MEGA = 1e6;

    private SharedMemoryBench() {
    }

    static List<BenchCase> cases() {
        return List.of(
                new BenchCase("shm_create_unlink",
                        "µs per SharedMemory(create=True, size=1 MiB) + close() + unlink(), no byte touched; 100 not counted, then 5 reps of 1 000. "
                                + "With Reserve.NONE here.",
                        List.of(Goal.of("shm_create_unlink", 1)), SharedMemoryBench::createAndUnlink),
                new BenchCase("shm_create_reserved",
                        "ns per page of 4 096 bytes of a SharedMemory of 1 MiB, all pages reserved by posix_fallocate, + close() + unlink(); "
                                + "100 not counted, then 5 reps of 1 000.",
                        List.of(), SharedMemoryBench::createReserved),
                new BenchCase("shm_attach",
                        "µs per SharedMemory(name) + close() on an existing 1 MiB block, in the process that made it, no byte touched; "
                                + "100 not counted, then 5 reps of 1 000.",
                        List.of(Goal.of("shm_attach", 1)), SharedMemoryBench::attach),
                new BenchCase("array_100MB_shm_copy",
                        "MB/s for 100 MB: parent makes a SharedMemory, copies a bytes object in, sends the name; child attaches, copies out to its "
                                + "own memory, answers first + last byte; close + unlink counted; 1 rep not counted, then 5.",
                        List.of(Goal.of("array_100MB_shm_copy", 1)), SharedMemoryBench::handOver));
    }

    private static Map<String, Samples> createAndUnlink(Scale scale) {
        return Map.of("shm_create_unlink", new Samples("µs", each(scale, NANOS_PER_MICRO, () -> createAndUnlink(Reserve.NONE))));
    }

    private static Map<String, Samples> createReserved(Scale scale) {
        return Map.of("shm_create_reserved", new Samples("ns/page", each(scale, SIZE / PAGE, () -> createAndUnlink(Reserve.PAGES))));
    }

    private static void createAndUnlink(Reserve reserve) {
        SharedMemory block = SharedMemory.create(SIZE, reserve);
        block.close();
        block.unlink();
    }

    private static Map<String, Samples> attach(Scale scale) {
        try (SharedMemory block = SharedMemory.create(SIZE)) {
            double[] samples = each(scale, NANOS_PER_MICRO, () -> SharedMemory.attach(block.name()).close());
            block.unlink();
            return Map.of("shm_attach", new Samples("µs", samples));
        }
    }

    private static double[] each(Scale scale, double unit, Runnable operation) {
        int count = scale.operations(OPERATIONS);
        double[] samples = new double[scale.repetitions(REPETITIONS)];
        for (int i = -1; i < samples.length; i++) {
            int operations = i < 0 ? count / 10 : count;
            long begin = System.nanoTime();
            for (int done = 0; done < operations; done++) {
                operation.run();
            }
            if (i >= 0) {
                samples[i] = (System.nanoTime() - begin) / unit / operations;
            }
        }
        return samples;
    }

    private static void copyOut(Connection connection, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            try (SharedMemory block = SharedMemory.attach((String) connection.recv())) {
                byte[] mine = new byte[(int) block.size()];
                block.get(0, mine);
                connection.send(mine[0] + mine[HANDOVER - 1]);
            }
        }
    }

    private static Map<String, Samples> handOver(Scale scale) throws InterruptedException {
        byte[] data = new byte[HANDOVER];
        double[] samples = new double[scale.repetitions(REPETITIONS)];
        Pipe pipe = Pipe.duplex();
        try (Connection here = pipe.first(); Connection there = pipe.second()) {
            Process child = new Process(SharedMemoryBench::copyOut, there, samples.length + 1);
            child.start();
            for (int i = -1; i < samples.length; i++) {
                long begin = System.nanoTime();
                try (SharedMemory block = SharedMemory.create(HANDOVER)) {
                    block.put(0, data);
                    here.send(block.name());
                    here.recv();
                    block.unlink();
                }
                if (i >= 0) {
                    samples[i] = HANDOVER / MEGA / ((System.nanoTime() - begin) / NANOS_PER_SECOND);
                }
            }
            child.join();
            child.close();
        }
        return Map.of("array_100MB_shm_copy", new Samples("MB/s", samples));
    }
}
