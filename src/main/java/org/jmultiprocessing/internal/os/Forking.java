package org.jmultiprocessing.internal.os;

import java.util.ArrayList;
import java.util.List;

/**
 * What this library has in a process that is the process's own, and that a forked child forgets or makes anew before code of the program runs there:
 * threads, connections, the list of its children. Forgetting is all in memory, or closes descriptors of the child's; it never reaches what the
 * parent has.
 */
public final class Forking {
    private static final List<Runnable> RESETS = new ArrayList<>();
    private static Thread[] ghosts = {};

    private Forking() { }

    /**
     * Has something done in children that this process forks, in the order of these calls; call it when there is something to forget for the first
     * time.
     *
     * @param reset runs in the child's only thread
     */
    public static void inChild(Runnable reset) {
        synchronized (RESETS) {
            RESETS.add(reset);
        }
    }

    /** In a child: the calling thread is the only one. */
    static void reset(Thread[] suspended) {
        ghosts = suspended;
        Exiting.forget();
        Watcher.forget();
        Waker.forget();
        WordWait.forget();
        Cleaning.forget();
        for (Runnable reset : List.copyOf(RESETS)) {
            reset.run();
        }
    }

    /**
     * @param thread any
     * @return whether it is a thread of this process's parent that is here only as it stood at the fork, and will never go on
     */
    public static boolean isGhost(Thread thread) {
        for (Thread ghost : ghosts) {
            if (ghost == thread) {
                return true;
            }
        }
        return false;
    }
}
