package org.jmultiprocessing.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The class archives in a cache folder.
 *
 * @param cache the folder
 */
record Archives(Path cache) {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** The files of archives whose name ends so. */
    List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.getFileName().toString().startsWith("classes-") && file.toString().endsWith(end)).toList();
        }
    }

    /** Waits until it is decided whether there is an archive. The maker is nobody's child any more, so this looks again and again. */
    void awaitVerdict() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (files(".stamp").isEmpty() || !files(".new").isEmpty()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("no verdict about an archive within " + PATIENCE.toSeconds() + " s: " + files(""));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        awaitMakers();
    }

    /**
     * Waits for the makers that were started, and for the fork servers of parents that have ended: one that comes late and finds nothing to do still
     * writes to the folder, or unpacks the library where it was taken away.
     */
    void awaitMakers() {
        List<ProcessHandle> makers;
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            makers = processes.filter(process -> isMaker(process.pid())).toList();
        }
        for (ProcessHandle maker : makers) {
            try {
                maker.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError("the maker of an archive, process " + maker.pid() + ", has not ended", e);
            }
        }
    }

    /** Parents work where the folder is. One that has not yet become its program has the command line of the parent, which names the folder too. */
    private boolean isMaker(long pid) {
        try {
            Path proc = Path.of("/proc", Long.toString(pid));
            return Files.readSymbolicLink(proc.resolve("cwd")).equals(cache.getParent())
                    || Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1).contains("=" + cache + "\0");
        } catch (IOException goneOrAnothers) {
            return false;
        }
    }
}
