package org.jmultiprocessing.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.process.Process;

/** Parents that are killed while they start children. All of a family have a mark in their environment, by which those that are left are found. */
public final class Orphans {
    private static final String MARK = "JMP_TEST_FAMILY";
    private static final int MOST_CHILDREN = 20;
    private static final int LONGEST_LIFE_MILLIS = 800;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** One that is still starting learns of its parent's end only then; all of them start on the same processors, and over JNA that takes long. */
    private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos("jna".equals(System.getProperty("jmultiprocessing.binding")) ? 1500 : 500);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Orphans() { }

    /**
     * @return how many orphans there were at the moments when their parents had just ended
     * @throws AssertionError if one lives for longer than that takes
     */
    public static int makeAndAwaitTheirEnd(Duration time, long seed) throws InterruptedException, IOException {
        Random random = new Random(seed);
        long deadline = System.nanoTime() + time.toNanos();
        int orphans = 0;
        while (System.nanoTime() < deadline) {
            String family = UUID.randomUUID().toString();
            try (Process parent = Process.builder(Orphans::startChildren).environment(MARK, family).build()) {
                parent.start();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_LIFE_MILLIS)));
                parent.kill();
                parent.join();
                orphans += living(family).size();
                awaitTheEndOf(family, seed);
            }
        }
        return orphans;
    }

    private static void awaitTheEndOf(String family, long seed) throws IOException {
        List<Long> left = living(family);
        long begin = System.nanoTime();
        long patience = PATIENCE_NANOS + left.size() * START_NANOS;
        while (!left.isEmpty()) {
            if (System.nanoTime() - begin > patience) {
                List<String> commands = left.stream().map(Orphans::describe).toList();
                left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
                throw new AssertionError("orphans after " + patience / 1_000_000 + " ms, seed " + seed + ": " + commands);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            left = living(family);
        }
    }

    private static String describe(long pid) {
        return pid + " " + ProcessHandle.of(pid).flatMap(orphan -> orphan.info().commandLine()).orElse("(ended)");
    }

    /** One that has ended and is still to be reaped has no environment any more. */
    private static List<Long> living(String family) throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (environment(process).contains(MARK + "=" + family)) {
                    pids.add(Long.valueOf(process.getFileName().toString()));
                }
            }
        }
        return pids;
    }

    private static String environment(Path process) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException endedOrSomebodyElses) {
            return "";
        }
    }

    private static void startChildren() throws InterruptedException {
        for (int i = 0; i < MOST_CHILDREN; i++) {
            new Process(Orphans::sleepForEver).start();
        }
        sleepForEver();
    }

    private static void sleepForEver() throws InterruptedException {
        Thread.currentThread().join();
    }
}
