package org.jmultiprocessing.jcstress;

import java.time.Duration;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.arena.WaitPoint;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Words;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two things are given one after the other, and a thread waits until it has both. A wake-up that is lost shows as a wait of ten
 * seconds.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It has both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "One was lost, or the wake-up for it.")
@State
public class HandOverTest {
    private static final long LOST_NANOS = 10_000_000_000L;

    private final Line line = Lines.next();
    private final WaitPoint waiters = line.waiters();
    private final WaitPoint.Condition something = this::isSomething;

    /** A line is used many times. */
    public HandOverTest() {
        Words.putInt(line.memory(), line.data(), 0);
    }

    private boolean isSomething() {
        return Words.getIntVolatile(line.memory(), line.data()) != 0;
    }

    /** Gives two, and signals for each. */
    @Actor
    public void gives() {
        Words.addInt(line.memory(), line.data(), 1);
        waiters.signalOne();
        Words.addInt(line.memory(), line.data(), 1);
        waiters.signalOne();
    }

    /** Takes them one by one. */
    @Actor
    public void takes(II_Result result) {
        result.r1 = take();
        result.r2 = take();
    }

    private int take() {
        long began = System.nanoTime();
        while (true) {
            waiters.await(something, Deadline.after(Duration.ofNanos(LOST_NANOS)), false);
            int there = Words.getIntVolatile(line.memory(), line.data());
            if (there > 0 && Words.casInt(line.memory(), line.data(), there, there - 1)) {
                if (there > 1) {
                    waiters.signalOne();
                }
                return System.nanoTime() - began < LOST_NANOS ? 1 : 0;
            }
        }
    }
}
