package org.jmultiprocessing.internal.os;

/**
 * Whether a reader insists for some microseconds before it blocks. To be woken on another CPU costs 25 - 35 microseconds, so two processes that
 * answer each other at once do so in a fifth of the time if they wait awake. Where that does not work out, because the peer is slow or shares the
 * reader's CPU, the reader stops insisting and tries again later, in bursts long enough for the scheduler to have put the two on two CPUs
 * meanwhile, and ever more seldom. Guarded by the reader's lock.
 *
 * <p>What it costs: while most waits end in time, a CPU that would otherwise wait for them. Else 5 ms of a CPU for a new connection, and then 5 ms
 * after 1000 waits, 2000 more, ... and every 16000.
 */
public final class Spin {
    /** System property: the most microseconds a reader insists before it blocks; 0 never does. Without effect on a single CPU. */
    public static final String PROPERTY = "jmultiprocessing.spin.micros";

    private static final int DEFAULT_MICROS = 50;
    private static final int LARGEST_MICROS = 1_000;
    private static final int PATIENCE = 100;
    private static final int FIRST_PAUSE = 1_000;
    private static final int LAST_PAUSE = 16_000;
    private static final long NANOS = Runtime.getRuntime().availableProcessors() == 1 ? 0
            : 1_000L * Math.max(0, Math.min(LARGEST_MICROS, Integer.getInteger(PROPERTY, DEFAULT_MICROS)));

    private int credit = PATIENCE;
    private int pause = FIRST_PAUSE;
    private int waits;

    /** @return whether anybody may insist: there are two CPUs, and {@link #PROPERTY} does not forbid it */
    public static boolean isWorthwhile() {
        return NANOS > 0;
    }

    /** @return nanoseconds to insist in the wait that begins now; 0 in a virtual thread, whose carrier has better things to do */
    public long next() {
        if (NANOS == 0 || Parker.isVirtual()) {
            return 0;
        }
        if (credit == 0) {
            if (++waits < pause) {
                return 0;
            }
            pause = Math.min(LAST_PAUSE, 2 * pause);
            waits = 0;
            credit = PATIENCE;
        }
        return NANOS;
    }

    /** @param found whether the data came while the reader insisted */
    public void after(boolean found) {
        if (!found) {
            credit--;
        } else if (credit < PATIENCE) {
            credit++;
            if (credit == PATIENCE) {
                pause = FIRST_PAUSE;
            }
        }
    }
}
