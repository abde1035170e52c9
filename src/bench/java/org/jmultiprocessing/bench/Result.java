package org.jmultiprocessing.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A result as either side prints it.
 *
 * @param unit of the median
 * @param median of the repetitions
 */
record Result(String unit, double median) {
    /** Both sides print each result as one flat object; no value but a text at its end holds a brace. */
    private static final Pattern ENTRY =
            Pattern.compile("\"([^\"]+)\":\\s*\\{\\s*\"unit\":\\s*\"([^\"]+)\",\\s*\"median\":\\s*([-+0-9.eE]+),");

    /** Reads the JSON of {@code python_baseline.py} or of {@code bench --json}. */
    static Map<String, Result> all(String json) throws IOException {
        Map<String, Result> results = new LinkedHashMap<>();
        Matcher entries = ENTRY.matcher(json);
        while (entries.find()) {
            results.put(entries.group(1), new Result(entries.group(2), Double.parseDouble(entries.group(3))));
        }
        if (results.isEmpty()) {
            throw new IOException("no results in: " + json);
        }
        return results;
    }
}
