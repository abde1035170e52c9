package org.jmultiprocessing.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

    private static String all(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
