package org.jmultiprocessing.internal.arena;

import java.util.concurrent.atomic.AtomicInteger;
import org.jmultiprocessing.internal.os.ProcessIds;

/** Where a process that tests sent to its death dies. */
final class CrashPoint {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private CrashPoint() { }

    static void reached(Step step, String plan) {
        int colon = plan.indexOf(':');
        String name = colon < 0 ? plan : plan.substring(0, colon);
        int turn = colon < 0 ? 1 : Integer.parseInt(plan.substring(colon + 1));
        if (name.equals(step.name()) && COUNT.incrementAndGet() == turn) {
            ProcessIds.killSelf();
        }
    }
}
