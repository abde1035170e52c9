package org.jmultiprocessing.bench;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.queue.SimpleQueue;
import org.jmultiprocessing.sync.Barrier;

/** Messages through queues. */
final class QueueBench {
    private static final List<String> TOUCHED_HEAP = List.of("-Xms128m", "-Xmx128m", "-Xmn96m", "-XX:+AlwaysPreTouch");
    private static final int ROUND_TRIPS = 10_000;
    private static final int INTS = 100_000;
    private static final int STRINGS = 50_000;
    private static final int STRING_BYTES = 1 << 10;
    /** Ends an echo. */
    private static final int END = -1;

    private QueueBench() {
    }

    static List<BenchCase> cases() {
        return List.of(
                new BenchCase("queue_throughput_small",
                        "msgs/s through Queue(): 1 producer child puts the ints 0..99 999, the parent gets them all; from a start Barrier to the "
                                + "last get; 1 rep not counted, then 5.",
                        List.of(Goal.of("queue_throughput_small", 20)),
                        scale -> throughput("queue_throughput_small", scale, 1, INTS, 0)),
                new BenchCase("queue_throughput_1KiB",
                        "msgs/s as queue_throughput_small, with 50 000 byte strings of 1 KiB. A comparison gives this side's JVMs a heap of 128 MiB "
                                + "whose pages were touched at their start: to touch them for the first time costs four times what the queue does.",
                        List.of(Goal.of("queue_throughput_1KiB", 8)), TOUCHED_HEAP,
                        scale -> throughput("queue_throughput_1KiB", scale, 1, STRINGS, STRING_BYTES)),
                new BenchCase("queue_throughput_2p1c",
                        "msgs/s as queue_throughput_small, with 2 producer children of 50 000 ints each and the parent as the one consumer.",
                        List.of(Goal.of("queue_throughput_2p1c", 8)),
                        scale -> throughput("queue_throughput_2p1c", scale, 2, INTS / 2, 0)),
                new BenchCase("simplequeue_throughput",
                        "msgs/s as queue_throughput_small, through SimpleQueue() (no feeder thread).",
                        List.of(), QueueBench::simpleThroughput),
                new BenchCase("queue_pingpong",
                        "µs per round trip of an int over two Queue()s (parent puts to A, gets from B; child the reverse); 1 000 not counted, then "
                                + "5 reps of 10 000.",
                        List.of(Goal.handOver("queue_pingpong", 0.1)), QueueBench::pingPong),
                new BenchCase("simplequeue_pingpong",
                        "µs as queue_pingpong, over two SimpleQueue()s.",
                        List.of(), QueueBench::simplePingPong));
    }

    // ---- throughput ----

    /** What a producer does. */
    private record Load(int count, int rounds, int bytes) implements Serializable { }

    private static void produce(Barrier start, Queue<Object> queue, Load load) throws Exception {
        byte[] message = message(load.bytes());
        for (int round = 0; round < load.rounds(); round++) {
            start.await();
            for (int i = 0; i < load.count(); i++) {
                queue.put(load.bytes() == 0 ? (Object) i : message);
            }
        }
    }

    private static void produceSimply(Barrier start, SimpleQueue<Object> queue, Load load) throws Exception {
        for (int round = 0; round < load.rounds(); round++) {
            start.await();
            for (int i = 0; i < load.count(); i++) {
                queue.put(i);
            }
        }
    }

    private static byte[] message(int size) {
        byte[] message = new byte[size];
        Arrays.fill(message, (byte) 'x');
        return message;
    }

    private static Load load(Scale scale, int count, int bytes) {
        return new Load(scale.operations(count), 1 + scale.repetitions(Timed.REPETITIONS), bytes);
    }

    private static Map<String, Samples> throughput(String name, Scale scale, int producers, int each, int bytes) throws InterruptedException {
        try (Queue<Object> queue = new Queue<>()) {
            Barrier start = new Barrier(producers + 1);
            Load load = load(scale, each, bytes);
            Process[] processes = new Process[producers];
            for (int i = 0; i < producers; i++) {
                processes[i] = new Process(QueueBench::produce, start, queue, load);
            }
            return Map.of(name, consumed(start, load, count -> {
                for (int i = 0; i < count; i++) {
                    queue.get();
                }
            }, processes));
        }
    }

    private static Map<String, Samples> simpleThroughput(Scale scale) throws InterruptedException {
        try (SimpleQueue<Object> queue = new SimpleQueue<>()) {
            Barrier start = new Barrier(2);
            Load load = load(scale, INTS, 0);
            return Map.of("simplequeue_throughput", consumed(start, load, count -> {
                for (int i = 0; i < count; i++) {
                    queue.get();
                }
            }, new Process(QueueBench::produceSimply, start, queue, load)));
        }
    }

    private static Samples consumed(Barrier start, Load load, Timed.Body consumer, Process... producers) throws InterruptedException {
        for (Process producer : producers) {
            producer.start();
        }
        int total = load.count() * producers.length;
        double[] samples = new double[load.rounds() - 1];
        for (int round = 0; round < load.rounds(); round++) {
            Children.meet(start, producers);
            long begin = System.nanoTime();
            consumer.run(total);
            if (round > 0) {
                samples[round - 1] = total / ((System.nanoTime() - begin) / Timed.NANOS_PER_SECOND);
            }
        }
        Children.end(producers);
        return new Samples("msgs/s", samples);
    }

    // ---- round trips ----

    private static void echo(Queue<Object> in, Queue<Object> out) throws InterruptedException {
        for (Object message = in.get(); !message.equals(END); message = in.get()) {
            out.put(message);
        }
    }

    private static void echoSimply(SimpleQueue<Object> in, SimpleQueue<Object> out) throws InterruptedException {
        for (Object message = in.get(); !message.equals(END); message = in.get()) {
            out.put(message);
        }
    }

    private static Map<String, Samples> pingPong(Scale scale) throws InterruptedException {
        try (Queue<Object> there = new Queue<>(); Queue<Object> back = new Queue<>()) {
            Process echo = new Process(QueueBench::echo, there, back);
            echo.start();
            double[] samples = Timed.each(scale, ROUND_TRIPS, Timed.NANOS_PER_MICRO, count -> {
                for (int i = 0; i < count; i++) {
                    there.put(i);
                    back.get();
                }
            });
            there.put(END);
            Children.end(echo);
            return Map.of("queue_pingpong", new Samples("µs", samples));
        }
    }

    private static Map<String, Samples> simplePingPong(Scale scale) throws InterruptedException {
        try (SimpleQueue<Object> there = new SimpleQueue<>(); SimpleQueue<Object> back = new SimpleQueue<>()) {
            Process echo = new Process(QueueBench::echoSimply, there, back);
            echo.start();
            double[] samples = Timed.each(scale, ROUND_TRIPS, Timed.NANOS_PER_MICRO, count -> {
                for (int i = 0; i < count; i++) {
                    there.put(i);
                    back.get();
                }
            });
            there.put(END);
            Children.end(echo);
            return Map.of("simplequeue_pingpong", new Samples("µs", samples));
        }
    }
}
