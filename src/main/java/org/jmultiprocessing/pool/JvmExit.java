package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jmultiprocessing.internal.os.Exiting;

/** The exit of this JVM, when workers end because of that, and their rings have to go. */
final class JvmExit {
    /** How long the pools may take, all together, once their workers have ended. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Thread NO_HOOK = new Thread(null, null, "jmp-no-hook", 0, false);
    private static final Set<Tally> POOLS = new HashSet<>();
    private static boolean hooked;

    private JvmExit() { }

    static boolean isUnderWay() {
        try {
            Runtime.getRuntime().removeShutdownHook(NO_HOOK);
            return false;
        } catch (IllegalStateException shutdownInProgress) {
            return true;
        }
    }

    /** Has the exit wait for a pool's workers, the first of which has been started: so this comes after what ends all children. */
    static void waitFor(Tally pool) {
        synchronized (POOLS) {
            POOLS.add(pool);
            if (!hooked) {
                Exiting.doFirst(JvmExit::awaitPools);
                hooked = true;
            }
        }
    }

    static void doNotWaitFor(Tally pool) {
        synchronized (POOLS) {
            POOLS.remove(pool);
        }
    }

    private static void awaitPools() {
        List<Tally> pools;
        synchronized (POOLS) {
            pools = List.copyOf(POOLS);
        }
        try {
            for (Tally pool : pools) {
                if (!pool.await(GRACE)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // Who interrupts the exit wants it to end; the rings go with the tree then.
            Thread.currentThread().interrupt();
        }
    }
}
