package org.jmultiprocessing.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.process.StartMethod;

/** A JVM that starts one child, and prints how many milliseconds that took. */
final class FirstChild {
    private FirstChild() { }

    /**
     * @param arguments the start method, or nothing for the default
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        StartMethod method = arguments.length == 0 ? Multiprocessing.startMethod() : StartMethod.of(arguments[0]);
        System.out.println(ProcessBench.start(method));
    }

    /** Runs it. */
    static double millis(String... arguments) throws InterruptedException {
        List<String> command = FreshJvm.command(null, List.of(), FirstChild.class.getName());
        command.addAll(List.of(arguments));
        try {
            Process program = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String text = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = program.waitFor();
            if (code != 0) {
                throw new IllegalStateException("a JVM that starts its first child ended with exit code " + code);
            }
            return Double.parseDouble(text.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
