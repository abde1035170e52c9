package org.jmultiprocessing.manager;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** An object at which calls wait for each other. Its state is guarded by its guard. */
abstract class BlockingReferent extends Referent {
    /** As a time: for ever. */
    static final long FOREVER = -1;

    private final ReentrantLock guard = new ReentrantLock();

    BlockingReferent(Kind kind) {
        super(Description.of(kind));
    }

    final ReentrantLock guard() {
        return guard;
    }

    /**
     * Waits to be signalled, with the guard held.
     *
     * @param nanos how long; {@link #FOREVER}
     * @return how much of that is left; 0 or less when it is over
     */
    static long await(Condition condition, long nanos) throws InterruptedException {
        if (nanos == FOREVER) {
            condition.await();
            return FOREVER;
        }
        return nanos <= 0 ? 0 : Math.max(0, condition.awaitNanos(nanos));
    }
}
