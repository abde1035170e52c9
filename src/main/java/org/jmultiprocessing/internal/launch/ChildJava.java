package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The {@code java} that a child runs on.
 *
 * @param program its path
 * @param home where its installation is; null if that cannot be told
 * @param feature its version, such as 17; 0 if it cannot be told, and then nothing is used that not every version has
 * @param isOurs whether it is the one that runs this process
 */
record ChildJava(String program, Path home, int feature, boolean isOurs) {
    private static final ChildJava OURS = ours();

    static ChildJava of(String program) {
        if (program == null || program.equals(OURS.program)) {
            return OURS;
        }
        Path home = home(Path.of(program));
        return new ChildJava(program, home, feature(home), false);
    }

    private static ChildJava ours() {
        Path home = Path.of(System.getProperty("java.home"));
        return new ChildJava(home.resolve("bin").resolve("java").toString(), home, Runtime.version().feature(), true);
    }

    private static Path home(Path program) {
        try {
            Path bin = program.toRealPath().getParent();
            return bin == null ? null : bin.getParent();
        } catch (IOException e) {
            // Starting it will fail, with a message of its own.
            return null;
        }
    }

    /** Every JDK since 9 has a file {@code release} with a line {@code JAVA_VERSION="17.0.15"}. */
    private static int feature(Path home) {
        if (home == null) {
            return 0;
        }
        try {
            List<String> lines = Files.readAllLines(home.resolve("release"));
            for (String line : lines) {
                if (line.startsWith("JAVA_VERSION=")) {
                    return Runtime.Version.parse(line.substring("JAVA_VERSION=".length()).replace("\"", "").trim()).feature();
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // A wrapper script, or a build without that file: an unknown version is an answer.
            return 0;
        }
        return 0;
    }
}
