package org.jmultiprocessing.bench;

/**
 * How much a case does.
 *
 * @param quick a tenth of the operations and two repetitions: a smoke test, not a measurement
 */
record Scale(boolean quick) {
    private static final int QUICK_REPETITIONS = 2;

    /** Operations for each repetition. */
    int operations(int full) {
        return quick ? Math.max(1, full / 10) : full;
    }

    /** Repetitions. */
    int repetitions(int full) {
        return quick ? Math.min(full, QUICK_REPETITIONS) : full;
    }
}
