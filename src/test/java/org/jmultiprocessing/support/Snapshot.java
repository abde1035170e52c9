package org.jmultiprocessing.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jmultiprocessing.internal.launch.ForkServer;
import org.jmultiprocessing.internal.registry.Kept;
import org.jmultiprocessing.internal.registry.Tree;

/**
 * What this process holds at one moment: its children, descriptors and threads, and the names in {@code /dev/shm}. Where there is no
 * {@code /proc} (macOS), descriptors and names are not seen.
 */
final class Snapshot {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    /** What this process's tree keeps until its end; arenas are shared by many objects. */
    private static final String TREES_FILES = "lock|starting|tracker|members|arena-.*";

    /** Of the table of a tree's members. */
    private static final int MEMBERS_HEADER = 64;
    private static final int MEMBER = 16;
    private static final int ALIVE = 2;
    private static final int LEAVING = 3;

    /** Threads that the library starts once and keeps. */
    private static final Set<String> KEPT_THREADS = Set.of("jmp-watcher", "jmp-cleaner", "jmp-rescue");
    /** How the names of the test runner's threads begin. */
    private static final List<String> RUNNERS_THREADS = List.of("junit-", "surefire-");
    /** How many of each kind it keeps: the watcher's epoll, and a pooled waker for each thread that ever waited beside others. */
    private static final Map<String, Integer> KEPT_DESCRIPTORS = Map.of("anon_inode:[eventpoll]", 1, "anon_inode:[eventfd]", 256);
    /** Taken before the library's first use, so that what the test runner holds of these kinds is not taken for the library's. */
    private static final Snapshot START = take();

    /** Key: what makes it one thing; value: how to name it in a failure. */
    private final Map<String, String> held = new TreeMap<>();

    private Snapshot() {
    }

    static Snapshot take() {
        Snapshot snapshot = new Snapshot();
        ProcessHandle.current().children().forEach(snapshot::add);
        Thread.getAllStackTraces().forEach(snapshot::add);
        snapshot.addDescriptors();
        snapshot.addSharedMemory();
        return snapshot;
    }

    /**
     * @param before an earlier snapshot
     * @return what has come since and is not the library's to keep, described
     */
    List<String> since(Snapshot before) {
        Map<String, Integer> allowance = new HashMap<>();
        KEPT_DESCRIPTORS.forEach((kind, kept) -> allowance.put(kind, START.count(kind) + kept - before.count(kind)));
        List<String> left = new ArrayList<>();
        held.forEach((key, description) -> {
            if (!before.held.containsKey(key) && allowance.merge(kind(description), -1, Integer::sum) < 0) {
                left.add(description);
            }
        });
        return left;
    }

    private int count(String kind) {
        return (int) held.values().stream().filter(description -> kind(description).equals(kind)).count();
    }

    private static String kind(String description) {
        return description.substring(description.lastIndexOf(' ') + 1);
    }

    private void add(ProcessHandle child) {
        String command = child.info().commandLine().orElse("(ended, not reaped)");
        int[] kept = ForkServer.held();
        if (child.pid() == kept[0] || child.pid() == kept[1]) {
            // Kept for the next child. One that was forked from the server has its command line, but is not it.
            return;
        }
        held.put("child " + child.pid(), "child " + child.pid() + ": " + command);
    }

    private void add(Thread thread, StackTraceElement[] trace) {
        String name = thread.getName();
        boolean ours = name.startsWith("jmp-") && !KEPT_THREADS.contains(name);
        boolean users = !thread.isDaemon() && RUNNERS_THREADS.stream().noneMatch(name::startsWith);
        if (!ours && !users) {
            return;
        }
        StringBuilder text = new StringBuilder("thread " + name + (thread.isDaemon() ? " (daemon)" : ""));
        for (StackTraceElement element : trace) {
            text.append("\n      at ").append(element);
        }
        held.put("thread " + thread.getId(), text.toString());
    }

    private void addDescriptors() {
        Set<Integer> kept = Kept.descriptors();
        kept.add(ForkServer.held()[2]);
        for (Path descriptor : list(DESCRIPTORS)) {
            String target;
            try {
                target = Files.readSymbolicLink(descriptor).toString();
            } catch (NoSuchFileException closed) {
                continue;   // the one that listed the folder, or one that another thread has closed since
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            if (!isTheJvms(target) && !kept.contains(Integer.valueOf(descriptor.getFileName().toString()))) {
                String description = "descriptor " + descriptor.getFileName() + " -> " + target;
                held.put(description, description);
            }
        }
    }

    /** Class path entries, the JDK's files and JNA's closures (libffi), opened on first need; the sources of randomness likewise. */
    private static boolean isTheJvms(String target) {
        return target.endsWith(".jar") || target.endsWith(".jar (deleted)") || target.startsWith(System.getProperty("java.home"))
                || target.matches(".*/ffi\\w+ .deleted.")
                || target.equals("/dev/random") || target.equals("/dev/urandom") || target.startsWith("/proc/") && target.endsWith("/fd");
    }

    private void addSharedMemory() {
        Path tree = Path.of(Tree.current().directory());
        for (Path name : list(tree.getParent())) {
            boolean shared = name.startsWith(SHARED_MEMORY) || name.getFileName().toString().startsWith("jmp-");
            if (shared && !name.equals(tree) && !isInUse(name)) {
                held.put(name.toString(), "shared memory " + name);
            }
        }
        for (Path name : list(tree)) {
            if (!name.getFileName().toString().matches(TREES_FILES)) {
                held.put(name.toString(), "shared memory " + name);
            }
        }
    }

    /** Whether it is the directory of a tree that has a living process: somebody else's, as the tests' own processes have ended. */
    private static boolean isInUse(Path name) {
        byte[] table;
        try {
            table = Files.readAllBytes(name.resolve("members"));
        } catch (IOException noTree) {
            return false;
        }
        ByteBuffer members = ByteBuffer.wrap(table).order(ByteOrder.nativeOrder());
        for (int slot = MEMBERS_HEADER; slot < table.length; slot += MEMBER) {
            long state = members.getLong(slot) & 0xFF;
            if ((state == ALIVE || state == LEAVING) && ProcessHandle.of(members.getInt(slot + Long.BYTES)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> list(Path folder) {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                stream.forEach(entries::add);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return entries;
    }
}
