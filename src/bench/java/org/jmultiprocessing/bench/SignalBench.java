package org.jmultiprocessing.bench;

import java.util.List;
import java.util.Map;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sharedmemory.SharedInt;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.Condition;
import org.jmultiprocessing.sync.Event;
import org.jmultiprocessing.sync.Held;

/** Two processes that wait for each other. */
final class SignalBench {
    private static final int ROUND_TRIPS = 5_000;
    private static final int MEETINGS = 3_000;
    private static final double GOAL = 0.15;

    private SignalBench() {
    }

    static List<BenchCase> cases() {
        return List.of(
                new BenchCase("event_pingpong",
                        "µs per round trip over two Event()s: parent a.set(), b.wait(), b.clear(); child a.wait(), a.clear(), b.set(); 500 not "
                                + "counted, then 5 reps of 5 000.",
                        List.of(Goal.handOver("event_pingpong", GOAL)), SignalBench::event),
                new BenchCase("condition_pingpong",
                        "µs per round trip (2 turns) over one Condition() and a RawValue 'turn': with cond: wait while turn is not mine, give the "
                                + "turn away, notify(); 500 not counted, then 5 reps of 5 000.",
                        List.of(Goal.handOver("condition_pingpong", GOAL)), SignalBench::condition),
                new BenchCase("barrier_2p",
                        "µs per Barrier(2).wait() that parent and child both call in a loop; 300 not counted, then 5 reps of 3 000.",
                        List.of(Goal.handOver("barrier_2p", GOAL)), SignalBench::barrier));
    }

    private static void answer(Event a, Event b, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            a.await();
            a.clear();
            b.set();
        }
    }

    private static Map<String, Samples> event(Scale scale) throws InterruptedException {
        Event a = new Event();
        Event b = new Event();
        Process child = new Process(SignalBench::answer, a, b, Timed.total(scale, ROUND_TRIPS));
        child.start();
        double[] samples = Timed.each(scale, ROUND_TRIPS, Timed.NANOS_PER_MICRO, count -> {
            for (int i = 0; i < count; i++) {
                a.set();
                b.await();
                b.clear();
            }
        });
        Children.end(child);
        return Map.of("event_pingpong", new Samples("µs", samples));
    }

    private static void takeTurns(Condition condition, SharedInt turn, int mine, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            try (Held held = condition.hold()) {
                while (turn.get() != mine) {
                    condition.await();
                }
                turn.set(1 - mine);
                condition.signal();
            }
        }
    }

    private static Map<String, Samples> condition(Scale scale) throws InterruptedException {
        Condition condition = new Condition();
        SharedInt turn = SharedInt.raw(0);
        Process child = new Process(SignalBench::takeTurns, condition, turn, 1, Timed.total(scale, ROUND_TRIPS));
        child.start();
        double[] samples = Timed.each(scale, ROUND_TRIPS, Timed.NANOS_PER_MICRO, count -> takeTurns(condition, turn, 0, count));
        Children.end(child);
        return Map.of("condition_pingpong", new Samples("µs", samples));
    }

    private static void meet(Barrier barrier, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Children.meet(barrier);
        }
    }

    private static Map<String, Samples> barrier(Scale scale) throws InterruptedException {
        Barrier barrier = new Barrier(2);
        Process child = new Process(SignalBench::meet, barrier, Timed.total(scale, MEETINGS));
        child.start();
        double[] samples = Timed.each(scale, MEETINGS, Timed.NANOS_PER_MICRO, count -> meet(barrier, count));
        Children.end(child);
        return Map.of("barrier_2p", new Samples("µs", samples));
    }
}
