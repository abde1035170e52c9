package org.jmultiprocessing.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that is nobody's child here. Whoever adopts an orphan may reap it as late as it likes, and until then its pid is there; so where {@code
 * /proc} tells, an ended process counts as ended and not only a reaped one.
 *
 * @param pid its number
 */
public record Stranger(long pid) {
    private static final Duration PAUSE = Duration.ofMillis(2);

    /** Whether it runs, now. */
    public boolean isRunning() {
        Path stat = Path.of("/proc/" + pid + "/stat");
        if (!Files.exists(Path.of("/proc/self/stat"))) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        try {
            String text = Files.readString(stat);
            char state = text.charAt(text.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException reaped) {
            return false;
        }
    }

    /**
     * Looks until it has ended.
     *
     * @param patience how long at most
     * @return whether it has
     */
    public boolean awaitEnd(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (isRunning()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }
}
