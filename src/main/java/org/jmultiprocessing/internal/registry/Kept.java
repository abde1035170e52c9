package org.jmultiprocessing.internal.registry;

import java.util.HashSet;
import java.util.Set;
import org.jmultiprocessing.internal.os.Fd;

/** The descriptors that this process keeps for its trees until it ends: locks, pipe ends, connections to trackers. Safe for any number of threads. */
public final class Kept {
    private static final Set<Fd> ALL = new HashSet<>();

    private Kept() { }

    static synchronized void add(Fd fd) {
        ALL.add(fd);
    }

    /** No longer kept: closed here. */
    static synchronized void drop(Fd fd) {
        ALL.remove(fd);
        fd.close();
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
