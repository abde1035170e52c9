package org.jmultiprocessing.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.support.Program;

/** A tree of its own for a test: its root runs {@link TreeProcess}, nobody's child by the library. */
public final class TreeRoot implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Index of the session in /proc/PID/stat behind the program's name. */
    private static final int SESSION = 3;
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final java.lang.Process process;
    private final PrintStream to;
    private final BufferedReader from;

    TreeRoot(String... options) throws IOException {
        this(List.of(), options);
    }

    /** @param prefix a command that executes the rest of its line */
    TreeRoot(List<String> prefix, String... options) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(Program.ofClass(TreeProcess.class, options));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** What it answers; null if it ends instead. */
    String ask(String line) throws IOException {
        to.println(line);
        return from.readLine();
    }

    String id() throws IOException {
        return ask("id");
    }

    Path directory() throws IOException {
        return directory(id());
    }

    static Path directory(String id) {
        return Path.of(Tree.root(), "jmp-" + id);
    }

    long pid() {
        return process.pid();
    }

    static void signal(String signal, long pid) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor(), () -> "kill -" + signal + " " + pid);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the root did not end");
        }
    }

    /** The processes that track a directory: at most one. That which is executed first, and only starts it, leads no session. */
    static List<Long> trackers(Path directory) throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : processes) {
                String command;
                String[] stat;
                try {
                    String line = Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1);
                    stat = line.substring(line.lastIndexOf(')') + 2).split(" ");
                    command = Files.readString(entry.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                } catch (IOException ended) {
                    continue;
                }
                String pid = entry.getFileName().toString();
                boolean leads = stat[SESSION].equals(pid);
                if (leads && command.contains("jmp-tracker") && command.contains(directory.toString()) && !stat[0].equals("Z")) {
                    pids.add(Long.valueOf(pid));
                }
            }
        }
        return pids;
    }

    /** Kills a tree's tracker, and waits for the next. */
    public static void killTracker(Tree tree) throws Exception {
        killTracker(Path.of(tree.directory()));
    }

    static void killTracker(Path directory) throws Exception {
        long tracker = trackers(directory).get(0);
        signal("KILL", tracker);
        await("another tracker", () -> {
            List<Long> now = trackers(directory);
            return now.size() == 1 && now.get(0) != tracker;
        });
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    static void awaitGone(Path directory) throws Exception {
        await(directory + " is removed", () -> !Files.exists(directory));
        await("the tracker of " + directory + " ends", () -> trackers(directory).isEmpty());
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor();
        to.close();
        from.close();
    }
}
