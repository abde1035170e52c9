package org.jmultiprocessing.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that ran to its end, in the project's folder.
 *
 * @param code its exit code; 127 if there is no such program
 * @param out its stdout
 * @param err its stderr
 */
public record Program(int code, String out, String err) {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final int PATIENCE_SECONDS = 60;
    private static final int NOT_FOUND = 127;

    /** The executable jar that the build made. */
    public static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("jmultiprocessing-.*-all\\.jar")).findFirst()
                    .orElseThrow(() -> new AssertionError("no executable jar in target: run mvn package -DskipTests first"));
        }
    }

    /** Runs {@code java -jar} with the JDK that runs this test. */
    public static Program ofJar(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java()));
        String binding = System.getProperty("jmultiprocessing.binding");
        if (binding != null) {
            command.add("-Djmultiprocessing.binding=" + binding);
        }
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(List.of(args));
        return of(command);
    }

    /** The command for a JVM of its own that runs a class of the tests, over the binding under test. */
    public static List<String> ofClass(Class<?> main, String... options) {
        List<String> command = new ArrayList<>(List.of(java(), "-Djmultiprocessing.archive=off"));
        for (String name : List.of("jmultiprocessing.binding", "jmultiprocessing.library")) {
            if (System.getProperty(name) != null) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        command.addAll(List.of(options));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    /** The {@code java} program that runs this test. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Runs a program. One that cannot be started has code 127 and the reason in {@code err}. */
    public static Program of(List<String> command) throws IOException, InterruptedException {
        return of(command, PATIENCE_SECONDS);
    }

    /** As {@link #of(List)}, with another patience than usual. */
    public static Program of(List<String> command, int patienceSeconds) throws IOException, InterruptedException {
        Path out = Files.createTempFile("program", ".out");
        Path err = Files.createTempFile("program", ".err");
        try {
            Process process;
            try {
                process = new ProcessBuilder(command).directory(ROOT.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            } catch (IOException refused) {
                return new Program(NOT_FOUND, "", refused.toString());
            }
            if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(command + " did not end within " + patienceSeconds + " s; it said: " + Files.readString(out)
                        + Files.readString(err));
            }
            return new Program(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
