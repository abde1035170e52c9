package org.jmultiprocessing.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jmultiprocessing.internal.registry.Diagnostics;
import org.jmultiprocessing.internal.registry.Json;
import org.jmultiprocessing.process.Process;

/** The command {@code bench}. */
public final class BenchMain {
    private static final int USAGE_ERROR = 2;

    private BenchMain() {
    }

    /**
     * Measures. Blocks until all is done.
     *
     * @param args the command's arguments
     * @param out figures
     * @param err progress and failures
     * @return 0 if every case ran, 1 if not, 2 for arguments that are not understood
     * @throws InterruptedException if this thread is interrupted
     */
    public static int run(String[] args, PrintStream out, PrintStream err) throws InterruptedException {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException mistake) {
            err.println("bench: " + mistake.getMessage());
            err.print(Options.USAGE);
            return USAGE_ERROR;
        }
        List<BenchCase> cases = Cases.matching(options.cases);
        if (options.help) {
            out.print(Options.USAGE);
            return 0;
        }
        if (cases.isEmpty()) {
            err.println("bench: no case matches '" + options.cases + "'; --list prints them");
            return USAGE_ERROR;
        }
        if (options.list) {
            cases.forEach(bench -> out.println(bench.name() + ": " + bench.definition()));
            return 0;
        }
        try {
            if (options.vsPython) {
                return new Comparison(options, out, err).run(cases);
            }
            return options.jdk == null ? measure(cases, options, out, err) : FreshJvm.run(args, options.jdk);
        } catch (IOException failure) {
            err.println("bench: " + failure.getMessage());
            return 1;
        }
    }

    /** The first child ever has the class archive made behind it, which would be measured too. */
    private static void settle() throws InterruptedException {
        Process first = new Process(BenchMain::nothing);
        first.start();
        first.join();
        Diagnostics.settle();
    }

    private static void nothing() {
    }

    private static int measure(List<BenchCase> cases, Options options, PrintStream out, PrintStream err) throws InterruptedException {
        err.println("# " + System.getProperty("java.vm.name") + " " + Runtime.version() + " " + System.getProperty("java.home") + " "
                + System.getProperty("os.name") + " cpus=" + Runtime.getRuntime().availableProcessors() + " quick=" + options.quick);
        settle();
        PrintStream progress = options.json ? err : out;
        Map<String, Object> results = new LinkedHashMap<>();
        int failed = 0;
        for (BenchCase bench : cases) {
            try {
                bench.body().run(new Scale(options.quick)).forEach((name, samples) -> {
                    Map<String, Object> summary = samples.summary();
                    results.put(name, summary);
                    progress.printf(Locale.ROOT, "%-32s %14.6g %-7s (%.6g - %.6g, n = %d)%n", name, summary.get("median"), samples.unit(),
                            summary.get("min"), summary.get("max"), samples.values().length);
                });
            } catch (RuntimeException | LinkageError failure) {
                // One broken case must not lose the others.
                failed++;
                err.print(bench.name() + ": FAILED ");
                failure.printStackTrace(err);
            }
        }
        if (options.json) {
            out.println(Json.text(results));
        }
        return failed == 0 ? 0 : 1;
    }
}
