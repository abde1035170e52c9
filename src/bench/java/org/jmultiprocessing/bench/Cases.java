package org.jmultiprocessing.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** All benchmarks; each feature has a class that lists its own. */
final class Cases {
    static final List<BenchCase> ALL = all();

    private Cases() {
    }

    private static List<BenchCase> all() {
        List<BenchCase> all = new ArrayList<>();
        all.addAll(ProcessBench.cases());
        all.addAll(PipeBench.cases());
        all.addAll(QueueBench.cases());
        all.addAll(LockBench.cases());
        all.addAll(SignalBench.cases());
        all.addAll(SharedMemoryBench.cases());
        all.addAll(ManagerBench.cases());
        all.addAll(PoolBench.cases());
        return List.copyOf(all);
    }

    /**
     * @param globs names separated by commas, with {@code *} and {@code ?} as in a shell
     * @return the cases that one of them matches, in the order of {@link #ALL}
     */
    static List<BenchCase> matching(String globs) {
        List<Pattern> patterns = new ArrayList<>();
        for (String glob : globs.split(",")) {
            String quoted = Pattern.quote(glob.strip());
            patterns.add(Pattern.compile(quoted.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q")));
        }
        return ALL.stream().filter(bench -> patterns.stream().anyMatch(pattern -> pattern.matcher(bench.name()).matches())).toList();
    }
}
