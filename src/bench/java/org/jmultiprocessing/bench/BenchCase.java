package org.jmultiprocessing.bench;

import java.util.List;
import java.util.Map;

/**
 * A benchmark. CPython's side has it under the same name, unless its results are compared with each other.
 *
 * @param name of the case
 * @param definition what is measured, in terms that another language can repeat exactly
 * @param goals for those of its results that have one
 * @param jvmOptions what the JVM of this side is given in a comparison, and says so in the definition
 * @param body measures
 */
record BenchCase(String name, String definition, List<Goal> goals, List<String> jvmOptions, Body body) {
    BenchCase(String name, String definition, List<Goal> goals, Body body) {
        this(name, definition, goals, List.of(), body);
    }

    boolean hasTwin() {
        return goals.stream().allMatch(goal -> goal.reference() == null);
    }

    /** Measures. */
    @FunctionalInterface
    interface Body {
        /**
         * @param scale how much to do
         * @return by name: the case's own, or with a suffix where it yields several
         * @throws InterruptedException if the thread is interrupted
         */
        Map<String, Samples> run(Scale scale) throws InterruptedException;
    }
}
