package org.jmultiprocessing.internal.arena;

import org.jmultiprocessing.internal.os.Spin;

/**
 * Whether a taker who finds one or two messages lets more of them come first. One who is faster than the putters else takes each as it appears: the
 * cache line with the tail then goes from one CPU to the other and back for every message, and nobody's copying overlaps with anybody's. A pause of
 * {@link #NANOS} once for several messages makes a stream several times as fast. It is of use only in a stream, so a pause in which nothing came
 * costs credit, and without credit it is tried seldom: an answer that is waited for by who asked is late for the first few times only.
 *
 * <p>Used by one thread at a time.
 */
final class Lag {
    private static final long NANOS = 1_000;
    /** Messages with which there is nothing to be gained. */
    private static final int ENOUGH = 8;
    private static final int CREDIT = 16;
    private static final int TRIED_EVERY = 1_024;
    private static final int SPINS_PER_LOOK = 4;

    private int credit = CREDIT;
    private int skipped;

    /** Whether to {@link #pause}, then to look again and to say {@link #after} what came of it. */
    boolean isDue(int messages) {
        if (messages >= ENOUGH || !Spin.isWorthwhile()) {
            return false;
        }
        if (credit > 0) {
            return true;
        }
        skipped = skipped + 1 & TRIED_EVERY - 1;
        return skipped == 0;
    }

    void pause() {
        long end = System.nanoTime() + NANOS;
        do {
            for (int i = 0; i < SPINS_PER_LOOK; i++) {
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - end < 0);
    }

    void after(int came) {
        credit = came > 0 ? Math.min(CREDIT, credit + came) : Math.max(0, credit - 1);
    }
}
