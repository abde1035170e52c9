package org.jmultiprocessing.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a case measured.
 *
 * @param unit of the values; one with {@code /s} is better when higher, others when lower
 * @param values one for each repetition
 */
record Samples(String unit, double[] values) {
    /** The figures in the form of CPython's side: six significant digits. */
    Map<String, Object> summary() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("unit", unit);
        summary.put("median", rounded(median(sorted)));
        summary.put("min", rounded(sorted[0]));
        summary.put("max", rounded(sorted[sorted.length - 1]));
        summary.put("n", sorted.length);
        return summary;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static boolean higherIsBetter(String unit) {
        return unit.endsWith("/s");
    }

    static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(6)).doubleValue();
    }
}
