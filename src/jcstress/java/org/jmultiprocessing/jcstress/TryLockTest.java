package org.jmultiprocessing.jcstress;

import org.jmultiprocessing.internal.arena.Line;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A plain counter under a line's lock, which one thread takes as a guard, and the other if it is free. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The other came while it was held.")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "Both had it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both held it at once, or one did not see what the other did.")
@State
public class TryLockTest {
    private final Line line = Lines.next();
    private final int[] plain = new int[1];

    /** Waits as for a guard. */
    @Actor
    public void guards() {
        line.guard();
        plain[0]++;
        line.unlock();
    }

    /** Does not wait. */
    @Actor
    public void tries(II_Result result) {
        if (line.tryLock()) {
            plain[0]++;
            line.unlock();
            result.r2 = 1;
        }
    }

    /** Looks at the end. */
    @Arbiter
    public void count(II_Result result) {
        result.r1 = line.owner() == 0 ? plain[0] : -1;
    }
}
