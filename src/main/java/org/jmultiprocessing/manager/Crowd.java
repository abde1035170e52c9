package org.jmultiprocessing.manager;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether more clients call at the same time than there are CPUs for them and for those who serve them. Then nobody waits awake for an answer or the
 * next call, since that takes the CPU from the one that is waited for. Found out by counting who called among the last few hundred calls.
 */
final class Crowd {
    private static final int ROUND = 256;
    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger callers = new AtomicInteger();
    private volatile boolean tooLarge;

    /**
     * Counts a call.
     *
     * @param lastRound what this returned to the same caller last; 0 at first
     * @return the round in which the call was
     */
    int join(int lastRound) {
        int call = calls.incrementAndGet();
        int round = call / ROUND + 1;
        if (round != lastRound) {
            callers.incrementAndGet();
        }
        if (call % ROUND == 0) {
            tooLarge = 2 * callers.getAndSet(0) > CPUS;
        }
        return round;
    }

    boolean isTooLarge() {
        return tooLarge;
    }
}
