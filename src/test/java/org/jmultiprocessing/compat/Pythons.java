package org.jmultiprocessing.compat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jmultiprocessing.support.Program;

/** The Python interpreters that this machine has: on the PATH, and pyenv's. */
final class Pythons {
    private static final int FIRST_MINOR = 6;
    private static final int FIRST_WITH_SHA256 = 12;

    private Pythons() { }

    /** One interpreter of each minor version, the oldest first: the version's minor number and the program. */
    static Map<Integer, String> find() throws IOException, InterruptedException {
        Map<Integer, String> found = new TreeMap<>();
        for (Path candidate : candidates()) {
            Program asked = Program.of(List.of(candidate.toString(), "-c", "import sys; print('%d %d' % sys.version_info[:2])"));
            String[] version = asked.out().trim().split(" ");
            if (asked.code() == 0 && version.length == 2 && version[0].equals("3") && Integer.parseInt(version[1]) >= FIRST_MINOR) {
                found.putIfAbsent(Integer.valueOf(version[1]), candidate.toString());
            }
        }
        return found;
    }

    /** Whether it challenges and answers with MD5 only. */
    static boolean speaksMd5Only(int minor) {
        return minor < FIRST_WITH_SHA256;
    }

    private static List<Path> candidates() throws IOException {
        List<Path> candidates = new ArrayList<>();
        String pyenv = System.getenv("PYENV_ROOT");
        Path versions = (pyenv != null ? Path.of(pyenv) : Path.of(System.getProperty("user.home"), ".pyenv")).resolve("versions");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> folders = Files.list(versions)) {
                folders.map(folder -> folder.resolve("bin/python3")).filter(Files::isExecutable).sorted().forEach(candidates::add);
            }
        }
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
            if (!folder.isEmpty() && Files.isDirectory(Path.of(folder))) {
                try (Stream<Path> files = Files.list(Path.of(folder))) {
                    files.filter(file -> file.getFileName().toString().matches("python3(\\.\\d+)?")).filter(Files::isExecutable).sorted()
                            .forEach(candidates::add);
                }
            }
        }
        return candidates;
    }
}
