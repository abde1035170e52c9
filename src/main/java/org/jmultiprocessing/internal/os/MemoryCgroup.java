package org.jmultiprocessing.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The memory cgroup of this process, and those above it. Where one is full the kernel does not refuse: it kills. So who is going to take much at
 * once asks here first. Version 2 and version 1; nothing where there is neither. Swap is not counted as room: whether the kernel finds any depends on
 * all others.
 */
public final class MemoryCgroup {
    /** What the kernel keeps about the pages counts too: a 576-byte node for 64 pages, and some of everything that it counts in batches. */
    private static final int OVERHEAD_SHIFT = 8;
    private static final long OVERHEAD = 256 << 10;

    /** Version 1 writes the largest number of whole pages for "no limit". */
    private static final long UNLIMITED = 1L << 62;

    /** How long it is taken for granted which cgroups have a limit. */
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000;

    private static MemoryCgroup ours;
    private static long seen;

    private final Version version;
    private final List<Path> folders;
    private final List<Path> limited;

    private MemoryCgroup(Version version, List<Path> folders) {
        this.version = version;
        this.folders = folders;
        this.limited = new ArrayList<>(folders);
        limited.removeIf(folder -> limit(folder) < 0);
    }

    /** How a version calls its files and numbers. What can be given back without swapping is on the lists of file pages. */
    private enum Version {
        TWO("memory.max", "memory.current", "memory.events", "inactive_file ", "active_file "),
        ONE("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control", "total_inactive_file ", "total_active_file ");

        private final String limit;
        private final String usage;
        private final String events;
        private final List<String> reclaimable;

        Version(String limit, String usage, String events, String... reclaimable) {
            this.limit = limit;
            this.usage = usage;
            this.events = events;
            this.reclaimable = List.of(reclaimable);
        }
    }

    /**
     * A cgroup that has less room than was asked for.
     *
     * @param folder the cgroup
     * @param limitFile what says how much it may have
     * @param limit so many bytes
     * @param free what is left of them
     */
    public record Shortage(Path folder, String limitFile, long limit, long free) { }

    /**
     * Looks whether this process may take so much more memory now. Others may take it meanwhile.
     *
     * @param bytes how much
     * @return the nearest cgroup that would not hold it; empty if all would
     */
    public static Optional<Shortage> shortage(long bytes) {
        return current().shortageOf(bytes);
    }

    /**
     * Counts the processes of this process's cgroup that the kernel has killed because memory ran out.
     *
     * @return the count; negative where it is not told
     */
    public static long oomKills() {
        return current().killed();
    }

    /** As {@link #oomKills}, of these cgroups: the nearest counts. */
    long killed() {
        for (String line : folders.isEmpty() ? new String[0] : read(folders.get(0).resolve(version.events)).orElse("").split("\n")) {
            if (line.startsWith("oom_kill ")) {
                return Long.parseLong(line.substring("oom_kill ".length()));
            }
        }
        return -1;
    }

    /** A process may be moved to another cgroup, and a limit be set, but not so often that small blocks should pay for it each time. */
    private static synchronized MemoryCgroup current() {
        long now = System.nanoTime();
        if (ours == null || now - seen > LOOK_AGAIN_NANOS) {
            ours = of(read(Path.of("/proc/self/cgroup")).orElse(""), read(Path.of("/proc/self/mountinfo")).orElse(""));
            seen = now;
        }
        return ours;
    }

    /** From the content of {@code /proc/self/cgroup} and {@code /proc/self/mountinfo}. Version 1 has the memory wherever it is mounted. */
    static MemoryCgroup of(String membership, String mounts) {
        for (String line : membership.split("\n")) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                return new MemoryCgroup(Version.ONE, folders(mounts, "cgroup", "memory", parts[2]));
            }
        }
        for (String line : membership.split("\n")) {
            if (line.startsWith("0::")) {
                return new MemoryCgroup(Version.TWO, folders(mounts, "cgroup2", "", line.substring(3)));
            }
        }
        return new MemoryCgroup(Version.TWO, List.of());
    }

    /** The cgroup's folder and those above it up to where the hierarchy is mounted. A cgroup that is not below the mounted part is not seen. */
    private static List<Path> folders(String mounts, String type, String option, String cgroup) {
        for (String line : mounts.split("\n")) {
            int separator = line.indexOf(" - ");
            String[] mount = line.split(" ");
            String[] system = separator < 0 ? mount : line.substring(separator + 3).split(" ");
            if (separator < 0 || mount.length < 5 || system.length < 3 || !system[0].equals(type)
                    || !option.isEmpty() && !List.of(system[2].split(",")).contains(option)) {
                continue;
            }
            Path top = Path.of(unescaped(mount[4]));
            Path root = Path.of(unescaped(mount[3]));
            Path own = Path.of(cgroup);
            List<Path> folders = new ArrayList<>();
            for (Path folder = own.startsWith(root) ? top.resolve(root.relativize(own)).normalize() : top; folder != null && folder.startsWith(top);
                    folder = folder.getParent()) {
                folders.add(folder);
            }
            return folders;
        }
        return List.of();
    }

    /** mountinfo writes blanks and the like as three octal digits. */
    private static String unescaped(String text) {
        return text.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }

    /** As {@link #shortage}, of these cgroups. */
    Optional<Shortage> shortageOf(long bytes) {
        long needed = bytes > UNLIMITED ? bytes : bytes + (bytes >> OVERHEAD_SHIFT) + OVERHEAD;
        for (Path folder : limited) {
            long limit = limit(folder);
            long usage = number(folder.resolve(version.usage));
            if (limit < 0 || usage < 0 || needed <= limit - usage) {
                continue;
            }
            long free = Math.max(0, limit - usage + reclaimable(folder));
            if (needed > free) {
                return Optional.of(new Shortage(folder, version.limit, limit, free));
            }
        }
        return Optional.empty();
    }

    /** Minus one where there is none: the top of the hierarchy has no such file. */
    private long limit(Path folder) {
        long limit = number(folder.resolve(version.limit));
        return limit > UNLIMITED ? -1 : limit;
    }

    private long reclaimable(Path folder) {
        long sum = 0;
        for (String line : read(folder.resolve("memory.stat")).orElse("").split("\n")) {
            for (String name : version.reclaimable) {
                if (line.startsWith(name)) {
                    sum += Long.parseLong(line.substring(name.length()));
                }
            }
        }
        return sum;
    }

    /** Minus one where there is no such number, but "max" or nothing. */
    private static long number(Path file) {
        String text = read(file).orElse("").strip();
        return text.isEmpty() || text.equals("max") ? -1 : Long.parseLong(text);
    }

    /** Empty where there is no such file, or it is not for us to read: then nothing can be said about that cgroup. */
    private static Optional<String> read(Path file) {
        try (FileInputStream in = new FileInputStream(file.toString())) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException noneToBeSeen) {
            return Optional.empty();
        }
    }
}
