package org.jmultiprocessing.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs programs with a /dev/shm of their own, of some size. */
public final class SmallSharedMemory {
    private SmallSharedMemory() { }

    /**
     * Runs a program; the test is skipped where that cannot be. What it leaves in /dev/shm is shown at the end of its stdout, as {@code left: NAME}.
     *
     * @param size as in {@code mount -o size=}
     * @param command the program
     */
    public static Program run(String size, List<String> command) throws IOException, InterruptedException {
        assumeTrue(Program.of(in("1m", List.of("true"))).code() == 0, "a tmpfs of one's own takes root and mount namespaces");
        return Program.of(in(size, command));
    }

    private static List<String> in(String size, List<String> command) {
        List<String> all = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=" + size
                + " tmpfs /dev/shm || exit 99; \"$@\"; code=$?; ls -A /dev/shm | sed 's/^/left: /'; exit $code", "sh"));
        all.addAll(command);
        return all;
    }
}
