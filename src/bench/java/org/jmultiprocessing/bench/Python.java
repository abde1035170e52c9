package org.jmultiprocessing.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPython with our script, in a virtual environment without packages. Without that, packages that hook into the interpreter's start would be
 * measured with each child that spawn starts. The script puts its folder into PYTHONPATH by itself and lets its bytecode be cached there.
 */
final class Python implements AutoCloseable {
    private static final String SCRIPT = "python_baseline.py";

    private final Path folder;
    private final Side side;

    private Python(Path folder, Side side) {
        this.folder = folder;
        this.side = side;
    }

    /** Makes the environment in a temporary folder; {@link #close} deletes it. */
    static Python prepare(String interpreter) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bench-python");
        Python python = new Python(folder, new Side("python", List.of(folder + "/venv/bin/python", folder + "/" + SCRIPT), environment()));
        try {
            python.makeEnvironment(interpreter);
            try (InputStream script = Python.class.getResourceAsStream(SCRIPT)) {
                if (script == null) {
                    throw new IOException("this jar lacks the resource " + SCRIPT);
                }
                Files.copy(script, folder.resolve(SCRIPT));
            }
            return python;
        } catch (IOException | InterruptedException failure) {
            python.close();
            throw failure;
        }
    }

    private void makeEnvironment(String interpreter) throws IOException, InterruptedException {
        Process venv;
        Path log = folder.resolve("venv.log");
        try {
            venv = new ProcessBuilder(interpreter, "-m", "venv", "--without-pip", folder + "/venv").redirectErrorStream(true)
                    .redirectOutput(log.toFile()).start();
        } catch (IOException absent) {
            throw new IOException("no Python to compare with: install python3 (3.8 or later) or name one with --python PATH (" + absent.getMessage()
                    + ")", absent);
        }
        if (venv.waitFor() != 0) {
            throw new IOException(interpreter + " -m venv failed; on Debian it needs apt-get install python3-venv:\n" + Files.readString(log));
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        for (String kept : List.of("PATH", "HOME", "TMPDIR")) {
            String value = System.getenv(kept);
            if (value != null) {
                environment.put(kept, value);
            }
        }
        environment.put("LANG", "C.UTF-8");
        environment.put("PYTHONIOENCODING", "utf-8");
        return environment;
    }

    Side side() {
        return side;
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
