package org.jmultiprocessing.sharedmemory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Python's own test of its list, and more. That its bytes are Python's is shown beside a real Python, in compat. */
@Tag("smoke")
class ShareableListTest {
    private final List<ShareableList> made = new ArrayList<>();

    private ShareableList list(Object... values) {
        ShareableList list = ShareableList.create(Arrays.asList(values));
        made.add(list);
        return list;
    }

    @AfterEach
    void unlinkAll() {
        for (ShareableList list : made) {
            list.close();
            list.shm().unlink();
        }
    }

    @Test
    void holdsWhatItWasGiven() {
        ShareableList list = list("howdy", new byte[] {'H', 'o'}, -273.154, 100, null, true, 42, "", (short) -3, 1.5f);
        assertEquals(10, list.size());
        assertArrayEquals(new Object[] {"howdy", new byte[] {'H', 'o'}, -273.154, 100L, null, true, 42L, "", -3L, 1.5}, list.toArray());
        assertEquals("8s8sdqxxxxxx?xxxxxxxx?q8sqd", list.format());
    }

    @Test
    void itemsAreReplacedByWhatFits() {
        ShareableList list = list("howdy", 1, null);
        assertEquals("howdy", list.set(0, "12345678"));
        assertEquals("12345678", list.get(0));
        assertEquals("12345678", list.set(0, 9));
        assertEquals(9L, list.set(0, "again"));
        assertEquals(1L, list.set(1, false));
        assertEquals(false, list.set(1, new byte[] {1}));
        assertNull(list.set(2, 2.5));
        assertArrayEquals(new Object[] {"again", new byte[] {1}, 2.5}, list.toArray());
        assertEquals("8s8sd", list.format());
        assertEquals("bytes/str item exceeds available storage",
                assertThrows(IllegalArgumentException.class, () -> list.set(0, "123456789")).getMessage());
        assertThrows(IllegalArgumentException.class, () -> list.set(0, "ä".repeat(5)));
        assertEquals("again", list.get(0));
    }

    @Test
    void charactersBeyondAsciiKeepTheirRoom() {
        String text = "äöü€ \uD83D\uDE00 é";
        ShareableList list = list(text, text.repeat(100));
        assertEquals(List.of(text, text.repeat(100)), list);
        list.set(0, "x");
        list.set(0, text);
        assertEquals(text, list.get(0));
    }

    @Test
    void zerosAtTheEndAreLost() {
        ShareableList list = list("a\0b\0\0", new byte[] {0, 1, 0}, new byte[8]);
        assertArrayEquals(new Object[] {"a\0b", new byte[] {0, 1}, new byte[0]}, list.toArray());
    }

    @Test
    void itemsAreFoundByContent() {
        ShareableList list = list(1, "a", new byte[] {1, 2}, 1L, null, 1.0, true);
        assertEquals(2, list.count(1));
        assertEquals(1, list.count(1.0));
        assertEquals(1, list.count(null));
        assertEquals(0, list.count("b"));
        assertEquals(0, list.count(BigInteger.ONE));
        assertEquals(2, list.indexOf(new byte[] {1, 2}));
        assertEquals(0, list.indexOf((byte) 1));
        assertEquals(3, list.lastIndexOf(1));
        assertEquals(-1, list.indexOf("b"));
        assertTrue(list.contains(new byte[] {1, 2}));
        assertFalse(list.contains(2));
    }

    @Test
    void lengthIsFixed() {
        ShareableList list = list(1, 2);
        assertThrows(UnsupportedOperationException.class, () -> list.add(3));
        assertThrows(UnsupportedOperationException.class, () -> list.remove(0));
        assertThrows(UnsupportedOperationException.class, list::clear);
        assertEquals("index out of range", assertThrows(IndexOutOfBoundsException.class, () -> list.get(2)).getMessage());
        assertEquals("index out of range", assertThrows(IndexOutOfBoundsException.class, () -> list.get(-1)).getMessage());
        assertEquals("assignment index out of range", assertThrows(IndexOutOfBoundsException.class, () -> list.set(2, 1)).getMessage());
    }

    @Test
    void emptyListsAndLongOnes() {
        ShareableList none = list();
        assertTrue(none.isEmpty());
        assertEquals("", none.format());
        assertEquals(16, none.shm().size());
        Object[] many = new Object[5000];
        Arrays.setAll(many, i -> i % 2 == 0 ? (Object) (long) i : "item " + i);
        ShareableList list = list(many);
        try (ShareableList other = ShareableList.attach(list.shm().name())) {
            assertEquals(Arrays.asList(many), other);
        }
    }

    @Test
    void refusesWhatItCannotHold() {
        String message = assertThrows(IllegalArgumentException.class, () -> ShareableList.create(List.of(1, BigInteger.ONE))).getMessage();
        assertTrue(message.contains("java.math.BigInteger"), message);
        message = assertThrows(IllegalArgumentException.class, () -> ShareableList.create(List.of(new byte[9_999_992]))).getMessage();
        assertTrue(message.contains("9999991"), message);
        ShareableList list = list(1, new byte[9_999_991]);
        assertThrows(IllegalArgumentException.class, () -> list.set(0, List.of()));
        assertEquals("q9999992s", list.format());
    }

    @Test
    void twoObjectsAreOneList() {
        ShareableList list = ShareableList.create("jmp-list-" + ProcessHandle.current().pid(), List.of("a", 2));
        made.add(list);
        try (ShareableList other = ShareableList.attach("/" + list.shm().name())) {
            other.set(1, "12345678");
            assertEquals(List.of("a", "12345678"), list);
            assertEquals(list, other);
        }
    }

    static void doubleAll(ShareableList list) {
        list.replaceAll(item -> 2 * (Long) item);
    }

    @Test
    void travelsToAnotherProcess() throws Exception {
        ShareableList list = list(1, 2, 3);
        try (Process child = new Process(ShareableListTest::doubleAll, list)) {
            child.start();
            child.join();
            assertEquals(0, child.exitCode().getAsInt());
        }
        assertEquals(List.of(2L, 4L, 6L), list);
    }

    @Test
    void useAfterCloseIsAnError() {
        ShareableList list = list(1, 2);
        list.close();
        for (Executable use : List.<Executable>of(() -> list.get(0), () -> list.set(0, 1), () -> list.count(1), () -> list.indexOf(1), list::format,
                () -> list.iterator().next())) {
            assertThrows(IllegalStateException.class, use);
        }
        assertEquals("ShareableList('" + list.shm().name() + "', size=2)", list.toString());
    }

    @Test
    void otherMemoryIsNoList() {
        try (SharedMemory memory = SharedMemory.create(256)) {
            ByteBuffer words = memory.buffer();
            for (long[] start : new long[][] {{-1}, {1L << 60}, {1, 0, 1L << 40}, {1, 0, -8}, {1, 0, 4}, {2, 0, 16, 8}, {1, 8}, {3, 0, 8, 16, 216}}) {
                memory.put(0, new byte[256]);
                for (int i = 0; i < start.length; i++) {
                    words.putLong(8 * i, start[i]);
                }
                String message = assertThrows(IllegalArgumentException.class, () -> ShareableList.attach(memory.name())).getMessage();
                assertTrue(message.startsWith("shared memory '" + memory.name() + "' holds no ShareableList"), message);
            }
            memory.unlink();
        }
        try (SharedMemory tiny = SharedMemory.create(7)) {
            assertThrows(IllegalArgumentException.class, () -> ShareableList.attach(tiny.name()));
            tiny.unlink();
        }
    }

    @Test
    void whatOthersSpoilIsAnErrorOfThatItem() {
        ShareableList list = list(1, 2);
        long formats = 8 * 4 + 16;
        for (String format : List.of("99s", "s", "xs", "Q", "-1s", "9999999s")) {
            list.shm().put(formats, Arrays.copyOf(format.getBytes(), 8));
            String message = assertThrows(IllegalStateException.class, () -> list.get(0)).getMessage();
            assertTrue(message.contains("'" + format + "'"), message);
            assertEquals(2L, list.get(1));
        }
    }
}
