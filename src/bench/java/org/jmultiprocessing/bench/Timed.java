package org.jmultiprocessing.bench;

/** The loop that most cases are, on both sides: a tenth of the operations, not counted, then the repetitions, one sample each. */
final class Timed {
    static final double NANOS_PER_MICRO = 1e3;
    static final double NANOS_PER_SECOND = 1e9;
    static final int REPETITIONS = 5;
    /** Of the operations of one repetition. */
    private static final int WARM_UP = 10;

    private Timed() {
    }

    /**
     * Times a body.
     *
     * @param scale how much to do
     * @param operations in each repetition at full scale
     * @param unit nanoseconds in one unit of the samples
     * @param body does so many operations
     * @return the time for one operation, by repetition
     */
    static double[] each(Scale scale, int operations, double unit, Body body) throws InterruptedException {
        int count = scale.operations(operations);
        double[] samples = new double[scale.repetitions(REPETITIONS)];
        for (int i = -1; i < samples.length; i++) {
            int now = i < 0 ? count / WARM_UP : count;
            long begin = System.nanoTime();
            body.run(now);
            if (i >= 0) {
                samples[i] = (System.nanoTime() - begin) / unit / now;
            }
        }
        return samples;
    }

    /** How many operations {@link #each} asks for in all, for the process at the other end. */
    static int total(Scale scale, int operations) {
        int count = scale.operations(operations);
        return count / WARM_UP + count * scale.repetitions(REPETITIONS);
    }

    /** Operations. */
    @FunctionalInterface
    interface Body {
        void run(int count) throws InterruptedException;
    }
}
