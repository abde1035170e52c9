package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompactValuesTest {
    static Stream<Object> values() {
        return Stream.of(
            true, false, (byte) 0, Byte.MIN_VALUE, Byte.MAX_VALUE, Short.MIN_VALUE, Short.MAX_VALUE, (short) -1, 'a', '\0', '\uFFFF', '\uD800',
            0, 1, -1, 63, 64, -64, -65, Integer.MIN_VALUE, Integer.MAX_VALUE, 0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40,
            0f, -0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, 0d, -0d, Double.NaN, Double.MAX_VALUE, Math.PI,
            "", "a", "text", "\0", "ÿ", "Ā", "日本語", "mixed ÿ Ā", "😀", "\uD83D",
            "\uDE00 reversed \uD83D", "x".repeat(100_000), "ж".repeat(100_000),
            new ArrayList<>(), new ArrayList<>(Arrays.asList(1, null, "x", 2L)), List.of(), List.of(1), List.of(1, 2), List.of(1, 2, 3),
            Arrays.asList(), Arrays.asList(1, null),
            new HashMap<>(), new HashMap<>(Map.of("a", 1, "b", 2)), Map.of(), Map.of(1, 2), Map.of(1, 2, 3, 4),
            new LinkedHashMap<>(Map.of(1, "x")), new HashSet<>(Arrays.asList(1, null, 3)), new LinkedHashSet<>(List.of(3, 1, 2)), Set.of(), Set.of(1),
            Set.of(1, 2, 3), List.of(Map.of("a", List.of(Set.of(1.5f), new ArrayList<>(List.of('c', (short) 4))))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void comesBackEqualAndOfTheSameClassAlsoFromAnybody(Object value) {
        byte[] bytes = Trip.encode(value);
        assertTrue(Trip.isCompact(bytes));
        Object back = Trip.decode(bytes, Trust.FOREIGN);
        assertEquals(value, back);
        assertSame(value.getClass(), back.getClass());
    }

    @Test
    void nullComesBack() {
        assertNull(Trip.foreign(null));
        assertEquals(3, Trip.encode(null).length);
    }

    @Test
    void nullsInAHashMapComeBack() {
        Map<String, Integer> map = new HashMap<>();
        map.put(null, 1);
        map.put("x", null);
        assertEquals(map, Trip.foreign(map));
    }

    @Test
    void orderOfLinkedCollectionsIsKept() {
        Map<Integer, Integer> map = new LinkedHashMap<>();
        for (int i = 100; i > 0; i--) {
            map.put(i, -i);
        }
        assertEquals(new ArrayList<>(map.keySet()), new ArrayList<>(((Map<?, ?>) Trip.foreign(map)).keySet()));
        Set<Integer> set = new LinkedHashSet<>(map.keySet());
        assertEquals(new ArrayList<>(set), new ArrayList<>((Set<?>) Trip.foreign(set)));
    }

    @Test
    void immutableCollectionsComeBackImmutable() {
        assertThrows(UnsupportedOperationException.class, () -> ((List<?>) Trip.foreign(List.of(1, 2))).remove(0));
        assertThrows(UnsupportedOperationException.class, () -> ((Map<?, ?>) Trip.foreign(Map.of(1, 2))).clear());
        List<String> fixed = Trip.same(Arrays.asList("a", "b"));
        fixed.set(0, "c");
        assertThrows(UnsupportedOperationException.class, () -> fixed.add("d"));
    }

    @Test
    void primitiveArraysComeBack() {
        Random random = new Random(1);
        for (int length : new int[] {0, 1, 7, 1000, 100_003}) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, (byte[]) Trip.foreign(bytes));
            int[] ints = random.ints(length).toArray();
            assertArrayEquals(ints, (int[]) Trip.foreign(ints));
            long[] longs = random.longs(length).toArray();
            assertArrayEquals(longs, (long[]) Trip.foreign(longs));
            double[] doubles = random.doubles(length).toArray();
            assertArrayEquals(doubles, (double[]) Trip.foreign(doubles));
            float[] floats = new float[length];
            short[] shorts = new short[length];
            char[] chars = new char[length];
            boolean[] booleans = new boolean[length];
            for (int i = 0; i < length; i++) {
                floats[i] = Float.intBitsToFloat(ints[i]);
                shorts[i] = (short) ints[i];
                chars[i] = (char) ints[i];
                booleans[i] = ints[i] > 0;
            }
            assertArrayEquals(floats, (float[]) Trip.foreign(floats));
            assertArrayEquals(shorts, (short[]) Trip.foreign(shorts));
            assertArrayEquals(chars, (char[]) Trip.foreign(chars));
            assertArrayEquals(booleans, (boolean[]) Trip.foreign(booleans));
        }
    }

    @Test
    void objectAndStringArraysComeBack() {
        Object[] objects = {1, "x", null, new int[] {1, 2}, new Object[] {List.of(5)}, new String[] {"a", null, "ж"}};
        assertTrue(Arrays.deepEquals(objects, (Object[]) Trip.foreign(objects)));
        assertEquals(0, ((Object[]) Trip.foreign(new Object[0])).length);
        assertInstanceOf(String[].class, Trip.foreign(new String[0]));
    }

    @Test
    void boxedNumbersOfOneTypeAreCompactAndComeBackAsTheyWere() {
        Object[] ints = IntStream.range(-500, 500).boxed().toArray();
        Object[] longs = LongStream.range(0, 9).mapToObj(i -> Long.MIN_VALUE + i).toArray();
        Object[] doubles = {0d, -0d, Double.NaN, 1.5, Double.MIN_VALUE, Double.POSITIVE_INFINITY, -1d, 2d};
        for (Object[] numbers : new Object[][] {ints, longs, doubles}) {
            assertArrayEquals(numbers, (Object[]) Trip.foreign(numbers));
            Object[] mixed = numbers.clone();
            mixed[mixed.length - 1] = "x";
            assertArrayEquals(mixed, (Object[]) Trip.foreign(mixed));
            mixed[mixed.length / 2] = null;
            assertArrayEquals(mixed, (Object[]) Trip.foreign(mixed));
        }
        assertTrue(Trip.encode(ints).length < 4 * ints.length + 16);
    }

    @Test
    void aHugeArrayTakesLittleMoreThanItsSize() {
        byte[] bytes = new byte[64 << 20];
        bytes[bytes.length - 1] = 7;
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a test"));
        new ObjectCodec(Trust.OWN_TREE, null).encode(bytes, out);
        assertTrue(out.array().length < bytes.length + 1024);
        Object back = Trip.decode(out.array(), Trust.FOREIGN);
        assertArrayEquals(bytes, (byte[]) back);
    }

    @Test
    void moreThanAMessageHoldsIsAnErrorThatNamesSendBytes() {
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a test"));
        out.writeString("before");
        int length = out.length();
        var error = assertThrows(org.jmultiprocessing.errors.SerializationException.class, () -> out.room(Integer.MAX_VALUE));
        assertTrue(error.getMessage().contains("2 GiB") && error.getMessage().contains("sendBytes"), error.getMessage());
        assertEquals(length, out.length());
    }

    @Test
    void nestsAHundredDeepAndGoesOnByJavaSerialization() {
        // Java serialization needs 2 KiB of the stack a level where its code is interpreted, so a thread of 1 MiB ends at 500.
        for (int depth : new int[] {99, 100, 101, 200}) {
            Object nested = "core";
            for (int i = 0; i < depth; i++) {
                nested = new ArrayList<>(Collections.singletonList(nested));
            }
            assertEquals(depth <= 100, Trip.isCompact(Trip.encode(nested)), "depth " + depth);
            assertEquals(nested, Trip.own(nested));
        }
    }

    @Test
    void otherClassesGoByJavaSerialization() {
        Object[] others = {new LinkedList<>(List.of(1)), new TreeMap<>(Map.of(1, 2)), Collections.emptyList(), new int[][] {{1}, {2}},
            new Integer[] {1}, Thread.State.NEW, java.time.Duration.ofSeconds(1)};
        for (Object other : others) {
            byte[] bytes = Trip.encode(other);
            assertFalse(Trip.isCompact(bytes), other.getClass().getName());
            Object back = Trip.decode(bytes, Trust.OWN_TREE);
            assertTrue(Arrays.deepEquals(new Object[] {other}, new Object[] {back}));
            assertSame(other.getClass(), back.getClass());
        }
    }

    @Test
    void aStreamsListWithNullsKeepsThem() {
        List<Integer> list = Stream.of(1, null, 3).toList();
        assertEquals(list, Trip.own(list));
    }

    @Test
    void severalValuesAndFieldsShareAMessage() {
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a test"));
        ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, null);
        out.writeString("name");
        codec.encode(List.of(1), out);
        out.writeInt(-5);
        codec.encode(new LinkedList<>(List.of(2)), out);
        out.writeLong(Long.MIN_VALUE);
        out.writeBytes(new byte[] {1, 2});
        WireInput in = new WireInput(out.array(), 0, out.length(), null);
        assertEquals("name", in.readString());
        assertEquals(List.of(1), codec.decode(in));
        assertEquals(-5, in.readInt());
        assertEquals(List.of(2), codec.decode(in));
        assertEquals(Long.MIN_VALUE, in.readLong());
        assertArrayEquals(new byte[] {1, 2}, in.readBytes());
        assertEquals(0, in.remaining());
    }

    @Test
    void aSharedCollectionStaysOne() {
        List<Integer> shared = new ArrayList<>(List.of(1));
        List<List<Integer>> list = new ArrayList<>(List.of(shared, shared));
        List<List<Integer>> back = Trip.same(list);
        assertEquals(list, back);
        assertSame(back.get(0), back.get(1));
        byte[] bytes = {1};
        Object[] arrays = Trip.same(new Object[] {bytes, bytes});
        assertSame(arrays[0], arrays[1]);
        Map<String, Object> map = new HashMap<>();
        map.put("a", new Object[] {shared});
        map.put("b", shared);
        Map<String, Object> mapBack = Trip.same(map);
        assertSame(mapBack.get("b"), ((Object[]) mapBack.get("a"))[0]);
    }

    @Test
    void equalButDistinctCollectionsStayTwo() {
        List<List<Integer>> list = List.of(new ArrayList<>(List.of(1)), new ArrayList<>(List.of(1)));
        byte[] bytes = Trip.encode(list);
        assertTrue(Trip.isCompact(bytes));
        List<?> back = (List<?>) Trip.decode(bytes, Trust.FOREIGN);
        assertNotSame(back.get(0), back.get(1));
    }

    @Test
    void theOnlyEmptyListIsNoReasonForJavaSerialization() {
        List<?> list = List.of(List.of(), List.of(), Map.of(), Map.of(), Set.of(), Set.of());
        assertEquals(list, Trip.foreign(list));
    }

    @Test
    void cyclesComeBack() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        List<Object> back = Trip.same(list);
        assertSame(back, back.get(0));
        Object[] array = new Object[2];
        Map<String, Object> map = new HashMap<>();
        map.put("array", array);
        array[1] = map;
        Object[] arrayBack = Trip.same(array);
        assertSame(arrayBack, ((Map<?, ?>) arrayBack[1]).get("array"));
    }
}
