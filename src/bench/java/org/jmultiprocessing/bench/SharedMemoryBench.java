package org.jmultiprocessing.bench;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sharedmemory.Reserve;
import org.jmultiprocessing.sharedmemory.SharedMemory;

/** Blocks of shared memory: making them, attaching to them, and handing an array over in one. */
final class SharedMemoryBench {
    private static final int BLOCK = 1 << 20;
    private static final int PAGE = 4096;
    private static final int BLOCKS = 1_000;
    private static final int ARRAY = 100_000_000;
    private static final double MEGA = 1e6;

    private SharedMemoryBench() {
    }

    static List<BenchCase> cases() {
        return List.of(
                new BenchCase("shm_create_unlink",
                        "µs per SharedMemory(create=True, size=1 MiB) + close() + unlink(), no byte touched; 100 not counted, then 5 reps of 1 "
                                + "000. Reserve.NONE here, as Python reserves nothing.",
                        List.of(Goal.of("shm_create_unlink", 1)),
                        scale -> Map.of("shm_create_unlink", new Samples("µs", created(scale, Reserve.NONE, Timed.NANOS_PER_MICRO)))),
                new BenchCase("shm_create_reserved",
                        "ns per page of 4 096 bytes of a SharedMemory of 1 MiB, all pages reserved by posix_fallocate, + close() + unlink(); "
                                + "100 not counted, then 5 reps of 1 000.",
                        List.of(),
                        scale -> Map.of("shm_create_reserved", new Samples("ns/page", created(scale, Reserve.PAGES, BLOCK / PAGE)))),
                new BenchCase("shm_attach",
                        "µs per SharedMemory(name) + close() on an existing 1 MiB block, in the process that made it, no byte touched; 100 not "
                                + "counted, then 5 reps of 1 000.",
                        List.of(Goal.of("shm_attach", 1)), SharedMemoryBench::attach),
                new BenchCase("array_100MB_shm_copy",
                        "MB/s for 100 MB: parent makes a SharedMemory, copies a bytes object in, sends the name; child attaches, copies out to its "
                                + "own memory, answers first + last byte; close + unlink counted; 1 rep not counted, then 5.",
                        List.of(Goal.of("array_100MB_shm_copy", 1)), scale -> handOver("array_100MB_shm_copy", scale, true, false)),
                new BenchCase("array_100MB_shm_inplace",
                        "MB/s as array_100MB_shm_copy, but the child copies nothing out: it reads one byte per 4 096 in place and answers the sum.",
                        List.of(), scale -> handOver("array_100MB_shm_inplace", scale, false, false)),
                new BenchCase("array_100MB_shm_reused",
                        "MB/s as array_100MB_shm_inplace, with one SharedMemory made (and touched) before the clock starts and used for every rep; "
                                + "the child attaches anew each time.",
                        List.of(), scale -> handOver("array_100MB_shm_reused", scale, false, true)));
    }

    private static double[] created(Scale scale, Reserve reserve, double unit) throws InterruptedException {
        return Timed.each(scale, BLOCKS, unit, count -> {
            for (int i = 0; i < count; i++) {
                SharedMemory block = SharedMemory.create(BLOCK, reserve);
                block.close();
                block.unlink();
            }
        });
    }

    private static Map<String, Samples> attach(Scale scale) throws InterruptedException {
        SharedMemory block = SharedMemory.create(BLOCK, Reserve.NONE);
        try (block) {
            return Map.of("shm_attach", new Samples("µs", Timed.each(scale, BLOCKS, Timed.NANOS_PER_MICRO, count -> {
                for (int i = 0; i < count; i++) {
                    SharedMemory.attach(block.name()).close();
                }
            })));
        } finally {
            block.unlink();
        }
    }

    // ---- handing over ----

    private static void take(Connection parent, boolean copies, int rounds) throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            try (SharedMemory block = SharedMemory.attach((String) parent.recv())) {
                parent.send(copies ? endsOfCopy(block) : sum(block.buffer()));
            }
        }
    }

    private static long endsOfCopy(SharedMemory block) {
        byte[] copy = new byte[ARRAY];
        block.get(0, copy);
        return copy[0] + copy[ARRAY - 1];
    }

    private static long sum(ByteBuffer bytes) {
        long sum = 0;
        for (int i = 0; i < ARRAY; i += PAGE) {
            sum += bytes.get(i);
        }
        return sum;
    }

    private static Map<String, Samples> handOver(String name, Scale scale, boolean copies, boolean reuses) throws InterruptedException {
        byte[] data = new byte[ARRAY];
        int rounds = 1 + scale.repetitions(Timed.REPETITIONS);
        double[] samples = new double[rounds - 1];
        SharedMemory kept = null;
        Pipe pipe = Pipe.duplex();
        try (Connection here = pipe.first()) {
            Process child;
            try (Connection there = pipe.second()) {
                child = new Process(SharedMemoryBench::take, there, copies, rounds);
                child.start();
            }
            if (reuses) {
                kept = SharedMemory.create(ARRAY);
                kept.put(0, data);
            }
            for (int round = 0; round < rounds; round++) {
                long begin = System.nanoTime();
                SharedMemory block = reuses ? kept : SharedMemory.create(ARRAY);
                block.put(0, data);
                here.send(block.name());
                here.recv();
                if (!reuses) {
                    block.close();
                    block.unlink();
                }
                if (round > 0) {
                    samples[round - 1] = ARRAY / MEGA / ((System.nanoTime() - begin) / Timed.NANOS_PER_SECOND);
                }
            }
            Children.end(child);
        } finally {
            if (kept != null) {
                kept.close();
                kept.unlink();
            }
        }
        return Map.of(name, new Samples("MB/s", samples));
    }
}
