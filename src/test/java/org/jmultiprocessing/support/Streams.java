package org.jmultiprocessing.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.Process;

/** Reads what a child printed, where its stream is a pipe. */
public final class Streams {
    private Streams() { }

    public static String stdout(Process process) {
        return all(process.stdout());
    }

    public static String stderr(Process process) {
        return all(process.stderr());
    }

    /** Starts a child with its stdout on a pipe, and gives what it printed; fails unless it ends with 0. */
    public static String outputOf(Builder builder) throws InterruptedException {
        try (Process process = builder.stdout(Redirect.PIPE).start()) {
            String output = stdout(process);
            process.join();
            if (process.exitCode().getAsInt() != 0) {
                throw new AssertionError(process + " printed: " + output);
            }
            return output;
        }
    }

    private static String all(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
