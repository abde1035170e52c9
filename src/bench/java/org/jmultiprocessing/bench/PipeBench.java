package org.jmultiprocessing.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;

/** Messages over pipes. */
final class PipeBench {
    private static final int ROUND_TRIPS = 20_000;
    private static final double MEGA = 1e6;
    private static final List<Object> PAIR = List.of(12345, "hello");

    private PipeBench() {
    }

    static List<BenchCase> cases() {
        List<BenchCase> cases = new ArrayList<>();
        cases.add(pingPong("8B", 8, List.of()));
        cases.add(pingPong("64B", 64, List.of(Goal.handOver("pipe_pingpong_64B", 0.5))));
        cases.add(pingPong("1KiB", 1 << 10, List.of()));
        cases.add(new BenchCase("pipe_obj_pingpong",
                "µs per round trip of the tuple (12345, \"hello\") by send + recv (serialised) against an echo child over one duplex Pipe(); "
                        + "2 000 not counted, then 5 reps of 20 000. The tuple is a List here.",
                List.of(), PipeBench::pingPongObjects));
        cases.add(throughput("64B", 64, 200_000, List.of(Goal.of("pipe_throughput_64B.msgs", 1.5))));
        cases.add(throughput("64KiB", 1 << 16, 10_000, List.of()));
        cases.add(throughput("1MiB", 1 << 20, 1_000, List.of(Goal.of("pipe_throughput_1MiB.MBps", 1.5))));
        return cases;
    }

    private static BenchCase pingPong(String label, int size, List<Goal> goals) {
        String name = "pipe_pingpong_" + label;
        return new BenchCase(name,
                "µs per round trip of a " + label + " message, send_bytes + recv_bytes in the parent against an echo child over one duplex Pipe(); "
                        + "2 000 round trips not counted, then 5 reps of 20 000.",
                goals, scale -> pingPongBytes(name, size, scale));
    }

    private static BenchCase throughput(String label, int size, int messages, List<Goal> goals) {
        String name = "pipe_throughput_" + label;
        return new BenchCase(name,
                "msgs/s and MB/s one way: a child does " + messages + " x send_bytes(" + label + ") into Pipe(duplex=False), the parent recv_bytes; "
                        + "from the parent's 'go' byte to the last message; " + messages / 10 + " messages not counted, then 5 reps.",
                goals, scale -> oneWay(name, size, messages, scale));
    }

    private static void echoBytes(Connection connection) throws InterruptedException {
        for (byte[] message = connection.recvBytes(); message.length > 0; message = connection.recvBytes()) {
            connection.sendBytes(message);
        }
    }

    private static void echoObjects(Connection connection) throws InterruptedException {
        for (Object message = connection.recv(); message != null; message = connection.recv()) {
            connection.send(message);
        }
    }

    private static Map<String, Samples> pingPongBytes(String name, int size, Scale scale) throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (Connection here = pipe.first(); Connection there = pipe.second()) {
            Process echo = new Process(PipeBench::echoBytes, there);
            echo.start();
            byte[] message = message(size);
            double[] samples = Timed.each(scale, ROUND_TRIPS, Timed.NANOS_PER_MICRO, count -> {
                for (int i = 0; i < count; i++) {
                    here.sendBytes(message);
                    here.recvBytes();
                }
            });
            here.sendBytes(new byte[0]);
            echo.join();
            echo.close();
            return Map.of(name, new Samples("µs", samples));
        }
    }

    private static Map<String, Samples> pingPongObjects(Scale scale) throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        try (Connection here = pipe.first(); Connection there = pipe.second()) {
            Process echo = new Process(PipeBench::echoObjects, there);
            echo.start();
            double[] samples = Timed.each(scale, ROUND_TRIPS, Timed.NANOS_PER_MICRO, count -> {
                for (int i = 0; i < count; i++) {
                    here.send(PAIR);
                    here.recv();
                }
            });
            here.send(null);
            echo.join();
            echo.close();
            return Map.of("pipe_obj_pingpong", new Samples("µs", samples));
        }
    }

    private static void sendWhenTold(Connection go, Connection writer, int size, int[] counts) throws InterruptedException {
        byte[] message = message(size);
        for (int count : counts) {
            go.recvBytes();
            for (int i = 0; i < count; i++) {
                writer.sendBytes(message);
            }
        }
    }

    private static Map<String, Samples> oneWay(String name, int size, int total, Scale scale) throws InterruptedException {
        int count = scale.operations(total);
        int[] counts = new int[1 + scale.repetitions(Timed.REPETITIONS)];
        Arrays.fill(counts, count);
        counts[0] = Math.max(1, count / 10);
        double[] messages = new double[counts.length - 1];
        double[] megabytes = new double[messages.length];
        Pipe data = Pipe.oneWay();
        Pipe start = Pipe.oneWay();
        try (Connection reader = data.reader(); Connection go = start.writer()) {
            Process sender;
            try (Connection writer = data.writer(); Connection told = start.reader()) {
                sender = new Process(PipeBench::sendWhenTold, told, writer, size, counts);
                sender.start();
            }
            for (int i = 0; i < counts.length; i++) {
                long begin = System.nanoTime();
                go.sendBytes(new byte[] {'g'});
                for (int received = 0; received < counts[i]; received++) {
                    reader.recvBytes();
                }
                double seconds = (System.nanoTime() - begin) / Timed.NANOS_PER_SECOND;
                if (i > 0) {
                    messages[i - 1] = counts[i] / seconds;
                    megabytes[i - 1] = counts[i] * (double) size / MEGA / seconds;
                }
            }
            sender.join();
            sender.close();
        }
        Map<String, Samples> results = new LinkedHashMap<>();
        results.put(name + ".msgs", new Samples("msgs/s", messages));
        results.put(name + ".MBps", new Samples("MB/s", megabytes));
        return results;
    }

    private static byte[] message(int size) {
        byte[] message = new byte[size];
        Arrays.fill(message, (byte) 'x');
        return message;
    }
}
