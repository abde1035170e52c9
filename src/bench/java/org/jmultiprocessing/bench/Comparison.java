package org.jmultiprocessing.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jmultiprocessing.internal.registry.Json;

/**
 * Both sides, case by case and round by round in turn, so that what drifts on the machine hits both. A case that CPython has no twin of compares its
 * own results, which it measures in turn.
 */
final class Comparison {
    private static final String ROW = "| %-30s | %-6s | %12.6g | %12.6g | %7.3f | %-8s | %-4s |%n";
    private static final String HEAD = """
            | result                         | unit   |         ours |        other |   ratio | goal     | met  |
            |--------------------------------|--------|-------------:|-------------:|--------:|----------|------|
            """;

    private final Options options;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, Object> report = new LinkedHashMap<>();

    Comparison(Options options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    int run(List<BenchCase> cases) throws IOException, InterruptedException {
        List<String> failed = new ArrayList<>();
        try (Python python = Python.prepare(options.python)) {
            if (!options.json) {
                out.print(HEAD);
            }
            for (BenchCase bench : cases) {
                try {
                    compare(bench, ours(bench), python.side());
                } catch (IOException failure) {
                    failed.add(bench.name());
                    err.println(failure.getMessage());
                }
            }
        }
        if (options.json) {
            out.println(Json.text(report));
        }
        if (!failed.isEmpty()) {
            err.println("bench: failed: " + String.join(", ", failed));
        }
        return failed.isEmpty() ? 0 : 1;
    }

    private Side ours(BenchCase bench) {
        List<String> command = FreshJvm.command(options.jdk, bench.jvmOptions());
        command.add("--json");
        return new Side("ours", command, null);
    }

    private void compare(BenchCase bench, Side ours, Side python) throws IOException, InterruptedException {
        Map<String, List<Result>> oursByName = new LinkedHashMap<>();
        Map<String, List<Result>> theirsByName = new LinkedHashMap<>();
        for (int round = 1; round <= options.rounds; round++) {
            err.println("# " + bench.name() + ", round " + round + " of " + options.rounds);
            if (bench.hasTwin()) {
                collect(python.run(bench, options.quick), theirsByName);
            }
            collect(ours.run(bench, options.quick), oursByName);
        }
        if (!bench.hasTwin()) {
            bench.goals().forEach(goal -> theirsByName.put(goal.result(), oursByName.get(goal.reference())));
            bench.goals().forEach(goal -> oursByName.remove(goal.reference()));
        }
        if (!oursByName.keySet().equals(theirsByName.keySet())) {
            throw new IOException(bench.name() + ": the sides name their results differently: " + oursByName.keySet() + ", " + theirsByName.keySet());
        }
        oursByName.forEach((name, results) -> report(bench, name, results.get(0).unit(), median(results), median(theirsByName.get(name))));
    }

    private static void collect(Map<String, Result> results, Map<String, List<Result>> byName) {
        results.forEach((name, result) -> byName.computeIfAbsent(name, absent -> new ArrayList<>()).add(result));
    }

    private static double median(List<Result> rounds) {
        return Samples.median(rounds.stream().mapToDouble(Result::median).toArray());
    }

    private void report(BenchCase bench, String name, String unit, double ours, double theirs) {
        double ratio = ours / theirs;
        Optional<Goal> goal = bench.goals().stream().filter(candidate -> candidate.result().equals(name)).findFirst();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("unit", unit);
        row.put("ours", ours);
        row.put(bench.hasTwin() ? "python" : goal.orElseThrow().reference(), theirs);
        row.put("ratio", Samples.rounded(ratio));
        goal.ifPresent(wanted -> {
            row.put("goal", wanted.text(unit));
            row.put("met", wanted.isMet(ratio, unit));
        });
        report.put(name, row);
        if (!options.json) {
            out.printf(Locale.ROOT, ROW, name, unit, ours, theirs, ratio, goal.map(wanted -> wanted.text(unit)).orElse(""),
                    goal.map(wanted -> wanted.isMet(ratio, unit) ? "yes" : "NO").orElse(""));
        }
    }
}
