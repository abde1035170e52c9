package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.sharedmemory.Reserve;
import org.jmultiprocessing.sharedmemory.SharedMemory;
import org.jmultiprocessing.support.Program;
import org.jmultiprocessing.support.SmallSharedMemory;
import org.junit.jupiter.api.Test;

/** A full /dev/shm and a full memory cgroup are exceptions at creation: nobody is killed, and what was created can be used to its last byte. */
class SharedMemoryShortageTest {
    private static final int MIB = 1 << 20;
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** Takes blocks until one is refused, uses them all, and says what it saw. */
    static final class Taker {
        private Taker() { }

        public static void main(String[] arguments) {
            int each = Integer.parseInt(arguments[0]) * MIB;
            int most = Integer.parseInt(arguments[1]);
            List<SharedMemory> blocks = new ArrayList<>();
            try {
                while (blocks.size() < most) {
                    blocks.add(SharedMemory.create(each));
                }
            } catch (OsException refused) {
                System.out.println("refused: " + refused.getMessage());
            }
            for (SharedMemory block : blocks) {
                ByteBuffer buffer = block.buffer();
                for (int i = 0; i < each; i += 512) {
                    buffer.put(i, (byte) 1);
                }
            }
            System.out.println("blocks: " + blocks.size());
            try (SharedMemory sparse = SharedMemory.create((long) each * most, Reserve.NONE)) {
                sparse.unlink();
                System.out.println("sparse: " + sparse.size());
            }
            for (SharedMemory block : blocks) {
                block.close();
                block.unlink();
            }
            blocks.clear();
        }
    }

    @Test
    void aFullFileSystemIsAnException() throws Exception {
        Program taker = SmallSharedMemory.run("24m", taker(4, 8));
        assertEquals(0, taker.code(), taker.err());
        String[] lines = taker.out().split("\n");
        assertTrue(lines[0].matches("refused: .*shared memory 'psm_\\w+': No space left on device: /dev/shm has \\d+ of 25165824 bytes left;.*"
                + "Reserve.NONE.*ENOSPC.*"), taker.out());
        assertEquals("blocks: 5", lines[1]);
        assertEquals("sparse: " + 8 * 4 * MIB, lines[2]);
    }

    @Test
    void aFullCgroupIsAnException() throws Exception {
        Path cgroup = makeCgroup(192L * MIB);
        try {
            List<String> inIt = List.of("sh", "-c", "echo $$ > '" + cgroup.resolve("cgroup.procs") + "' && exec \"$@\"", "sh");
            Program taker = Program.of(with(inIt, taker(16, 16)));
            assertEquals(0, taker.code(), taker.err());
            String[] lines = taker.out().split("\n");
            assertTrue(lines[0].matches("refused: reserve 16777216 bytes of shared memory: the memory cgroup " + cgroup
                    + " has \\d+ of its 201326592 bytes left, .*Reserve.NONE.*ENOMEM.*"), taker.out());
            assertTrue(lines[1].matches("blocks: [1-9]\\d?"), taker.out());
            assertEquals("sparse: " + 16 * 16 * MIB, lines[2]);
        } finally {
            Files.delete(cgroup);
        }
    }

    private static List<String> taker(int mebibytes, int most) {
        return with(Program.ofClass(Taker.class, "-Xmx32m", "-Xss512k", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                List.of(Integer.toString(mebibytes), Integer.toString(most)));
    }

    private static List<String> with(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Below this process's own, in version 1 or 2, whichever has the memory. */
    private static Path makeCgroup(long limit) throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/cgroup")), "there are no cgroups here");
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            boolean one = parts[1].equals("memory");
            Path own = CGROUPS.resolve(one ? "memory" : "").resolve(parts[2].substring(1));
            if (!one && !parts[1].isEmpty() || !Files.isWritable(own)) {
                continue;
            }
            Path cgroup = own.resolve("jmp-test-" + ProcessHandle.current().pid());
            try {
                Files.createDirectory(cgroup);
                Files.writeString(cgroup.resolve(one ? "memory.limit_in_bytes" : "memory.max"), Long.toString(limit));
                return cgroup;
            } catch (IOException refused) {
                Files.deleteIfExists(cgroup);
            }
        }
        assumeTrue(false, "no memory cgroup can be made here");
        return null;
    }
}
