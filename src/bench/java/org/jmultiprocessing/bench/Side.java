package org.jmultiprocessing.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One side of a comparison: a program that takes {@code --cases} and {@code --quick} and prints results as JSON.
 *
 * @param name for messages
 * @param command the program and its first arguments
 * @param environment its whole environment; null for this process's
 */
record Side(String name, List<String> command, Map<String, String> environment) {
    private static final int PATIENCE_MINUTES = 15;

    /** Runs a case and returns the medians and units of its results. A program that fails is an {@link IOException} with what it said. */
    Map<String, Result> run(BenchCase bench, boolean quick) throws IOException, InterruptedException {
        Path out = Files.createTempFile("bench", ".json");
        Path err = Files.createTempFile("bench", ".err");
        List<String> full = new ArrayList<>(command);
        full.addAll(List.of("--cases", bench.name()));
        if (quick) {
            full.add("--quick");
        }
        ProcessBuilder builder = new ProcessBuilder(full).redirectOutput(out.toFile()).redirectError(err.toFile());
        if (environment != null) {
            builder.environment().clear();
            builder.environment().putAll(environment);
        }
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(name + ": " + bench.name() + (ended ? " failed with exit code " + process.exitValue() : " did not end within "
                        + PATIENCE_MINUTES + " minutes") + ":\n" + Files.readString(err, StandardCharsets.UTF_8));
            }
            return Result.all(Files.readString(out, StandardCharsets.UTF_8));
        } finally {
            process.destroy();
            Files.delete(out);
            Files.delete(err);
        }
    }
}
