package org.jmultiprocessing.bench;

import java.util.Locale;

/**
 * How a result of ours is to compare with CPython's, or with another of ours, measured side by side.
 *
 * @param result the name of the result
 * @param reference the name of another result of the same case, with which it is compared; null for CPython's
 * @param factor of the other value: a time is to be at most, a rate at least so many times it
 * @param factorOnOneCpu the same where this process may run on one CPU only
 */
record Goal(String result, String reference, double factor, double factorOnOneCpu) {
    private static final double HAND_OVER_ON_ONE_CPU = 1.2;

    static Goal of(String result, double factor) {
        return new Goal(result, null, factor, factor);
    }

    /** Of something that CPython does not have. */
    static Goal ofOurs(String result, double factor, String reference) {
        return new Goal(result, reference, factor, factor);
    }

    /** Of a hand-over from one process to another: on one CPU both wait for the same scheduler, and nothing can be won by spinning. */
    static Goal handOver(String result, double factor) {
        return new Goal(result, null, factor, HAND_OVER_ON_ONE_CPU);
    }

    double factorHere() {
        return Runtime.getRuntime().availableProcessors() == 1 ? factorOnOneCpu : factor;
    }

    boolean isMet(double ratio, String unit) {
        return Samples.higherIsBetter(unit) ? ratio >= factorHere() : ratio <= factorHere();
    }

    String text(String unit) {
        return String.format(Locale.ROOT, Samples.higherIsBetter(unit) ? ">= %.2f" : "<= %.2f", factorHere());
    }
}
