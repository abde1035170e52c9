package org.jmultiprocessing.internal.registry;

import java.util.HashSet;
import java.util.Set;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Forking;

/**
 * The descriptors that this process keeps until it ends, or what they are for does: locks, pipe ends, connections to trackers and fork servers. Safe
 * for any number of threads.
 */
public final class Kept {
    private static final Set<Fd> ALL = new HashSet<>();

    static {
        Forking.inChild(Forking.Phase.FORGET, new Forgetting());
    }

    private Kept() { }

    /** @param fd kept from now on */
    public static synchronized void add(Fd fd) {
        ALL.add(fd);
    }

    /** @param fd no longer kept, closed here */
    public static synchronized void drop(Fd fd) {
        ALL.remove(fd);
        fd.close();
    }

    /** In a forked child: they are the parent's, but for those of the tree that both belong to. */
    private static final class Forgetting implements Runnable {
        @Override
        public void run() {
            Set<Fd> both = Set.of(Lineage.reader(), Lineage.writer());
            for (Fd fd : ALL) {
                if (!both.contains(fd)) {
                    fd.abandon();
                }
            }
            ALL.retainAll(both);
        }
    }

    /** @return their numbers now */
    public static synchronized Set<Integer> descriptors() {
        Set<Integer> numbers = new HashSet<>();
        for (Fd fd : ALL) {
            numbers.add(fd.number());
        }
        return numbers;
    }
}
