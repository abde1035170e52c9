package org.jmultiprocessing.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.internal.launch.ForkServer;
import org.jmultiprocessing.internal.registry.Diagnostics;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/**
 * Starting processes.
 *
 * <p>Both sides read CLOCK_MONOTONIC: HotSpot's {@code System.nanoTime} is that clock on Linux, unchanged, so parent and child share it, and on
 * macOS the like one.
 */
final class ProcessBench {
    private static final int STARTS = 30;
    private static final int FIRST_STARTS = 5;
    private static final double DEFAULT_FIRST = 1.1;
    private static final double NANOS_PER_MILLI = 1e6;

    private ProcessBench() {
    }

    static List<BenchCase> cases() {
        return List.of(
                starting(StartMethod.SPAWN, Goal.of("process_start_spawn", 1.2)),
                cycling(StartMethod.SPAWN, Goal.of("process_cycle_spawn", 1.3)),
                starting(StartMethod.FORKSERVER, Goal.of("process_start_forkserver", 0.6)),
                cycling(StartMethod.FORKSERVER, Goal.of("process_cycle_forkserver", 0.9)),
                starting(StartMethod.FORK, Goal.of("process_start_fork", 1.5)),
                cycling(StartMethod.FORK),
                new BenchCase("process_start_forkserver_first",
                        "ms as process_start_forkserver, but with no fork server yet; 5 starts, the server stopped in between. Ours is spawned, "
                                + "and the server starts behind it.",
                        List.of(Goal.of("process_start_forkserver_first", 1.0)),
                        ProcessBench::firstStart),
                new BenchCase("process_start_default_first",
                        "ms as process_start_spawn, but of the first child of a fresh JVM, by the default start method and no server there yet; "
                                + "beside it the same by spawn, in turn; 10 JVMs each.",
                        List.of(Goal.ofOurs("process_start_default_first", DEFAULT_FIRST, "process_start_spawn_first")),
                        ProcessBench::firstOfJvm));
    }

    private static BenchCase starting(StartMethod method, Goal... goals) {
        String name = "process_start_" + method;
        return new BenchCase(name,
                "ms from just before Process.start() (" + method + ") to the first line of the target in the child, which sends CLOCK_MONOTONIC "
                        + "over a one-way Pipe; 1 start not counted, then 30; nothing else runs.",
                List.of(goals), scale -> start(name, scale, method));
    }

    private static BenchCase cycling(StartMethod method, Goal... goals) {
        String name = "process_cycle_" + method;
        return new BenchCase(name,
                "ms for Process(target=empty).start() + join() (" + method + "); 1 cycle not counted, then 30 cycles, one sample each.",
                List.of(goals), scale -> cycle(name, scale, method));
    }

    private static Map<String, Samples> firstStart(Scale scale) throws InterruptedException {
        double[] samples = new double[scale.repetitions(FIRST_STARTS)];
        for (int i = 0; i < samples.length; i++) {
            ForkServer.stop();
            samples[i] = start(StartMethod.FORKSERVER);
            Diagnostics.settle();
        }
        return Map.of("process_start_forkserver_first", new Samples("ms", samples));
    }

    private static Map<String, Samples> firstOfJvm(Scale scale) throws InterruptedException {
        double[] byDefault = new double[scale.repetitions(2 * FIRST_STARTS)];
        double[] bySpawn = new double[byDefault.length];
        for (int i = 0; i < byDefault.length; i++) {
            byDefault[i] = FirstChild.millis();
            bySpawn[i] = FirstChild.millis(StartMethod.SPAWN.toString());
        }
        return Map.of("process_start_default_first", new Samples("ms", byDefault), "process_start_spawn_first", new Samples("ms", bySpawn));
    }

    private static void nothing() {
    }

    private static void reportTime(Connection connection) throws InterruptedException {
        long now = System.nanoTime();
        connection.sendBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(now).array());
        connection.close();
    }

    private static Map<String, Samples> start(String name, Scale scale, StartMethod method) throws InterruptedException {
        double[] samples = new double[scale.repetitions(STARTS)];
        for (int i = -1; i < samples.length; i++) {
            double millis = start(method);
            if (i >= 0) {
                samples[i] = millis;
            } else {
                Diagnostics.settle();
            }
        }
        return Map.of(name, new Samples("ms", samples));
    }

    static double start(StartMethod method) throws InterruptedException {
        Pipe pipe = Pipe.oneWay();
        try (Connection reader = pipe.reader()) {
            Process process;
            long begin;
            try (Connection writer = pipe.writer()) {
                process = Process.builder(ProcessBench::reportTime, writer).startMethod(method).build();
                begin = System.nanoTime();
                process.start();
            }
            long first = ByteBuffer.wrap(reader.recvBytes()).order(ByteOrder.LITTLE_ENDIAN).getLong();
            process.join();
            process.close();
            return (first - begin) / NANOS_PER_MILLI;
        }
    }

    private static Map<String, Samples> cycle(String name, Scale scale, StartMethod method) throws InterruptedException {
        double[] samples = new double[scale.repetitions(STARTS)];
        for (int i = -1; i < samples.length; i++) {
            long begin = System.nanoTime();
            Process process = Process.builder(ProcessBench::nothing).startMethod(method).build();
            process.start();
            process.join();
            if (i >= 0) {
                samples[i] = (System.nanoTime() - begin) / NANOS_PER_MILLI;
            }
            process.close();
            if (i < 0) {
                Diagnostics.settle();
            }
        }
        return Map.of(name, new Samples("ms", samples));
    }
}
