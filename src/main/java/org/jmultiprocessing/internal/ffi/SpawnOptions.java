package org.jmultiprocessing.internal.ffi;

import java.util.ArrayList;
import java.util.List;

/**
 * The options of {@link Posix#spawn} as ints, the only form in which they cross the boundary: records of {@code kind, payload...}, ended by the
 * array's end. The kinds and resources are this library's own numbers ({@code jmp.h}); C translates them into the platform's.
 */
public final class SpawnOptions {
    /** {@code RLIMIT, resource, soft high, soft low, hard high, hard low}. */
    public static final int RLIMIT = 1;
    /** {@code NICE, increment}. */
    public static final int NICE = 2;
    /** {@code AFFINITY, n, cpu...}. */
    public static final int AFFINITY = 3;

    /** Limits that can be set, in the order of their numbers in {@code jmp.h}. */
    public static final List<String> RESOURCES = List.of("as", "core", "cpu", "data", "fsize", "memlock", "nofile", "nproc", "rss", "stack");

    /** The steps of a spawn in the order of their numbers in {@code jmp.h}. */
    private static final List<String> STEPS = List.of("none", "prepare", "fork", "stdio", "close descriptors", "chdir", "setrlimit", "nice",
            "sched_setaffinity", "signals", "exec");

    private final List<Integer> words = new ArrayList<>();

    /**
     * @param resource one of {@link #RESOURCES}
     * @param soft the soft limit; -1 for none
     * @param hard the hard limit; -1 for none
     */
    public void limit(String resource, long soft, long hard) {
        int number = RESOURCES.indexOf(resource);
        if (number < 0) {
            throw new IllegalArgumentException("unknown limit '" + resource + "': use one of " + RESOURCES);
        }
        words.addAll(List.of(RLIMIT, number, (int) (soft >>> 32), (int) soft, (int) (hard >>> 32), (int) hard));
    }

    /** @param increment added to the niceness */
    public void nice(int increment) {
        words.addAll(List.of(NICE, increment));
    }

    /** @param cpus CPU numbers, at least one */
    public void affinity(int... cpus) {
        words.add(AFFINITY);
        words.add(cpus.length);
        for (int cpu : cpus) {
            words.add(cpu);
        }
    }

    /** @return what {@link Posix#spawn} takes; null if nothing was set */
    public int[] toArray() {
        return words.isEmpty() ? null : words.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * @param step the number in {@code result[2]} of a spawn that failed
     * @return its name for an error text
     */
    public static String stepName(int step) {
        return step >= 0 && step < STEPS.size() ? STEPS.get(step) : "step " + step;
    }
}
