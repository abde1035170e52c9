package org.jmultiprocessing.sharedmemory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sync.Held;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.sync.RLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values and arrays that processes share, S9. */
@Tag("smoke")
@Timeout(60)
class SharedValueTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int TIMES = 20_000;

    private static void join(Process child) throws InterruptedException {
        assertTrue(child.join(LONG), "the child does not end");
        assertEquals(0, child.exitCode().orElseThrow());
        child.close();
    }

    private static void change(List<?> values, List<?> arrays) {
        ((SharedInt) values.get(0)).add(1);
        ((SharedLong) values.get(1)).add(1L << 40);
        ((SharedShort) values.get(2)).add((short) -3);
        ((SharedByte) values.get(3)).add((byte) 1);
        ((SharedChar) values.get(4)).set('z');
        ((SharedFloat) values.get(5)).add(0.5f);
        ((SharedDouble) values.get(6)).compareAndSet(0.1, Double.NaN);
        ((SharedBoolean) values.get(7)).set(true);
        ((SharedIntArray) arrays.get(0)).set(2, 7);
        ((SharedLongArray) arrays.get(1)).add(2, 1L << 40);
        ((SharedShortArray) arrays.get(2)).set(2, (short) -7);
        ((SharedByteArray) arrays.get(3)).set(2, (byte) -1);
        ((SharedCharArray) arrays.get(4)).set(2, 'z');
        ((SharedFloatArray) arrays.get(5)).set(2, 0.5f);
        ((SharedDoubleArray) arrays.get(6)).set(2, 0.25);
        ((SharedBooleanArray) arrays.get(7)).set(2, true);
    }

    private static void assertChanged(List<?> values, List<?> arrays) throws InterruptedException {
        Process child = new Process(SharedValueTest::change, values, arrays);
        child.start();
        join(child);
        assertEquals(2, ((SharedInt) values.get(0)).get());
        assertEquals((1L << 40) - 1, ((SharedLong) values.get(1)).get());
        assertEquals(32767, ((SharedShort) values.get(2)).get());
        assertEquals(-128, ((SharedByte) values.get(3)).get());
        assertEquals('z', ((SharedChar) values.get(4)).get());
        assertEquals(1.0f, ((SharedFloat) values.get(5)).get());
        assertEquals(Double.NaN, ((SharedDouble) values.get(6)).get());
        assertTrue(((SharedBoolean) values.get(7)).get());
        assertArrayEquals(new int[] {0, 0, 7, 0}, ((SharedIntArray) arrays.get(0)).toArray());
        assertArrayEquals(new long[] {0, 0, 1L << 40, 0}, ((SharedLongArray) arrays.get(1)).toArray());
        assertArrayEquals(new short[] {0, 0, -7, 0}, ((SharedShortArray) arrays.get(2)).toArray());
        assertArrayEquals(new byte[] {0, 0, -1, 0}, ((SharedByteArray) arrays.get(3)).toArray());
        assertArrayEquals(new char[] {0, 0, 'z', 0}, ((SharedCharArray) arrays.get(4)).toArray());
        assertArrayEquals(new float[] {0, 0, 0.5f, 0}, ((SharedFloatArray) arrays.get(5)).toArray());
        assertArrayEquals(new double[] {0, 0, 0.25, 0}, ((SharedDoubleArray) arrays.get(6)).toArray());
        assertArrayEquals(new boolean[] {false, false, true, false}, ((SharedBooleanArray) arrays.get(7)).toArray());
        for (Object array : arrays) {
            ((SharedArray) array).close();
        }
    }

    @Test
    void allTypesAreSeenByOtherProcesses() throws Exception {
        Lock lock = new Lock();
        assertChanged(List.of(new SharedInt(1), new SharedLong(-1), new SharedShort((short) -32766), new SharedByte((byte) 127),
                        new SharedChar('a', lock), new SharedFloat(0.5f, lock), new SharedDouble(0.1, lock), new SharedBoolean(false, lock)),
                List.of(new SharedIntArray(4), new SharedLongArray(4), new SharedShortArray(4), new SharedByteArray(4), new SharedCharArray(4, lock),
                        new SharedFloatArray(4, lock), new SharedDoubleArray(4, lock), new SharedBooleanArray(4, lock)));
        assertFalse(lock.isLocked());
    }

    @Test
    void soAreTheRawOnes() throws Exception {
        assertChanged(List.of(SharedInt.raw(1), SharedLong.raw(-1), SharedShort.raw((short) -32766), SharedByte.raw((byte) 127), SharedChar.raw('a'),
                        SharedFloat.raw(0.5f), SharedDouble.raw(0.1), SharedBoolean.raw(false)),
                List.of(SharedIntArray.raw(4), SharedLongArray.raw(4), SharedShortArray.raw(4), SharedByteArray.raw(4), SharedCharArray.raw(4),
                        SharedFloatArray.raw(4), SharedDoubleArray.raw(4), SharedBooleanArray.raw(4)));
    }

    private static void count(SharedInt held, SharedInt added, SharedInt raw, SharedIntArray array) throws InterruptedException {
        for (int i = 0; i < TIMES; i++) {
            try (Held lock = held.hold()) {
                held.set(held.get() + 1);
            }
            added.add(1);
            raw.add(1);
            array.add(i & 1, 1);
        }
    }

    @Test
    void nothingIsLostWhenSeveralProcessesCount() throws Exception {
        SharedInt held = new SharedInt(0);
        SharedInt added = new SharedInt(0, new Lock());
        SharedInt raw = SharedInt.raw(0);
        try (SharedIntArray array = SharedIntArray.raw(2)) {
            List<Process> children = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Process child = new Process(SharedValueTest::count, held, added, raw, array);
                child.start();
                children.add(child);
            }
            count(held, added, raw, array);
            for (Process child : children) {
                join(child);
            }
            assertEquals(4 * TIMES, held.get());
            assertEquals(4 * TIMES, added.get());
            assertEquals(4 * TIMES, raw.get());
            assertArrayEquals(new int[] {2 * TIMES, 2 * TIMES}, array.toArray());
        }
    }

    @Test
    void theLockIsAnRLockUnlessNamedAndKeepsOthersOut() throws Exception {
        SharedInt value = new SharedInt(5);
        assertInstanceOf(RLock.class, value.getLock());
        Lock lock = new Lock();
        assertSame(lock, new SharedDouble(1, lock).getLock());
        assertThrows(NullPointerException.class, () -> new SharedInt(1, null));
        FutureTask<Integer> setter = new FutureTask<>(() -> {
            value.set(8);
            return value.get();
        });
        Thread thread = new Thread(setter);
        try (Held held = value.hold()) {
            thread.start();
            while (!isWaiting(thread)) {
                Thread.onSpinWait();
            }
            assertEquals(5, value.get());
            value.set(6);
            assertEquals("SharedInt[6]", value.toString());
        }
        assertEquals(8, setter.get(30, TimeUnit.SECONDS));
        thread.join();
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> SharedInt.raw(1).getLock());
        assertEquals("SharedInt has no lock: make it with a constructor instead of raw()", refused.getMessage());
    }

    private static boolean isWaiting(Thread thread) {
        for (StackTraceElement element : thread.getStackTrace()) {
            if (element.getMethodName().equals("waitWord")) {
                return true;
            }
        }
        return false;
    }

    private static void fill(SharedDoubleArray array, Connection done) throws InterruptedException {
        double[] values = new double[array.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        array.copyFrom(0, values, 0, values.length);
        array.close();
        done.send("filled");
    }

    @Test
    void anArrayIsCopiedInBulkAndEndsWithClose() throws Exception {
        SharedDoubleArray array = new SharedDoubleArray(new double[1_000_000]);
        try (Pipe pipe = Pipe.duplex()) {
            Process child = new Process(SharedValueTest::fill, array, pipe.second());
            child.start();
            assertEquals("filled", pipe.first().recv(LONG));
            join(child);
        }
        double[] some = new double[3];
        array.copyTo(999_997, some, 0, 3);
        assertArrayEquals(new double[] {999_997, 999_998, 999_999}, some);
        assertEquals(5, array.buffer().asDoubleBuffer().get(5));
        assertThrows(IndexOutOfBoundsException.class, () -> array.get(1_000_000));
        assertThrows(IndexOutOfBoundsException.class, () -> array.set(-1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> array.copyTo(999_999, some, 0, 3));
        array.close();
        array.close();
        assertThrows(IllegalStateException.class, () -> array.get(0));
        assertThrows(IllegalArgumentException.class, () -> new SharedLongArray(-1));
        assertThrows(IllegalArgumentException.class, () -> new SharedLongArray(1 << 28));
        try (SharedBooleanArray empty = new SharedBooleanArray(0)) {
            assertEquals(0, empty.toArray().length);
        }
    }
}
