package org.jmultiprocessing.jcstress;

import java.time.Duration;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.os.Deadline;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A plain counter under a line's lock, which one thread takes as a guard, the other with a deadline that does not come. Twice, so that both wait. */
@JCStressTest
@Outcome(id = "4", expect = Expect.ACCEPTABLE, desc = "Each had it twice.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both held it at once, or one did not see what the other did.")
@State
public class LockTest {
    private final Line line = Lines.next();
    private final int[] plain = new int[1];

    /** Waits as for a guard. */
    @Actor
    public void guards() {
        for (int i = 0; i < 2; i++) {
            line.guard();
            plain[0]++;
            line.unlock();
        }
    }

    /** Waits for some time. */
    @Actor
    public void waits() {
        for (int i = 0; i < 2; i++) {
            if (line.lock(Deadline.after(Duration.ofSeconds(10)), true, false) == Line.Outcome.LOCKED) {
                plain[0]++;
                line.unlock();
            }
        }
    }

    /** Looks at the end. */
    @Arbiter
    public void count(I_Result result) {
        result.r1 = line.owner() == 0 ? plain[0] : -1;
    }
}
