package org.jmultiprocessing.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.internal.registry.Diagnostics;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/**
 * A start method tried out: children are started that tell when they ran and what they had mapped.
 *
 * @param works whether all children answered
 * @param facts for the report
 */
record StartTest(boolean works, Map<String, Object> facts) {
    private static final int STARTS = 5;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path OWN_MAPPINGS = Path.of("/proc/self/maps");

    static StartTest of(StartMethod method) throws InterruptedException {
        Map<String, Object> facts = new LinkedHashMap<>();
        try {
            // The first start unpacks the library and has the class archive made where they are missing; it is reported by itself.
            Answer first = start(method);
            Diagnostics.settle();
            double[] times = new double[STARTS];
            Answer last = first;
            for (int i = 0; i < STARTS; i++) {
                last = start(method);
                times[i] = last.millis();
            }
            Arrays.sort(times);
            facts.put("works", true);
            facts.put("start ms", rounded(times[STARTS / 2]));
            facts.put("first start ms", rounded(first.millis()));
            facts.put("archives mapped", last.archives());
            return new StartTest(true, facts);
        } catch (ProcessException | IllegalStateException failure) {
            facts.put("works", false);
            facts.put("why", failure.toString());
            return new StartTest(false, facts);
        }
    }

    private static double rounded(double millis) {
        return Math.round(millis * 10) / 10.0;
    }

    private static Answer start(StartMethod method) throws InterruptedException {
        Pipe pipe = Pipe.oneWay();
        try (Connection reader = pipe.reader()) {
            Process child;
            long begin;
            // The child has its own; as long as this one is open there is no end of the pipe.
            try (Connection writer = pipe.writer()) {
                child = Process.builder(StartTest::report, writer).startMethod(method).build();
                begin = System.nanoTime();
                child.start();
            }
            try {
                Answer answer = answer(reader, child, begin);
                child.join();
                return answer;
            } finally {
                child.kill();
                child.join();
                child.close();
            }
        }
    }

    private static Answer answer(Connection reader, Process child, long begin) throws InterruptedException {
        if (!reader.poll(PATIENCE)) {
            throw new IllegalStateException("the child did not answer within " + PATIENCE.toSeconds() + " s");
        }
        try {
            List<?> answer = (List<?>) reader.recv();
            List<String> archives = ((List<?>) answer.get(1)).stream().map(String::valueOf).toList();
            return new Answer(((Long) answer.get(0) - begin) / NANOS_PER_MILLI, archives);
        } catch (EndOfStreamException silent) {
            child.join();
            throw new IllegalStateException("the child ended with exit code " + child.exitStatus().orElseThrow()
                    + " before it answered; its stderr says why", silent);
        }
    }

    /** Runs in the child. Its clock is the parent's: on Linux and macOS HotSpot's nanoTime counts from the system's start. */
    private static void report(Connection writer) throws InterruptedException {
        long now = System.nanoTime();
        writer.send(List.of(now, new ArrayList<>(mappedArchives())));
        writer.close();
    }

    /** Class-data archives and AOT caches, as the kernel sees them; nothing where it does not tell. */
    private static TreeSet<String> mappedArchives() {
        TreeSet<String> archives = new TreeSet<>();
        try (Stream<String> mappings = Files.lines(OWN_MAPPINGS)) {
            mappings.filter(line -> line.endsWith(".jsa") || line.endsWith(".aot")).map(line -> line.substring(line.indexOf('/')))
                    .forEach(archives::add);
        } catch (IOException absent) {
            archives.add("unknown: this platform has no " + OWN_MAPPINGS);
        }
        return archives;
    }

    private record Answer(double millis, List<String> archives) { }
}
