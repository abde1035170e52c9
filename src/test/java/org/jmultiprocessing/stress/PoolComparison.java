package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import net.viktorc.pp4j.impl.JavaProcessPoolExecutor;
import net.viktorc.pp4j.impl.SimpleJavaProcessOptions;
import org.jmultiprocessing.pool.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A pool of two worker processes beside PP4J's: start until the first result, round trip of a small task, throughput of many. It needs two free CPUs,
 * and is no test that runs by itself:
 *
 * <pre>mvn -B surefire:test@default-test -Dtest=PoolComparison</pre>
 */
class PoolComparison {
    private static final int WORKERS = 2;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 2_000;
    private static final int TRIPS = 1_000;
    private static final int TASKS = 20_000;
    /** Tests do without class archives; programs have one from their first second on. */
    private static final String ARCHIVE = "jmultiprocessing.archive";

    /** A small task, of the form that PP4J takes. */
    private record Square(int number) implements Callable<Integer>, Serializable {
        @Override
        public Integer call() {
            return number * number;
        }
    }

    private interface Opener {
        ExecutorService open() throws Exception;
    }

    private static ExecutorService theirs() throws InterruptedException {
        return new JavaProcessPoolExecutor(new SimpleJavaProcessOptions(0), WORKERS, WORKERS, 0, null, false);
    }

    private static ExecutorService ours() {
        return new Pool(WORKERS);
    }

    /** Milliseconds from nothing to a result, microseconds of a round trip, tasks per second. */
    private static double[] measure(Opener opener) throws Exception {
        long begin = System.nanoTime();
        ExecutorService pool = opener.open();
        try {
            assertEquals(9, pool.submit(new Square(3)).get());
            double start = (System.nanoTime() - begin) / 1e6;
            runAll(pool, WARM_UP);
            double[] trips = new double[TRIPS];
            for (int i = 0; i < TRIPS; i++) {
                begin = System.nanoTime();
                assertEquals(i * i, pool.submit(new Square(i)).get());
                trips[i] = (System.nanoTime() - begin) / 1e3;
            }
            begin = System.nanoTime();
            runAll(pool, TASKS);
            double throughput = TASKS * 1e9 / (System.nanoTime() - begin);
            return new double[] {start, median(trips), throughput};
        } finally {
            pool.shutdownNow();
        }
    }

    private static void runAll(ExecutorService pool, int count) throws Exception {
        List<Future<Integer>> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            results.add(pool.submit(new Square(i % 1000)));
        }
        for (int i = 0; i < count; i++) {
            assertEquals(i % 1000 * (i % 1000), results.get(i).get());
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Test
    @Timeout(300)
    void besidePp4j() throws Exception {
        String archive = System.clearProperty(ARCHIVE);
        try {
            compareAll();
        } finally {
            if (archive != null) {
                System.setProperty(ARCHIVE, archive);
            }
        }
    }

    private static void compareAll() throws Exception {
        double[][] theirs = new double[ROUNDS][];
        double[][] ours = new double[ROUNDS][];
        for (int i = 0; i < ROUNDS; i++) {
            theirs[i] = measure(PoolComparison::theirs);
            ours[i] = measure(PoolComparison::ours);
        }
        double start = compare("start until a result, ms", theirs, ours, 0);
        double trip = compare("round trip, µs", theirs, ours, 1);
        double throughput = compare("throughput, tasks/s", theirs, ours, 2);
        assertTrue(start < 1 && trip < 1 && throughput > 1, "it is faster in everything");
    }

    private static double compare(String what, double[][] theirs, double[][] ours, int column) {
        double before = median(Arrays.stream(theirs).mapToDouble(row -> row[column]).toArray());
        double now = median(Arrays.stream(ours).mapToDouble(row -> row[column]).toArray());
        System.out.printf(Locale.ROOT, "%-28s PP4J %10.1f   ours %10.1f   ratio %.3f%n", what, before, now, now / before);
        return now / before;
    }
}
