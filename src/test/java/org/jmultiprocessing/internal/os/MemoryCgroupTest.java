package org.jmultiprocessing.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hierarchies as the kernel shows them, made of plain files. */
class MemoryCgroupTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path temporary;
    private Path top;

    @BeforeEach
    void makeTop() throws IOException {
        top = Files.createDirectory(temporary.resolve("memory of all"));
    }

    private String mount(String root, String type, String options) {
        return "30 23 0:26 / /somewhere rw - tmpfs tmpfs rw\n"
                + "32 31 0:29 / /elsewhere rw,relatime shared:9 - cgroup cgroup rw,cpu\n"
                + "35 31 0:32 " + root + " " + top.toString().replace(" ", "\\040") + " rw,relatime shared:10 - " + type + " " + type + " " + options
                + "\n";
    }

    private void two(String folder, String max, long current, long files) throws IOException {
        write(folder, "memory.max", max);
        write(folder, "memory.current", Long.toString(current));
        write(folder, "memory.stat", "anon 17\nfile 99999999999\ninactive_file " + files + "\nactive_file 0\nshmem 1\nworkingset_refault_file 5");
    }

    private void one(String folder, long limit, long usage, long files) throws IOException {
        write(folder, "memory.limit_in_bytes", Long.toString(limit));
        write(folder, "memory.usage_in_bytes", Long.toString(usage));
        write(folder, "memory.stat", "inactive_file 99999999999\ntotal_inactive_file 0\ntotal_active_file " + files);
    }

    private void write(String folder, String file, String content) throws IOException {
        Files.createDirectories(top.resolve(folder));
        Files.writeString(top.resolve(folder).resolve(file), content + "\n");
    }

    @Test
    void killsAreCountedInTheNearest() throws IOException {
        write("a/b", "memory.events", "low 0\nhigh 0\nmax 5\noom 4\noom_kill 3\noom_group_kill 0");
        write("a", "memory.events", "oom_kill 7");
        assertEquals(3, MemoryCgroup.of("0::/a/b\n", mount("/", "cgroup2", "rw,nsdelegate")).killed());
        write("a/b", "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2");
        assertEquals(2, MemoryCgroup.of("4:memory:/a/b\n", mount("/", "cgroup", "rw,memory")).killed());
        assertEquals(-1, MemoryCgroup.of("0::/c\n", mount("/", "cgroup2", "rw")).killed());
        assertEquals(-1, MemoryCgroup.of("", "").killed());
    }

    @Test
    void versionTwo() throws IOException {
        two("a/b", "max", 70 * MIB, 0);
        two("a", Long.toString(100 * MIB), 80 * MIB, 0);
        MemoryCgroup cgroup = MemoryCgroup.of("0::/a/b\n", mount("/", "cgroup2", "rw,nsdelegate"));
        assertEquals(Optional.empty(), cgroup.shortageOf(19 * MIB));
        assertEquals(Optional.of(new MemoryCgroup.Shortage(top.resolve("a"), "memory.max", 100 * MIB, 20 * MIB)), cgroup.shortageOf(20 * MIB));
        assertTrue(cgroup.shortageOf(Long.MAX_VALUE).isPresent());
        two("a/b", Long.toString(75 * MIB), 70 * MIB, 0);
        cgroup = MemoryCgroup.of("0::/a/b\n", mount("/", "cgroup2", "rw,nsdelegate"));
        assertEquals(top.resolve("a/b"), cgroup.shortageOf(20 * MIB).orElseThrow().folder());
    }

    @Test
    void filePagesAreRoom() throws IOException {
        two("a", Long.toString(100 * MIB), 95 * MIB, 60 * MIB);
        MemoryCgroup cgroup = MemoryCgroup.of("0::/a\n", mount("/", "cgroup2", "rw"));
        assertEquals(Optional.empty(), cgroup.shortageOf(64 * MIB));
        assertEquals(65 * MIB, cgroup.shortageOf(65 * MIB).orElseThrow().free());
    }

    @Test
    void aCgroupNamespaceShowsTheOwnCgroupAsTop() throws IOException {
        two("", Long.toString(100 * MIB), 99 * MIB, 0);
        assertTrue(MemoryCgroup.of("0::/\n", mount("/", "cgroup2", "rw")).shortageOf(MIB).isPresent());
    }

    @Test
    void versionOne() throws IOException {
        one("docker/c", 9223372036854771712L, 80 * MIB, 0);
        one("docker", 100 * MIB, 80 * MIB, 5 * MIB);
        one("", 9223372036854771712L, 0, 0);
        MemoryCgroup cgroup = MemoryCgroup.of("9:name=systemd:/x\n4:cpu,memory:/docker/c\n0::/other\n", mount("/", "cgroup", "rw,memory"));
        assertEquals(Optional.empty(), cgroup.shortageOf(24 * MIB));
        assertEquals(Optional.of(new MemoryCgroup.Shortage(top.resolve("docker"), "memory.limit_in_bytes", 100 * MIB, 25 * MIB)),
                cgroup.shortageOf(25 * MIB));
    }

    @Test
    void aContainerSeesItsPartOfVersionOne() throws IOException {
        one("", 10 * MIB, 9 * MIB, 0);
        one("deeper", 100 * MIB, 0, 0);
        for (String own : new String[] {"/docker/c", "/docker/c/deeper", "/elsewhere"}) {
            MemoryCgroup cgroup = MemoryCgroup.of("4:memory:" + own + "\n", mount("/docker/c", "cgroup", "rw,memory"));
            assertEquals(top, cgroup.shortageOf(MIB).orElseThrow().folder(), own);
        }
    }

    @Test
    void whereNothingIsSaidNothingIsShort() throws IOException {
        assertEquals(Optional.empty(), MemoryCgroup.of("", "").shortageOf(Long.MAX_VALUE));
        assertEquals(Optional.empty(), MemoryCgroup.of("0::/a\n", "").shortageOf(Long.MAX_VALUE));
        assertEquals(Optional.empty(), MemoryCgroup.of("0::/a\n", mount("/", "cgroup2", "rw")).shortageOf(Long.MAX_VALUE));
        write("a", "memory.max", "4096");
        assertEquals(Optional.empty(), MemoryCgroup.of("0::/a\n", mount("/", "cgroup2", "rw")).shortageOf(Long.MAX_VALUE));
    }
}
