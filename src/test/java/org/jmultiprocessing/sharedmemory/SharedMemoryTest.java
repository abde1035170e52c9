package org.jmultiprocessing.sharedmemory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("smoke")
class SharedMemoryTest {
    private static final Path FOLDER = Path.of("/dev/shm");
    private static final String NAME = "jmp-test-" + ProcessHandle.current().pid();

    @Test
    void hasPythonsAttributes() {
        try (SharedMemory block = SharedMemory.create(NAME, 1000)) {
            assertEquals(NAME, block.name());
            assertTrue(block.size() >= 1000, block::toString);
            assertEquals("SharedMemory('" + NAME + "', size=" + block.size() + ")", block.toString());
            block.unlink();
        }
    }

    @Test
    void isZeroedPrivateAndInNativeOrder() throws Exception {
        try (SharedMemory block = SharedMemory.create(NAME, 100)) {
            ByteBuffer buffer = block.buffer();
            assertEquals(ByteOrder.nativeOrder(), buffer.order());
            assertTrue(buffer.isDirect());
            assertEquals(block.size(), buffer.capacity());
            while (buffer.hasRemaining()) {
                assertEquals(0, buffer.get());
            }
            if (Files.isDirectory(FOLDER)) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(FOLDER.resolve(NAME))));
            }
            block.unlink();
        }
    }

    @Test
    void twoObjectsShareByNameWithAndWithoutSlash() {
        try (SharedMemory one = SharedMemory.create("/" + NAME, 100); SharedMemory other = SharedMemory.attach(NAME)) {
            assertEquals(NAME, one.name());
            one.put(50, new byte[] {1, 2, 3});
            byte[] read = new byte[5];
            other.get(50, read, 1, 4);
            assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, read);
            assertEquals(3, other.buffer(52, 1).get(0));
            try (SharedMemory third = SharedMemory.attach("/" + NAME)) {
                assertEquals(NAME, third.name());
            }
            other.unlink();
            assertEquals("ENOENT", assertThrows(OsException.class, one::unlink).errnoName());
            one.put(50, new byte[] {9});
            assertEquals(9, other.buffer(50, 1).get(0));
        }
    }

    @Test
    void textsOfErrorsArePythons() {
        assertText("'size' must be a positive integer", IllegalArgumentException.class, () -> SharedMemory.create(-1));
        assertText("'size' must be a positive number different from zero", IllegalArgumentException.class, () -> SharedMemory.create(NAME, 0));
        assertText("'name' can only be None if create=True", NullPointerException.class, () -> SharedMemory.attach(null));
        OsException missing = assertThrows(OsException.class, () -> SharedMemory.attach(NAME));
        assertEquals("ENOENT", missing.errnoName());
        assertTrue(missing.getMessage().startsWith("shm_open shared memory '" + NAME + "': No such file or directory"), missing.getMessage());
        try (SharedMemory block = SharedMemory.create(NAME, 1)) {
            OsException present = assertThrows(OsException.class, () -> SharedMemory.create(NAME, 1));
            assertEquals("EEXIST", present.errnoName());
            assertTrue(present.getMessage().startsWith("shm_open shared memory '" + NAME + "': File exists"), present.getMessage());
            SharedMemory.attach(NAME).close();
            block.unlink();
        }
    }

    private static void assertText(String text, Class<? extends RuntimeException> type, Executable call) {
        String message = assertThrows(type, call).getMessage();
        assertTrue(message.startsWith(text), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a/b", "//a", ".", "..", "/..", "a\0b"})
    void refusesWhatIsNoName(String name) {
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(name, 1));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.attach(name));
    }

    @Test
    void namesAreShortEnoughForEveryPlatform() {
        String longest = "n".repeat(29);
        SharedMemory block = SharedMemory.create(longest, 1);
        block.close();
        block.unlink();
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(longest + "n", 1));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create("ä".repeat(15), 1));
        String missing = assertThrows(OsException.class, () -> SharedMemory.attach("n".repeat(200))).errnoName();
        assertTrue(Set.of("ENOENT", "ENAMETOOLONG").contains(missing), missing);
    }

    @Test
    void randomNamesDiffer() {
        try (SharedMemory one = SharedMemory.create(1); SharedMemory other = SharedMemory.create(1)) {
            one.unlink();
            other.unlink();
            assertNotEquals(one.name(), other.name());
            assertTrue(one.name().matches("psm_[0-9a-f]{8}"), one.name());
        }
    }

    @Test
    void attachingToWhatHasNoSizeYetIsAnError() throws Exception {
        assumeTrue(Files.isDirectory(FOLDER), "no way to make an empty one");
        Files.createFile(FOLDER.resolve(NAME));
        try {
            OsException empty = assertThrows(OsException.class, () -> SharedMemory.attach(NAME));
            assertEquals("EINVAL", empty.errnoName());
            assertTrue(empty.getMessage().contains("cannot mmap an empty file"), empty.getMessage());
        } finally {
            Files.delete(FOLDER.resolve(NAME));
        }
    }

    @Test
    void useAfterCloseIsAnErrorAndBuffersStay() {
        SharedMemory block = SharedMemory.create(100);
        ByteBuffer taken = block.buffer(10, 20);
        block.close();
        block.close();
        for (Executable use : List.<Executable>of(block::buffer, () -> block.buffer(0, 1), () -> block.get(0, new byte[1]),
                () -> block.put(0, new byte[1]))) {
            String message = assertThrows(IllegalStateException.class, use).getMessage();
            assertTrue(message.contains(block.name()) && message.contains("closed"), message);
        }
        block.unlink();
        taken.put(19, (byte) 5);
        assertEquals(5, taken.get(19));
        assertTrue(block.size() >= 100);
    }

    @Test
    void rangesAreChecked() {
        try (SharedMemory block = SharedMemory.create(4096)) {
            block.unlink();
            for (Executable use : List.<Executable>of(() -> block.buffer(-1, 1), () -> block.buffer(4096, 1), () -> block.buffer(0, 4097),
                    () -> block.buffer(0, -1), () -> block.buffer(Long.MAX_VALUE, 1), () -> block.get(4095, new byte[2]),
                    () -> block.put(0, new byte[2], 1, 2), () -> block.get(0, new byte[2], -1, 1))) {
                assertThrows(IndexOutOfBoundsException.class, use);
            }
            assertEquals(0, block.buffer(4096, 0).capacity());
        }
    }

    @Test
    void isUsableBeyondTwoGibibytes() {
        long size = (5L << 30) + 1;
        try (SharedMemory block = SharedMemory.create(size, Reserve.NONE); SharedMemory other = SharedMemory.attach(block.name())) {
            block.unlink();
            assertTrue(block.size() >= size);
            for (long offset : new long[] {0, Integer.MAX_VALUE - 1L, (1L << 31) - 1, (1L << 32) - 2, size - 3}) {
                block.put(offset, new byte[] {1, 2, 3});
                byte[] read = new byte[3];
                other.get(offset, read);
                assertArrayEquals(new byte[] {1, 2, 3}, read, () -> "at " + offset);
                ByteBuffer range = other.buffer(Math.min(offset, size - (1 << 30)), 1 << 30);
                assertEquals(2, range.get((int) (offset - Math.min(offset, size - (1 << 30))) + 1));
            }
            String message = assertThrows(IllegalStateException.class, block::buffer).getMessage();
            assertTrue(message.contains("buffer(offset, length)"), message);
            block.close();
            message = assertThrows(IllegalStateException.class, block::buffer).getMessage();
            assertTrue(message.contains("closed"), message);
        }
    }

    @Test
    void pagesAreReservedUnlessAskedNotTo() throws Exception {
        assumeTrue(Files.isDirectory(FOLDER), "nothing to look at");
        int size = 8 << 20;
        assertEquals(size, allocated(SharedMemory.create(size)));
        assertEquals(size, allocated(SharedMemory.create(NAME, size)));
        assertEquals(0, allocated(SharedMemory.create(size, Reserve.NONE)));
    }

    private static long allocated(SharedMemory block) throws Exception {
        try (block) {
            Program stat = Program.of(List.of("stat", "-c", "%b %B", FOLDER.resolve(block.name()).toString()));
            block.unlink();
            String[] words = stat.out().trim().split(" ");
            return Long.parseLong(words[0]) * Long.parseLong(words[1]);
        }
    }

    @Test
    void whatCannotBeMappedLeavesNothing() throws Exception {
        assertThrows(OsException.class, () -> SharedMemory.create(NAME, Long.MAX_VALUE, Reserve.NONE));
        assertEquals("ENOENT", assertThrows(OsException.class, () -> SharedMemory.attach(NAME)).errnoName());
    }

    static void addOne(SharedMemory block) {
        ByteBuffer buffer = block.buffer();
        buffer.putLong(0, buffer.getLong(0) + 1);
    }

    static void addOneByName(String name) {
        try (SharedMemory block = SharedMemory.attach(name)) {
            addOne(block);
        }
    }

    static void addOneToEach(Connection connection) throws Exception {
        Map<?, ?> message = (Map<?, ?>) connection.recv();
        for (Object received : (List<?>) message.get("blocks")) {
            try (SharedMemory block = (SharedMemory) received) {
                addOne(block);
            }
        }
        connection.send("done");
    }

    @Test
    void processesShareByNameAndByTransfer() throws Exception {
        try (SharedMemory block = SharedMemory.create(8)) {
            run(new Process(SharedMemoryTest::addOne, block));
            run(new Process(SharedMemoryTest::addOneByName, block.name()));
            try (Pipe pipe = Pipe.duplex(); Process child = new Process(SharedMemoryTest::addOneToEach, pipe.second())) {
                child.start();
                pipe.first().send(Map.of("blocks", List.of(block)));
                assertEquals("done", pipe.first().recv());
                child.join();
            }
            assertEquals(3, block.buffer().getLong(0));
            block.unlink();
        }
    }

    static void unlink(SharedMemory block) {
        block.unlink();
    }

    @Test
    void aChildMayUnlinkAndUseOutlastsTheName() throws Exception {
        try (SharedMemory block = SharedMemory.create(8)) {
            run(new Process(SharedMemoryTest::unlink, block));
            assertEquals("ENOENT", assertThrows(OsException.class, () -> SharedMemory.attach(block.name())).errnoName());
            block.put(0, new byte[] {1});
        }
    }

    @Test
    void aChildThatAttachesLeavesTheNameAtItsEnd() throws Exception {
        try (SharedMemory block = SharedMemory.create(8)) {
            run(new Process(SharedMemoryTest::addOneByName, block.name()));
            SharedMemory.attach(block.name()).close();
            block.unlink();
        }
    }

    private static void run(Process process) throws InterruptedException {
        try (process) {
            process.start();
            process.join();
            assertEquals(0, process.exitCode().getAsInt());
        }
    }
}
