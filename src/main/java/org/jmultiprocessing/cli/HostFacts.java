package org.jmultiprocessing.cli;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What bounds this library from outside: the platform, the JVM, room for shared memory, limits. */
final class HostFacts {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path OWN_LIMITS = Path.of("/proc/self/limits");
    private static final Path OWN_CGROUP = Path.of("/proc/self/cgroup");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final long MIB = 1 << 20;

    private HostFacts() {
    }

    static Map<String, Object> platform() {
        Map<String, Object> facts = new LinkedHashMap<>();
        String version = HostFacts.class.getPackage().getImplementationVersion();
        facts.put("jmultiprocessing", version == null ? "not from a jar" : version);
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("cpus", Runtime.getRuntime().availableProcessors());
        return facts;
    }

    static Map<String, Object> jvm() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("version", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("vendor", System.getProperty("java.vendor"));
        facts.put("home", System.getProperty("java.home"));
        return facts;
    }

    static Map<String, Object> sharedMemory() {
        Map<String, Object> facts = new LinkedHashMap<>();
        if (!Files.isDirectory(SHARED_MEMORY)) {
            facts.put("room", "the kernel's: this platform keeps shared memory outside the file system");
            return facts;
        }
        try {
            FileStore store = Files.getFileStore(SHARED_MEMORY);
            facts.put("folder", SHARED_MEMORY.toString());
            facts.put("total MiB", store.getTotalSpace() / MIB);
            facts.put("free MiB", store.getUsableSpace() / MIB);
            if (!Files.isWritable(SHARED_MEMORY)) {
                facts.put("problem", "it cannot be written");
            }
        } catch (IOException unreadable) {
            facts.put("problem", unreadable.toString());
        }
        return facts;
    }

    static Map<String, Object> limits() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("descriptors", limit("Max open files"));
        facts.put("processes", limit("Max processes"));
        facts.put("cgroup tasks", cgroup("pids"));
        facts.put("cgroup memory bytes", cgroup("memory"));
        return facts;
    }

    /** A row of /proc/self/limits: name, soft limit, hard limit, unit, in columns at least two spaces apart. */
    private static String limit(String row) {
        try (Stream<String> lines = Files.lines(OWN_LIMITS)) {
            return lines.filter(line -> line.startsWith(row)).findFirst()
                    .map(line -> line.substring(row.length()).strip().split("\\s+"))
                    .map(columns -> columns[0] + " (at most " + columns[1] + ")")
                    .orElse("not told by the kernel");
        } catch (IOException absent) {
            return "see ulimit -a";
        }
    }

    /** The tightest bound of this process's control group and those around it, both versions. */
    private static String cgroup(String controller) {
        try {
            for (String line : Files.readAllLines(OWN_CGROUP)) {
                String[] parts = line.split(":", 3);
                if (parts[1].isEmpty()) {
                    return tightest(CGROUPS, parts[2], controller + ".max", controller + ".current");
                }
                if (List.of(parts[1].split(",")).contains(controller)) {
                    boolean memory = controller.equals("memory");
                    return tightest(CGROUPS.resolve(controller), parts[2], memory ? "memory.limit_in_bytes" : "pids.max",
                            memory ? "memory.usage_in_bytes" : "pids.current");
                }
            }
            return "no limit";
        } catch (IOException absent) {
            return "this platform has none";
        }
    }

    private static String tightest(Path root, String group, String bound, String use) {
        // Version 1 says "no limit" by the highest multiple of a page.
        long least = Long.MAX_VALUE - (1 << 20);
        String text = "no limit";
        // Inside a container the group's path may be the host's, which is not there: then its files are at the root.
        for (Path folder = root.resolve(group.substring(1)).normalize(); folder.startsWith(root); folder = folder.getParent()) {
            Optional<Long> limit = number(folder.resolve(bound));
            if (limit.isPresent() && limit.get() < least) {
                least = limit.get();
                text = least + number(folder.resolve(use)).map(now -> " (" + now + " in use)").orElse("");
            }
        }
        return text;
    }

    private static Optional<Long> number(Path file) {
        try {
            return Optional.of(Long.valueOf(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException absentOrMax) {
            return Optional.empty();
        }
    }
}
