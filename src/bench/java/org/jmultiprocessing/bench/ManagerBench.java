package org.jmultiprocessing.bench;

import java.util.List;
import java.util.Map;
import org.jmultiprocessing.internal.registry.Diagnostics;
import org.jmultiprocessing.manager.Manager;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.sync.Barrier;

/** Calls of a manager's objects. */
final class ManagerBench {
    private static final int STARTS = 10;
    private static final int KEYS = 100;
    private static final int CALLS = 5_000;
    private static final int CLIENTS = 4;
    private static final int CALLS_OF_EACH = 2_500;
    private static final double FASTER = 4;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double ALLOWED_MILLIS = 5;

    private ManagerBench() {
    }

    static List<BenchCase> cases() {
        return List.of(
                new BenchCase("manager_start",
                        "ms for Manager() to return a running manager (its server process started by the chosen method); 10 starts, shutdown not "
                                + "counted.",
                        List.of(), ManagerBench::start),
                new BenchCase("manager_start_beside_process",
                        "ms as manager_start, by the default start method; beside it, in turn, what process_start measures, and 5 ms more; 1 of each "
                                + "not counted, then 20.",
                        List.of(Goal.ofOurs("manager_start_beside_process", 1.0, "process_start_and_5ms")), ManagerBench::startBesideProcess),
                new BenchCase("manager_dict_set",
                        "ops/s of d[i % 100] = i on a manager's dict proxy, 1 client; 500 not counted, then 5 reps of 5 000.",
                        List.of(Goal.of("manager_dict_set", FASTER)),
                        scale -> calls("manager_dict_set", scale, manager -> {
                            Map<Integer, Integer> dict = manager.dict();
                            set(dict, KEYS);
                            return count -> set(dict, count);
                        })),
                new BenchCase("manager_dict_get",
                        "ops/s of d[i % 100] on a manager's dict proxy (100 keys), 1 client; 500 not counted, then 5 reps of 5 000.",
                        List.of(Goal.of("manager_dict_get", FASTER)),
                        scale -> calls("manager_dict_get", scale, manager -> {
                            Map<Integer, Integer> dict = manager.dict();
                            set(dict, KEYS);
                            return count -> get(dict, count);
                        })),
                new BenchCase("manager_queue_putget",
                        "ops/s, one op = put(i) + get() on a manager's Queue proxy, 1 client; 500 not counted, then 5 reps of 5 000.",
                        List.of(Goal.of("manager_queue_putget", FASTER)),
                        scale -> calls("manager_queue_putget", scale, manager -> {
                            var queue = manager.<Integer>queue();
                            return count -> {
                                for (int i = 0; i < count; i++) {
                                    queue.put(i);
                                    queue.take();
                                }
                            };
                        })),
                new BenchCase("manager_dict_4clients",
                        "ops/s in total: 4 client processes do d[i % 100] = i, 2 500 times each, on one manager's dict; from the start Barrier(5) to "
                                + "the end Barrier(5); 1 rep not counted, then 5.",
                        List.of(Goal.of("manager_dict_4clients", FASTER)), ManagerBench::clients));
    }

    private static Map<String, Samples> start(Scale scale) throws InterruptedException {
        double[] samples = new double[scale.repetitions(STARTS)];
        for (int i = 0; i < samples.length; i++) {
            long begin = System.nanoTime();
            Manager manager = Manager.start();
            samples[i] = (System.nanoTime() - begin) / NANOS_PER_MILLI;
            manager.shutdown();
        }
        return Map.of("manager_start", new Samples("ms", samples));
    }

    private static Map<String, Samples> startBesideProcess(Scale scale) throws InterruptedException {
        double[] managers = new double[scale.repetitions(2 * STARTS)];
        double[] processes = new double[managers.length];
        for (int i = -1; i < managers.length; i++) {
            double process = ProcessBench.start(StartMethod.current());
            long begin = System.nanoTime();
            Manager manager = Manager.start();
            double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
            manager.shutdown();
            if (i >= 0) {
                managers[i] = millis;
                processes[i] = process + ALLOWED_MILLIS;
            } else {
                Diagnostics.settle();
            }
        }
        return Map.of("manager_start_beside_process", new Samples("ms", managers), "process_start_and_5ms", new Samples("ms", processes));
    }

    private static void set(Map<Integer, Integer> dict, int count) {
        for (int i = 0; i < count; i++) {
            dict.put(i % KEYS, i);
        }
    }

    private static void get(Map<Integer, Integer> dict, int count) {
        for (int i = 0; i < count; i++) {
            dict.get(i % KEYS);
        }
    }

    /** Makes what is called. */
    private interface Subject {
        Timed.Body of(Manager manager) throws InterruptedException;
    }

    private static Map<String, Samples> calls(String name, Scale scale, Subject subject) throws InterruptedException {
        try (Manager manager = Manager.start()) {
            double[] seconds = Timed.each(scale, CALLS, Timed.NANOS_PER_SECOND, subject.of(manager));
            for (int i = 0; i < seconds.length; i++) {
                seconds[i] = 1 / seconds[i];
            }
            return Map.of(name, new Samples("ops/s", seconds));
        }
    }

    private static void client(Map<Integer, Integer> dict, Barrier barrier, int count, int rounds) throws Exception {
        // Connects.
        set(dict, KEYS);
        for (int i = 0; i < rounds; i++) {
            barrier.await();
            set(dict, count);
            barrier.await();
        }
    }

    private static Map<String, Samples> clients(Scale scale) throws InterruptedException {
        int count = scale.operations(CALLS_OF_EACH);
        double[] samples = new double[scale.repetitions(Timed.REPETITIONS)];
        try (Manager manager = Manager.start()) {
            Map<Integer, Integer> dict = manager.dict();
            Barrier barrier = new Barrier(CLIENTS + 1);
            Process[] clients = new Process[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                clients[i] = new Process(ManagerBench::client, dict, barrier, count, samples.length + 1);
                clients[i].start();
            }
            for (int i = -1; i < samples.length; i++) {
                Children.meet(barrier, clients);
                long begin = System.nanoTime();
                Children.meet(barrier, clients);
                if (i >= 0) {
                    samples[i] = CLIENTS * count / ((System.nanoTime() - begin) / Timed.NANOS_PER_SECOND);
                }
            }
            Children.end(clients);
        }
        return Map.of("manager_dict_4clients", new Samples("ops/s", samples));
    }
}
