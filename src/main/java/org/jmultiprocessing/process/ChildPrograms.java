package org.jmultiprocessing.process;

import java.nio.file.Files;
import java.nio.file.Path;

/** Which program the children of this process are. */
public final class ChildPrograms {
    private static volatile String executable;

    private ChildPrograms() { }

    /**
     * @param java path of an executable {@code java}, 17 or later; that of this process's own is as if none had been named
     * @throws IllegalArgumentException if it is not an executable file
     */
    public static void setExecutable(Path java) {
        Path absolute = java.toAbsolutePath();
        if (!Files.isExecutable(absolute) || Files.isDirectory(absolute)) {
            throw new IllegalArgumentException(absolute + " is not an executable file: name a java program, such as JAVA_HOME/bin/java");
        }
        executable = absolute.equals(Path.of(System.getProperty("java.home"), "bin", "java").toAbsolutePath()) ? null : absolute.toString();
    }

    /** The program that was named, or null for this process's own. */
    static String executable() {
        return executable;
    }
}
