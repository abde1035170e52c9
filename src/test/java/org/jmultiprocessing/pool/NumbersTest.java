package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jmultiprocessing.pipe.Pipe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Maps whose results are numbers: they come and stay as arrays of primitives, and nobody can tell. */
@Timeout(60)
class NumbersTest {
    private static final int CHUNK = 100;
    private static final int COUNT = 1037;
    private static Pool pool;

    @BeforeAll
    static void start() {
        pool = new Pool(2);
    }

    @AfterAll
    static void end() {
        pool.close();
    }

    private static Object itself(Object element) {
        return element;
    }

    private static List<Integer> numbers() throws InterruptedException {
        return pool.map(x -> x + 1, IntStream.range(0, COUNT).boxed().toList(), CHUNK);
    }

    private static List<Integer> expected() {
        return new ArrayList<>(IntStream.rangeClosed(1, COUNT).boxed().toList());
    }

    @Test
    void eachTypeComesBackAsItself() throws Exception {
        for (List<?> elements : List.of(IntStream.of(Integer.MIN_VALUE, -1, 0, 1, 127, 128, 7, Integer.MAX_VALUE, 9).boxed().toList(),
                LongStream.of(Long.MIN_VALUE, -1, 0, 1, 127, 128, 7, Long.MAX_VALUE, 9).boxed().toList(),
                DoubleStream.of(-0.0, 0.0, Double.NaN, Double.MIN_VALUE, Double.POSITIVE_INFINITY, 1, 2, 3, 4).boxed().toList(),
                List.of(1, 2, 3, 4, 5, 6, 7, 8L, 9), List.of(1L, 2, 3, 4, 5, 6, 7, 8, 9), List.of(1.0, 2, 3, 4, 5, 6, 7, 8, "nine"),
                Arrays.asList(1, 2, 3, 4, 5, 6, 7, null, 9))) {
            for (int chunk : new int[] {1, 8, 9}) {
                assertEquals(elements, pool.map(NumbersTest::itself, elements, chunk));
                assertEquals(elements, pool.mapAsync(NumbersTest::itself, elements, chunk).get());
                List<Object> drawn = new ArrayList<>();
                pool.imap(NumbersTest::itself, elements, chunk).forEachRemaining(drawn::add);
                assertEquals(elements, drawn);
            }
        }
    }

    @Test
    void chunksOfNumbersBesideOthers() throws Exception {
        List<Object> elements = new ArrayList<>(Collections.nCopies(CHUNK, 1));
        elements.addAll(Collections.nCopies(CHUNK, "text"));
        elements.addAll(Collections.nCopies(CHUNK, 2.5));
        assertEquals(elements, pool.map(NumbersTest::itself, elements, CHUNK));
        elements = new ArrayList<>(Collections.nCopies(CHUNK, 1));
        elements.addAll(Collections.nCopies(CHUNK / 2, 2L));
        assertEquals(elements, pool.map(NumbersTest::itself, elements, CHUNK));
    }

    @Test
    void theFirstFailureIsThrownAndNoElementIsTakenForAResult() {
        ArithmeticException failure = assertThrows(ArithmeticException.class,
                () -> pool.map(x -> 1000 / (x - 50), IntStream.range(0, COUNT).boxed().toList(), CHUNK));
        assertEquals("/ by zero", failure.getMessage());
        Iterator<Integer> each = pool.imap(x -> 1000 / (x - 50), IntStream.range(0, CHUNK).boxed().toList(), CHUNK);
        for (int i = 0; i < CHUNK; i++) {
            if (i == 50) {
                assertThrows(ArithmeticException.class, each::next);
            } else {
                assertEquals(1000 / (i - 50), each.next());
            }
        }
    }

    @Test
    void theResultIsAListLikeAnyOther() throws Exception {
        List<Integer> list = numbers();
        assertEquals(expected(), list);
        assertEquals(list, expected());
        assertEquals(expected().hashCode(), list.hashCode());
        assertEquals(expected().toString(), list.toString());
        assertEquals(expected(), Arrays.asList(list.toArray(new Integer[0])));
        assertEquals(expected().subList(99, 201), list.subList(99, 201));
        assertEquals(500, list.indexOf(501));
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(COUNT));
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(-1));
        assertEquals(List.of(), pool.map(x -> x + 1, List.<Integer>of()));
    }

    @Test
    void itCanBeChanged() throws Exception {
        List<Integer> mine = expected();
        List<Integer> list = numbers();
        for (List<Integer> each : List.of(mine, list)) {
            each.set(100, -1);
            each.add(7);
            each.add(200, 8);
            each.addAll(300, List.of(1, 2, 3));
            each.remove(400);
            each.remove(Integer.valueOf(1037));
            each.subList(10, 20).clear();
            each.removeIf(x -> x % 3 == 0);
            Collections.reverse(each);
            each.sort(null);
            each.replaceAll(x -> 2 * x);
            Iterator<Integer> iterator = each.iterator();
            iterator.next();
            iterator.remove();
        }
        assertEquals(mine, list);
        Iterator<Integer> stale = list.iterator();
        list.add(1);
        assertThrows(ConcurrentModificationException.class, stale::next);
        list.clear();
        assertEquals(List.of(), list);
    }

    @Test
    void itTravelsAsAnArrayList() throws Exception {
        int size = pool.apply(list -> list.size(), numbers());
        assertEquals(COUNT, size);
        assertEquals(ArrayList.class.getName(), pool.apply(list -> list.getClass().getName(), numbers()));
        try (Pipe pipe = Pipe.duplex()) {
            Object[] twice = new Object[2];
            twice[0] = numbers();
            twice[1] = twice[0];
            pipe.first().send(twice);
            Object[] arrived = (Object[]) pipe.second().recv();
            assertEquals(expected(), arrived[0]);
            assertEquals(ArrayList.class, arrived[1].getClass());
        }
    }
}
