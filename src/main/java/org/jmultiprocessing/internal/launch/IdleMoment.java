package org.jmultiprocessing.internal.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a processor that has nothing to do, so that a fork server, whose start keeps one busy for a second, does not take it from the program's
 * first work. It does not wait for long, and not at all once the program turns out to start one child after the other, which the server is for.
 * Linux only, by {@code /proc/stat}, which knows the whole machine and no quota; what is wrong with its answer costs at most the wait.
 */
final class IdleMoment {
    /** Ten ticks of that file. */
    private static final long LOOK_MILLIS = 100;
    private static final long MOST_LOOKS = 20;
    /** Nearly all of one processor's ticks between two looks. */
    private static final long IDLE_TICKS = 8;
    /** A pool's workers are started at once; a child that is started later than that is another one. */
    private static final long BURST_NANOS = 100_000_000L;
    private static final Path STAT = Path.of("/proc/stat");
    private static final int IDLE = 4;
    private static final int WAITING_FOR_DISK = 5;

    private final CountDownLatch hurry = new CountDownLatch(1);
    private final long begin = System.nanoTime();

    /** Ends the wait. */
    void hurry() {
        hurry.countDown();
    }

    /** One more child has been started, without the server. */
    void noteStart() {
        if (System.nanoTime() - begin > BURST_NANOS) {
            hurry();
        }
    }

    /** Waits, unless what the processors do cannot be known. An interrupt ends it. */
    void await() throws InterruptedException {
        long before = idleTicks();
        for (int i = 0; i < MOST_LOOKS && before >= 0 && !hurry.await(LOOK_MILLIS, TimeUnit.MILLISECONDS); i++) {
            long now = idleTicks();
            if (now - before >= IDLE_TICKS) {
                return;
            }
            before = now;
        }
    }

    /** Of all processors together since the system's start; -1 if that is not known. */
    private static long idleTicks() {
        try (BufferedReader stat = Files.newBufferedReader(STAT, StandardCharsets.US_ASCII)) {
            String[] all = stat.readLine().trim().split(" +");
            return Long.parseLong(all[IDLE]) + Long.parseLong(all[WAITING_FOR_DISK]);
        } catch (IOException | RuntimeException hidden) {
            return -1;
        }
    }
}
