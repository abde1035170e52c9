package org.jmultiprocessing.internal.os;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What this library has in a process that is the process's own, and that a forked child forgets or makes anew before code of the program runs there:
 * threads, connections, the list of its children. Who has such a thing registers it when it is used first, so that a child does nothing for what its
 * parent never had. Forgetting is all in memory, or closes descriptors of the child's; it never reaches what the parent has.
 */
public final class Forking {
    /** What a forked child has to do; each phase is over before the next begins. */
    public enum Phase {
        /** Forget threads and what they wait with. */
        FORGET,
        /** Join what processes share, as a process of its own. */
        JOIN,
        /** Mend what depends on that. */
        MEND
    }

    private record Reset(Phase phase, Runnable work) { }

    private static final List<Reset> RESETS = new ArrayList<>();
    private static Thread[] ghosts = {};

    private Forking() { }

    /**
     * Has something done in children that this process forks; within a phase in the order of these calls.
     *
     * @param phase when
     * @param work runs in the child's only thread
     */
    public static void inChild(Phase phase, Runnable work) {
        synchronized (RESETS) {
            RESETS.add(new Reset(phase, work));
        }
    }

    /**
     * @param more suspended threads
     * @return these, and those that are ghosts here already and so in a child too
     */
    static Thread[] ghostsAnd(Thread[] more) {
        Thread[] all = Arrays.copyOf(ghosts, ghosts.length + more.length);
        System.arraycopy(more, 0, all, ghosts.length, more.length);
        return all;
    }

    /** In a child, whose only thread this is, but for those of the parent that are suspended. */
    static void begin(Thread[] suspended) {
        ghosts = ghostsAnd(suspended);
        Exiting.forget();
        reset(Phase.FORGET);
    }

    /**
     * In a child, after the phases before.
     *
     * @param phase what is done now
     */
    public static void reset(Phase phase) {
        for (Reset reset : List.copyOf(RESETS)) {
            if (reset.phase == phase) {
                reset.work.run();
            }
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
