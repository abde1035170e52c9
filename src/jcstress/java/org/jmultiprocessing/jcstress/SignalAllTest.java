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
import org.openjdk.jcstress.infra.results.I_Result;

/** What was written before a flag that another thread waits for is seen by it, and it does not sleep on. */
@JCStressTest
@Outcome(id = "42", expect = Expect.ACCEPTABLE, desc = "It was woken, or saw it in time.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A wake-up was lost, or the flag seen before what it stands for.")
@State
public class SignalAllTest {
    private static final long LOST_NANOS = 10_000_000_000L;

    private final Line line = Lines.next();
    private final WaitPoint.Condition set = this::isSet;

    /** A line is used many times. */
    public SignalAllTest() {
        Words.putLong(line.memory(), line.data(), 0);
    }

    private boolean isSet() {
        return Words.getIntVolatile(line.memory(), line.data()) != 0;
    }

    /** Sets it. */
    @Actor
    public void sets() {
        Words.putInt(line.memory(), line.data() + Integer.BYTES, 42);
        Words.putIntRelease(line.memory(), line.data(), 1);
        line.waiters().signalAll();
    }

    /** Waits for it. */
    @Actor
    public void waits(I_Result result) {
        long began = System.nanoTime();
        boolean holds = line.waiters().await(set, Deadline.after(Duration.ofNanos(LOST_NANOS)), false);
        result.r1 = holds && System.nanoTime() - began < LOST_NANOS ? Words.getInt(line.memory(), line.data() + Integer.BYTES) : -1;
    }
}
