package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.sharedmemory.Reserve;
import org.jmultiprocessing.sharedmemory.ShareableList;
import org.jmultiprocessing.sharedmemory.SharedMemory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Segments and lists shared with real CPythons, each minor version that this machine has and that knows shared memory (3.8). */
class PythonSharedMemoryTest {
    private static final int FIRST_WITH_SHARED_MEMORY = 8;
    private static final int FIRST_WITH_OFFSETS = 9;
    private static final int FIRST_WITH_TRACK = 13;
    private static final int PATIENCE_SECONDS = 30;
    /** Python's resource tracker outlives it for a moment, and has its stderr. */
    private static final String UNTIL_ITS_TRACKER_ENDS = "exec 4>&1; \"$@\" 2>&1 >&4 4>&- | cat >&2";
    private static final String UNREGISTER = "resource_tracker.unregister(b._name, 'shared_memory')";

    private static Map<Integer, String> pythons = new TreeMap<>();

    @BeforeAll
    static void findPythons() throws IOException, InterruptedException {
        pythons = new TreeMap<>(Pythons.find());
        pythons.keySet().removeIf(minor -> minor < FIRST_WITH_SHARED_MEMORY);
        assumeFalse(pythons.isEmpty(), "there is no Python 3.8 or later here");
    }

    static List<Integer> minors() {
        return List.copyOf(pythons.keySet());
    }

    /** A Python that executes what it is told. */
    private static final class Peer implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final BufferedWriter in;

        Peer(int minor) throws IOException, URISyntaxException {
            Path script = Path.of(PythonSharedMemoryTest.class.getResource("/python_statements.py").toURI());
            process = new ProcessBuilder("sh", "-c", UNTIL_ITS_TRACKER_ENDS, "sh", pythons.get(minor), "-S", script.toString()).start();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
            run("from multiprocessing import resource_tracker");
            run("from multiprocessing.shared_memory import SharedMemory, ShareableList");
        }

        String ask(String statement) throws IOException {
            in.write(statement);
            in.newLine();
            in.flush();
            return out.readLine();
        }

        void run(String statement) throws IOException {
            assertEquals("ok", ask(statement), statement);
        }

        /** Attaches so that its exit leaves the segment alone. */
        void attach(String name) throws IOException {
            run("b = SharedMemory('" + name + "')");
            assertEquals("None", ask(UNREGISTER));
        }

        /** Ends it, and waits for its tracker too. */
        String end() throws IOException, InterruptedException {
            in.close();
            String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "Python does not end");
            return errors;
        }

        @Override
        public void close() throws IOException, InterruptedException {
            if (process.isAlive()) {
                assertEquals("", end());
            }
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void javaCreatesAndPythonAttaches(int minor) throws Exception {
        byte[] content = random(10_000);
        try (SharedMemory block = SharedMemory.create(content.length); Peer python = new Peer(minor)) {
            try {
                block.put(0, content);
                python.attach(block.name());
                assertEquals("'" + block.name() + "'", python.ask("b.name"));
                assertEquals("10000", python.ask("b.size"));
                assertEquals("'" + hex(content) + "'", python.ask("bytes(b.buf).hex()"));
                python.run("import struct; struct.pack_into('=qd', b.buf, 8, -2, 0.1); b.buf[9999] = 77");
                ByteBuffer buffer = block.buffer();
                assertEquals(-2, buffer.getLong(8));
                assertEquals(0.1, buffer.getDouble(16));
                assertEquals(77, buffer.get(9999));
                assertEquals("None", python.ask("b.close()"));
            } finally {
                block.unlink();
            }
            assertTrue(python.ask("SharedMemory('" + block.name() + "')").startsWith("FileNotFoundError"));
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void pythonCreatesAndJavaAttaches(int minor) throws Exception {
        try (Peer python = new Peer(minor)) {
            python.run("b = SharedMemory(create=True, size=5000)");
            python.run("b.buf[:3] = b'abc'");
            String name = python.ask("b.name").replace("'", "");
            try (SharedMemory block = SharedMemory.attach(name)) {
                assertEquals(5000, block.size());
                byte[] read = new byte[4];
                block.get(0, read);
                assertArrayEquals(new byte[] {'a', 'b', 'c', 0}, read);
                block.put(4998, new byte[] {1, 2});
            }
            assertEquals("[0, 1, 2]", python.ask("list(b.buf[4997:])"), "Java's close changed what Python has");
            try (SharedMemory block = SharedMemory.attach("/" + name)) {
                assertEquals(name, block.name());
            }
            assertEquals("None", python.ask("b.close()"));
            assertEquals("None", python.ask("b.unlink()"));
            assertEquals("ENOENT", assertThrows(OsException.class, () -> SharedMemory.attach(name)).errnoName());
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void eitherSideUnlinksWhatTheOtherCreated(int minor) throws Exception {
        try (Peer python = new Peer(minor)) {
            python.run("b = SharedMemory('jmp_test_" + minor + "', create=True, size=1)");
            assertEquals("EEXIST", assertThrows(OsException.class, () -> SharedMemory.create("jmp_test_" + minor, 1)).errnoName());
            try (SharedMemory block = SharedMemory.attach("jmp_test_" + minor)) {
                block.unlink();
            }
            assertEquals("None", python.ask(UNREGISTER));
            try (SharedMemory block = SharedMemory.create("/jmp_test_" + minor, 1, Reserve.NONE)) {
                assertTrue(python.ask("SharedMemory('jmp_test_" + minor + "', create=True, size=1)").startsWith("FileExistsError"));
                python.run("b = SharedMemory('jmp_test_" + minor + "')");
                assertEquals("None", python.ask("b.unlink()"));
                assertEquals("ENOENT", assertThrows(OsException.class, block::unlink).errnoName());
            }
        }
    }

    /** The defect that our Javadoc and README warn of. When this fails on an old Python, it has been repaired: then change both. */
    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void aPythonThatAttachesWithoutFurtherWordUnlinks(int minor) throws Exception {
        try (SharedMemory block = SharedMemory.create(4096); Peer python = new Peer(minor)) {
            python.run("b = SharedMemory('" + block.name() + "')");
            String errors = python.end();
            assertTrue(errors.contains("leaked shared_memory objects"), errors);
            OsException missing = assertThrows(OsException.class, () -> SharedMemory.attach(block.name()));
            assertEquals("ENOENT", missing.errnoName());
            assertTrue(missing.getMessage().contains("resource_tracker.unregister"), missing.getMessage());
            block.put(4095, new byte[] {1});
            assertEquals("ENOENT", assertThrows(OsException.class, block::unlink).errnoName());
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void theRemediesKeepIt(int minor) throws Exception {
        try (SharedMemory block = SharedMemory.create(4096)) {
            try (Peer python = new Peer(minor)) {
                python.attach(block.name());
                assertEquals("", python.end());
            }
            SharedMemory.attach(block.name()).close();
            if (minor >= FIRST_WITH_TRACK) {
                try (Peer python = new Peer(minor)) {
                    python.run("b = SharedMemory('" + block.name() + "', track=False)");
                    assertEquals("", python.end());
                }
                SharedMemory.attach(block.name()).close();
            }
            block.unlink();
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void pythonReadsAndWritesALongSegment(int minor) throws Exception {
        long size = (3L << 30) + 5;
        try (SharedMemory block = SharedMemory.create(size, Reserve.NONE); Peer python = new Peer(minor)) {
            try {
                block.put(size - 3, new byte[] {7, 8, 9});
                python.attach(block.name());
                assertEquals(Long.toString(size), python.ask("b.size"));
                assertEquals("[7, 8, 9]", python.ask("list(b.buf[-3:])"));
                python.run("b.buf[-4] = 6");
                assertEquals(6, block.buffer(size - 4, 1).get());
            } finally {
                block.unlink();
            }
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void pythonUsesOurList(int minor) throws Exception {
        assumeTrue(minor >= FIRST_WITH_OFFSETS, "3.8 lays out lists in another way");
        List<Object> values = Arrays.asList(42L, -0.5, true, false, "text", "12345678", new byte[] {1, 0, 2}, null, "", Long.MIN_VALUE);
        try (ShareableList list = ShareableList.create(values); Peer python = new Peer(minor)) {
            try {
                python.run("l = ShareableList(name='" + list.shm().name() + "'); b = l.shm");
                assertEquals("None", python.ask(UNREGISTER));
                assertEquals("[42, -0.5, True, False, 'text', '12345678', b'\\x01\\x00\\x02', None, '', -9223372036854775808]",
                        python.ask("list(l)"));
                assertEquals("'" + list.format() + "'", python.ask("l.format"));
                python.run("l[0] = 'eight by'; l[1] = None; l[2] = 2; l[3] = b'x'; l[5] = 'fifteen letters'; l[7] = 1.5; l[9] = False");
                assertArrayEquals(new Object[] {"eight by", null, 2L, new byte[] {'x'}, "text", "fifteen letters", new byte[] {1, 0, 2}, 1.5, "",
                    false}, list.toArray());
                assertEquals("ValueError: bytes/str item exceeds available storage", python.ask("l.__setitem__(0, 'nine long')"));
                list.set(0, 7);
                list.set(4, "ä");
                assertEquals("[7, 'ä']", python.ask("[l[0], l[4]]"));
                assertEquals("'" + list.format() + "'", python.ask("l.format"));
                list.close();
            } finally {
                list.shm().unlink();
            }
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void weUsePythonsList(int minor) throws Exception {
        try (Peer python = new Peer(minor)) {
            python.run("l = ShareableList([1, 2.5, True, None, 'abc', b'\\x00\\x01\\x00', 'x' * 100]); b = l.shm");
            String name = python.ask("b.name").replace("'", "");
            if (minor < FIRST_WITH_OFFSETS) {
                IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> ShareableList.attach(name));
                assertTrue(refused.getMessage().contains("CPython 3.8"), refused.getMessage());
            } else {
                try (ShareableList list = ShareableList.attach(name)) {
                    assertArrayEquals(new Object[] {1L, 2.5, true, null, "abc", new byte[] {0, 1}, "x".repeat(100)}, list.toArray());
                    assertEquals("'" + list.format() + "'", python.ask("l.format"));
                    list.set(0, "12345678");
                    list.set(1, false);
                    list.set(3, new byte[] {5});
                    list.set(6, null);
                }
                assertEquals("['12345678', False, True, b'\\x05', 'abc', b'\\x00\\x01', None]", python.ask("list(l)"));
            }
            assertEquals("None", python.ask("b.close()"));
            assertEquals("None", python.ask("b.unlink()"));
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void listsAreEqualByteForByte(int minor) throws Exception {
        assumeTrue(minor >= FIRST_WITH_OFFSETS, "3.8 lays out lists in another way");
        List<Object> values = Arrays.asList(1L, -2.25, true, false, null, "a", "12345678", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        try (ShareableList ours = ShareableList.create(values); Peer python = new Peer(minor)) {
            ours.shm().unlink();
            python.run("l = ShareableList([1, -2.25, True, False, None, 'a', '12345678', bytes(range(1, 10))]); b = l.shm");
            byte[] bytes = new byte[(int) ours.shm().size()];
            ours.shm().get(0, bytes);
            assertEquals("'" + hex(bytes) + "'", python.ask("bytes(b.buf).hex()"));
            assertEquals("None", python.ask("b.close()"));
            assertEquals("None", python.ask("b.unlink()"));
        }
    }

    @ParameterizedTest(name = "3.{0}")
    @MethodSource("minors")
    void namesLookAlike(int minor) throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/dev/shm")), "names are not seen here");
        try (SharedMemory ours = SharedMemory.create(1); Peer python = new Peer(minor)) {
            ours.unlink();
            python.run("b = SharedMemory(create=True, size=1)");
            String theirs = python.ask("b.name").replace("'", "");
            assertEquals(theirs.length(), ours.name().length());
            assertTrue(ours.name().matches("psm_[0-9a-f]{8}"), ours.name());
            assertTrue(theirs.matches("psm_[0-9a-f]{8}"), theirs);
            assertFalse(Files.exists(Path.of("/dev/shm", ours.name())));
            assertEquals("None", python.ask("b.close()"));
            assertEquals("None", python.ask("b.unlink()"));
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
