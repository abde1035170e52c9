package org.jmultiprocessing.internal.os;

import java.util.List;
import java.util.Map;
import org.jmultiprocessing.internal.ffi.SpawnOptions;

/**
 * What {@link ChildPid#spawn} starts.
 *
 * @param program path of the executable
 * @param arguments its arguments, the program's name first
 * @param environment its whole environment, a byte in each character (ISO 8859-1): not everything in an environment can be decoded
 * @param directory its working directory; null for this process's
 * @param descriptors the child's descriptors 0, 1, 2, ...; they stay owned by the caller
 * @param limits what it is bounded by
 */
public record SpawnRequest(String program, List<String> arguments, Map<String, String> environment, String directory, int[] descriptors,
        Limits limits) {
    /** Nothing is limited. */
    public static final Limits NO_LIMITS = new Limits(List.of(), 0, new int[0]);

    /**
     * Bounds of a child, set before exec.
     *
     * @param resources resource limits
     * @param niceness added to this process's niceness
     * @param cpus the CPUs that it may run on; empty for all
     */
    public record Limits(List<ResourceLimit> resources, int niceness, int[] cpus) {
        int[] encoded() {
            SpawnOptions options = new SpawnOptions();
            resources.forEach(limit -> options.limit(limit.resource(), limit.soft(), limit.hard()));
            if (niceness != 0) {
                options.nice(niceness);
            }
            if (cpus.length > 0) {
                options.affinity(cpus);
            }
            return options.toArray();
        }
    }

    /**
     * One limit of setrlimit(2).
     *
     * @param resource its name in lower case without {@code RLIMIT_}
     * @param soft the soft limit; -1 for none
     * @param hard the hard limit; -1 for none
     */
    public record ResourceLimit(String resource, long soft, long hard) { }
}
