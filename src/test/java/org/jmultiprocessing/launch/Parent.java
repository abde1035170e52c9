package org.jmultiprocessing.launch;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.process.Process;

/** A JVM that a test starts, to be the parent of children. */
final class Parent {
    private static final int PATIENCE_SECONDS = 60;

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> program = List.of(java());
    private String nativeAccess = "ALL-UNNAMED";

    Parent(Path folder) {
        this.folder = folder;
    }

    /** The library under test and what it needs, as a class path. */
    static String library() {
        try {
            Path own = Path.of(Process.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return own + ":" + onClassPath("jna-5") + ":" + onClassPath("jna-platform-5");
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The jar of a test dependency. */
    static String onClassPath(String start) {
        for (String entry : System.getProperty("java.class.path").split(":")) {
            if (Path.of(entry).getFileName().toString().startsWith(start)) {
                return entry;
            }
        }
        throw new AssertionError("there is no " + start + "*.jar on the class path of the tests: the pom must name it as a test dependency");
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** What every parent gets: the binding under test, and no warning about it. */
    static List<String> options(String nativeAccess) {
        List<String> options = new ArrayList<>();
        for (String name : List.of("jmultiprocessing.binding", "jmultiprocessing.library", "jmultiprocessing.cache")) {
            if (System.getProperty(name) != null) {
                options.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        options.add("-Djmultiprocessing.archive=off");
        if (Runtime.version().feature() >= 24) {
            options.add("--enable-native-access=" + nativeAccess);
        }
        return options;
    }

    /** A variable about which the JVM prints a note. */
    Parent quiet(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** One whose module path has the library: the modules that load native code are named, which is the parent's own part. */
    Parent withModules() {
        nativeAccess = "jna".equals(System.getProperty("jmultiprocessing.binding")) ? "org.jmultiprocessing,com.sun.jna" : "org.jmultiprocessing";
        return this;
    }

    /** Another {@code java}, or what executes one with the arguments that follow. */
    Parent startedBy(String... words) {
        program = List.of(words);
        return this;
    }

    /** Runs {@code java}; gives its stdout, and fails unless it ends well and silently. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.addAll(options(nativeAccess));
        command.addAll(List.of(arguments));
        return runCommand(command);
    }

    String runCommand(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "parent", ".out");
        Path err = Files.createTempFile(folder, "parent", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        java.lang.Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(command + " did not end within " + PATIENCE_SECONDS + " s; it said: " + Files.readString(out)
                    + Files.readString(err));
        }
        String text = Files.readString(out);
        String errors = Files.readString(err).lines()
                .filter(line -> environment.keySet().stream().noneMatch(name -> line.contains("Picked up " + name)))
                .reduce("", (all, line) -> all + line + "\n");
        if (process.exitValue() != 0 || !errors.isEmpty()) {
            throw new AssertionError(command + " ended with " + process.exitValue() + ":\n" + text + "\n" + errors);
        }
        return text;
    }
}
