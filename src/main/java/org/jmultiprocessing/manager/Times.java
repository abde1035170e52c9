package org.jmultiprocessing.manager;

import java.time.Duration;

/** Times as the server takes them. */
final class Times {
    private Times() { }

    /** Null is for ever, zero or less not at all. */
    static long nanos(Duration timeout) {
        if (timeout == null || timeout.getSeconds() >= Long.MAX_VALUE / 2_000_000_000L) {
            return BlockingReferent.FOREVER;
        }
        return Math.max(0, timeout.toNanos());
    }
}
