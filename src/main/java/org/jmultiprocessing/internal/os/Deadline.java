package org.jmultiprocessing.internal.os;

import java.time.Duration;

/** The end of a wait on the monotonic clock, computed once, so that a wait that starts over does not start its time over. */
public final class Deadline {
    /** No end. */
    public static final Deadline NEVER = new Deadline(0);
    /** Already over: look, do not wait. */
    public static final Deadline NOW = new Deadline(0);

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    /**
     * @param timeout how long from now; null for ever, zero or less not at all
     * @return the deadline
     */
    public static Deadline after(Duration timeout) {
        if (timeout == null) {
            return NEVER;
        }
        if (timeout.isNegative() || timeout.isZero()) {
            return NOW;
        }
        if (timeout.getSeconds() >= Long.MAX_VALUE / 2_000_000_000L) {
            return NEVER;
        }
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** @return nanoseconds left: negative for ever, 0 when it is over */
    public long remaining() {
        if (this == NEVER) {
            return -1;
        }
        return this == NOW ? 0 : Math.max(0, end - System.nanoTime());
    }

    /** @return whether it is over */
    public boolean isOver() {
        return remaining() == 0;
    }
}
