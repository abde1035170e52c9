package org.jmultiprocessing.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mapped memory and the buffers over it, whoever closes or forgets what. */
@Timeout(60)
class MappingTest {
    private static final long GIB = 1L << 30;
    private static final Path MAPS = Path.of("/proc/self/maps");

    @TempDir
    private Path folder;

    private Fd file(String name, long bytes) {
        Fd fd = SharedFile.create(folder.resolve(name).toString());
        SharedFile.resize(fd, bytes, false);
        return fd;
    }

    @Test
    void isSharedByAllMappings() {
        try (Fd fd = file("shared", 100); Mapping first = Mapping.map(fd, 100); Mapping second = Mapping.map(fd, 100)) {
            ByteBuffer some = first.buffer(8, 92);
            some.putLong(0, 0x0102030405060708L);
            assertEquals(ByteOrder.nativeOrder(), some.order());
            assertEquals(0x0102030405060708L, second.buffer(8, 8).getLong(0));
            assertEquals(92, some.capacity());
            assertThrows(IndexOutOfBoundsException.class, () -> first.buffer(8, 93));
            assertThrows(IndexOutOfBoundsException.class, () -> first.buffer(-1, 1));
            assertThrows(IllegalArgumentException.class, () -> Mapping.map(fd, 0));
        }
    }

    @Test
    void goesAtOnceWhereThereWasNoBuffer() throws IOException {
        assumeTrue(Files.exists(MAPS), "mappings are seen in Linux's /proc only");
        try (Fd fd = file("unused", 100)) {
            Mapping mapping = Mapping.map(fd, 100);
            assertTrue(isMapped("unused"));
            mapping.close();
            mapping.close();
            assertFalse(isMapped("unused"));
            assertThrows(IllegalStateException.class, mapping::address);
            assertThrows(IllegalStateException.class, () -> mapping.buffer(0, 1));
        }
    }

    @Test
    void staysWhileABufferCanBeReached() throws IOException {
        assumeTrue(Files.exists(MAPS), "mappings are seen in Linux's /proc only");
        ByteBuffer last;
        try (Fd fd = file("used", 100); Mapping mapping = Mapping.map(fd, 100)) {
            last = mapping.buffer(0, 100).put(40, (byte) 5).slice(20, 40).duplicate().asReadOnlyBuffer();
        }
        System.gc();
        assertEquals(5, last.get(20));
        assertTrue(isMapped("used"));
        last = null;
        awaitUnmapped("used");
    }

    @Test
    void goesWhenForgotten() throws IOException {
        try (Fd fd = file("forgotten", 100)) {
            assertEquals(0, Mapping.map(fd, 100).buffer(0, 10).get(3));
            awaitUnmapped("forgotten");
        }
    }

    @Test
    void holdsMoreThanABuffer() {
        try (Fd fd = file("large", 5 * GIB); Mapping mapping = Mapping.map(fd, 5 * GIB)) {
            mapping.buffer(3 * GIB - 4, 8).putLong(0, 42);
            assertEquals(42, mapping.buffer(2 * GIB, Integer.MAX_VALUE).getLong((int) (GIB - 4)));
            assertEquals(42, mapping.buffer(GIB + 5, Integer.MAX_VALUE).getLong((int) (2 * GIB - 9)));
            mapping.buffer(5 * GIB - 1, 1).put(0, (byte) 1);
            assertEquals(0, mapping.buffer(5 * GIB, 0).capacity());
            assertEquals(Integer.MAX_VALUE, mapping.buffer(0, Integer.MAX_VALUE).capacity());
        }
    }

    @Test
    void closingWhatOthersUseIsNoCrash() throws Exception {
        try (Fd fd = file("raced", 4096)) {
            for (int round = 0; round < 100; round++) {
                Mapping mapping = Mapping.map(fd, 4096);
                List<Thread> users = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    users.add(new Thread(() -> useUntilClosed(mapping)));
                }
                users.forEach(Thread::start);
                mapping.close();
                for (Thread user : users) {
                    user.join();
                }
            }
        }
    }

    private static void useUntilClosed(Mapping mapping) {
        try {
            while (true) {
                mapping.buffer(0, 4096).putInt(100, 1);
            }
        } catch (IllegalStateException closed) {
            // What is meant to happen; anything else would end the JVM, or never come here.
            return;
        }
    }

    /** In a JVM of its own, since it comes to the limit of mappings that a process may have. */
    @Test
    void tooManyForgottenOnesAreCollected() throws Exception {
        assumeTrue(Files.exists(MAPS), "mappings are seen in Linux's /proc only");
        Program program = Program.of(Program.ofClass(ManyMappings.class, "-XX:+UseSerialGC", "-Xms200m", "-Xmx200m", "-XX:+AlwaysPreTouch"));
        assertEquals("all mapped", program.out().trim(), program.err());
    }

    /** Forgets more mappings than a process may have. */
    public static final class ManyMappings {
        private ManyMappings() { }

        /** Says so at the end. */
        public static void main(String[] args) throws IOException {
            Path path = Files.createTempDirectory("mappings").resolve("file");
            int many = Integer.parseInt(Files.readString(Path.of("/proc/sys/vm/max_map_count")).trim()) + 5000;
            try (Fd fd = SharedFile.create(path.toString())) {
                SharedFile.resize(fd, 4096, true);
                for (int i = 0; i < many; i++) {
                    Mapping.map(fd, 4096).buffer(0, 8).put(0, (byte) 1);
                }
                System.out.println("all mapped");
            } finally {
                Files.delete(path);
                Files.delete(path.getParent());
            }
        }
    }

    private boolean isMapped(String name) throws IOException {
        return Files.exists(MAPS) && Files.readString(MAPS).contains(folder.resolve(name).toString());
    }

    private void awaitUnmapped(String name) throws IOException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (isMapped(name)) {
            assertTrue(System.nanoTime() < deadline, () -> name + " is still mapped");
            System.gc();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
