package org.jmultiprocessing.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jmultiprocessing.internal.arena.Step;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The models of {@code src/test/promela}, searched through by spin: without an error as they are, with one when a store is moved or left out. What is
 * quick runs always, all of it with the stress tests.
 */
class ModelTest {
    private static final Path MODELS = Path.of("src/test/promela");
    private static final Pattern STEP = Pattern.compile("\\bstep\\((\\w+)\\)");
    private static final Pattern MUTATION = Pattern.compile("\\bMUTATE_\\w+");
    private static final long SECONDS = 300;

    private static final String TWO_TWICE = "line CLIENTS=2 ROUNDS=2 HUNGER=0";
    private static final String THREE = "line DEATHS=0";
    private static final String THREE_ONE_DIES = "line HUNGER=0";
    private static final String ONE_TO_ONE = "queue CONSUMERS=1 PUTS=3 GETS=3";
    private static final String ONE_TO_TWO = "queue DEATHS=0";
    private static final String TWO_TO_ONE = "queue PRODUCERS=2 CONSUMERS=1 DEATHS=0 ";
    private static final String PRODUCER_DIES = "queue PRODUCERS=2 CONSUMERS=1 PUTS=1 LAST_VICTIM=1 ";
    private static final String CONSUMER_DIES = "queue FIRST_VICTIM=2 ";
    private static final String SEMAPHORE = "holders SEMAPHORE CLIENTS=2 ENTRIES=1 ";
    private static final String HANDED_OVER = "holders SEMAPHORE HANDED_OVER PERMITS=0 DEATHS=0 IMPATIENT=0";
    private static final String BARRIER_OF_TWO = "holders BARRIER CLIENTS=2";
    private static final String BARRIER = "holders BARRIER ENTRIES=3 IMPATIENT=0";
    private static final String CONDITION = "holders CONDITION IMPATIENT=0 LAST_VICTIM=1";

    @TempDir
    private Path directory;

    static Stream<String> quick() {
        return Stream.of("line CLIENTS=2 ROUNDS=2 DEATHS=0", ONE_TO_TWO, SEMAPHORE, BARRIER_OF_TWO);
    }

    static Stream<String> thorough() {
        return Stream.of(THREE, ONE_TO_TWO + " SHUTDOWN PUTS=1", ONE_TO_TWO + " IMPATIENT=1", TWO_TO_ONE + "PUTS=1 GETS=2 BOUND=1", HANDED_OVER,
                CONDITION, TWO_TWICE, TWO_TWICE + " TRACKER_DEATHS=1", "line CLIENTS=2", THREE_ONE_DIES + " IMPATIENT=0", ONE_TO_ONE,
                ONE_TO_ONE + " BOUND=1", PRODUCER_DIES + "GETS=1", PRODUCER_DIES + "GETS=2", TWO_TO_ONE + "PUTS=2 GETS=2 CELLS=8 RINGS=1",
                CONSUMER_DIES + "LAST_VICTIM=2 CELLS=4 RINGS=1",
                CONSUMER_DIES + "LAST_VICTIM=2 BLOBS CELLS=4 RINGS=1", BARRIER + " LAST_VICTIM=1",
                "holders CONDITION IMPATIENT=0 FIRST_VICTIM=2");
    }

    static Stream<String> quickMutations() {
        return Stream.of(THREE + " MUTATE_SEQUENCE_AFTER_ENTERING", THREE_ONE_DIES + " MUTATE_NO_BROADCAST",
                ONE_TO_ONE + " BOUND=1 MUTATE_TAIL_BEFORE_RECORD", SEMAPHORE + "MUTATE_PERMIT_IN_TWO_STORES",
                CONDITION + " MUTATE_FORGET_WHAT_THE_DEAD_WERE_TOLD");
    }

    static Stream<String> mutations() {
        List<String> all = new ArrayList<>();
        all.addAll(of(THREE_ONE_DIES, "SEQUENCE_AFTER_ENTERING", "SLEEP_WITHOUT_COMPARING", "LEAVE_WITHOUT_EPOCH", "WOKEN_KEPT",
                "WAKE_BEFORE_COUNTING_UP", "NO_BROADCAST", "BROADCAST_COUNTS_UP_FIRST", "BROADCAST_WITHOUT_EPOCH", "BROADCAST_BEFORE_MARKING",
                "RECOVER_FROM_THE_LIVING", "SIGNAL_BEFORE_FREEING", "COUNT_LOOKED_AT_BEFORE_FREEING", "FREED_AND_NOT_SIGNALLED"));
        all.addAll(of("line ROUNDS=2 HUNGER=0 IMPATIENT=0", "BROADCAST_WITHOUT_RESET"));
        all.addAll(of("line ROUNDS=2 HUNGER=0 DEATHS=0", "GIVE_UP_SILENTLY"));
        all.addAll(of(TWO_TWICE + " TRACKER_DEATHS=1", "NEXT_TRACKER_TRUSTS_COUNTS"));
        all.addAll(of(ONE_TO_ONE + " BOUND=1", "TAIL_BEFORE_RECORD", "PUT_AND_NOT_SIGNALLED", "GOT_AND_NOT_SIGNALLED"));
        all.addAll(of(ONE_TO_ONE + " DEATHS=0", "HEAD_BEFORE_COPY"));
        all.addAll(of(ONE_TO_TWO, "NO_CASCADE_OF_CONSUMERS"));
        all.addAll(of(ONE_TO_TWO + " IMPATIENT=1 GETS=2", "LEAVE_WITHOUT_LOOKING"));
        all.addAll(of(ONE_TO_TWO + " SHUTDOWN PUTS=1", "SIGNAL_BEFORE_CLOSING"));
        all.addAll(of(TWO_TO_ONE + "PUTS=2 GETS=2 CELLS=8 RINGS=1", "NO_CASCADE_OF_PRODUCERS"));
        all.addAll(of(PRODUCER_DIES + "GETS=2", "TAIL_IN_TWO_STORES"));
        all.addAll(of(CONSUMER_DIES + "LAST_VICTIM=2 CELLS=4 RINGS=1", "HEAD_IN_TWO_STORES"));
        all.addAll(of("queue PRODUCERS=2 CONSUMERS=1 BOUND=4 GETS=2 RINGS=5 LAST_VICTIM=1", "NEXT_RING_BEFORE_END"));
        all.addAll(of(CONSUMER_DIES + "PUTS=3 GETS=2", "DELETED_BEFORE_HEAD"));
        all.addAll(of(SEMAPHORE, "PERMIT_IN_TWO_STORES", "RELEASED_AND_NOT_SIGNALLED"));
        all.addAll(of(SEMAPHORE + "DEATHS=0 PERMITS=2", "CLAIM_FROM_THE_LIVING"));
        all.addAll(of(HANDED_OVER, "NO_CASCADE"));
        all.addAll(of(BARRIER, "CLAIM_FROM_THE_DEAD_OF_THIS_ROUND"));
        all.addAll(of(BARRIER_OF_TWO, "SIGNAL_BEFORE_TRIPPING"));
        all.addAll(of(CONDITION, "FORGET_WHAT_THE_DEAD_WERE_TOLD", "LEFT_IN_TWO_STORES"));
        return all.stream();
    }

    private static List<String> of(String run, String... mutations) {
        List<String> runs = new ArrayList<>();
        for (String mutation : mutations) {
            runs.add(run + " MUTATE_" + mutation);
        }
        return runs;
    }

    @Test
    void modelsAndCodeNameTheSameSteps() throws IOException {
        Set<String> code = new TreeSet<>();
        for (Step step : Step.values()) {
            code.add(step.name());
        }
        assertEquals(code, names(STEP, 1));
    }

    @Test
    void eachMutationOfTheModelsIsTried() throws IOException {
        Set<String> tried = new TreeSet<>();
        mutations().forEach(run -> tried.add(run.substring(run.lastIndexOf(' ') + 1)));
        assertEquals(names(MUTATION, 0), tried);
    }

    private static Set<String> names(Pattern pattern, int group) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path model : models()) {
            Matcher matcher = pattern.matcher(Files.readString(model));
            while (matcher.find()) {
                names.add(matcher.group(group));
            }
        }
        names.remove("name");
        return names;
    }

    private static List<Path> models() throws IOException {
        try (Stream<Path> files = Files.list(MODELS)) {
            return files.filter(file -> file.toString().endsWith(".pml")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("quick")
    void holds(String run) throws IOException, InterruptedException {
        String output = search(run);
        assertTrue(output.contains("errors: 0"), output);
        assertFalse(output.contains("Search not completed") || output.contains("max search depth too small"), output);
    }

    @ParameterizedTest
    @MethodSource("quickMutations")
    void isBrokenByAMutation(String run) throws IOException, InterruptedException {
        String output = search(run);
        assertTrue(output.contains("errors: 1"), () -> "spin finds nothing wrong with it:\n" + output);
    }

    @Tag("stress")
    @Timeout(SECONDS)
    @ParameterizedTest
    @MethodSource("thorough")
    void holdsInLargeSearches(String run) throws IOException, InterruptedException {
        holds(run);
    }

    @Tag("stress")
    @Timeout(SECONDS)
    @ParameterizedTest
    @MethodSource("mutations")
    void isBrokenByEachMutation(String run) throws IOException, InterruptedException {
        isBrokenByAMutation(run);
    }

    /** Its model, then what is defined for it. */
    private String search(String run) throws IOException, InterruptedException {
        String[] words = run.trim().split(" +");
        assumeTrue(isThere("spin"), "NOT RUN: spin is not installed; apt-get install spin");
        assumeTrue(isThere("cc"), "NOT RUN: there is no C compiler");
        for (Path model : models()) {
            Files.copy(model, directory.resolve(model.getFileName()));
        }
        List<String> spin = new ArrayList<>(List.of("spin", "-a"));
        for (int i = 1; i < words.length; i++) {
            spin.add("-D" + words[i]);
        }
        spin.add(words[0] + ".pml");
        String generated = call(spin);
        assertTrue(Files.exists(directory.resolve("pan.c")), generated);
        String compiled = call(List.of("cc", "-O1", "-w", "-DSAFETY", "-DMEMLIM=2000", "-o", "pan", "pan.c"));
        assertTrue(Files.exists(directory.resolve("pan")), compiled);
        return call(List.of("./pan", "-m200000", "-w22"));
    }

    private static boolean isThere(String tool) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }

    private String call(List<String> command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), () -> command + " takes longer than " + SECONDS + " s");
        } finally {
            process.destroyForcibly().waitFor();
        }
        return Files.readString(output);
    }
}
