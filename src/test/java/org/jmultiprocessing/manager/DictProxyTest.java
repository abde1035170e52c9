package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;

/** A dict has all methods of a ConcurrentMap. */
class DictProxyTest extends SharedManager {
    private static DictProxy<String, Integer> abc() {
        Map<String, Integer> initial = new LinkedHashMap<>();
        initial.put("c", 3);
        initial.put("a", 1);
        initial.put("b", 2);
        return manager.dict(initial);
    }

    @Test
    void isAMap() {
        ConcurrentMap<String, Integer> dict = manager.dict();
        assertTrue(dict.isEmpty());
        assertNull(dict.put("a", 1));
        assertEquals(1, dict.put("a", 2));
        assertEquals(2, dict.get("a"));
        assertNull(dict.get("x"));
        assertEquals(9, dict.getOrDefault("x", 9));
        assertTrue(dict.containsKey("a"));
        assertTrue(dict.containsValue(2));
        assertEquals(2, dict.putIfAbsent("a", 7));
        assertNull(dict.putIfAbsent("b", 7));
        assertEquals(7, dict.replace("b", 8));
        assertNull(dict.replace("x", 8));
        assertTrue(dict.replace("b", 8, 9));
        assertFalse(dict.replace("b", 8, 10));
        assertFalse(dict.remove("b", 8));
        assertTrue(dict.remove("b", 9));
        assertEquals(2, dict.remove("a"));
        assertEquals(0, dict.size());
        dict.putAll(Map.of("p", 1, "q", 2));
        assertEquals(2, dict.size());
        dict.clear();
        assertTrue(dict.isEmpty());
    }

    @Test
    void keepsTheOrderOfPythonsDict() {
        DictProxy<String, Integer> dict = abc();
        assertEquals(List.of("c", "a", "b"), List.copyOf(dict.keySet()));
        assertEquals("{c=3, a=1, b=2}", dict.toString());
        assertEquals(List.of(3, 1, 2), new ArrayList<>(dict.values()));
        assertEquals("[c=3, a=1, b=2]", dict.entrySet().toString());
    }

    @Test
    void isEqualToAMapOfTheSameEntries() {
        DictProxy<String, Integer> dict = abc();
        assertEquals(Map.of("a", 1, "b", 2, "c", 3), dict);
        assertEquals(dict, abc());
        assertEquals(dict.hashCode(), abc().hashCode());
        assertNotEquals(dict, Map.of("a", 1));
        assertEquals(Map.of("a", 1, "b", 2, "c", 3), dict.copy());
        assertTrue(dict.describe().startsWith("<DictProxy object "));
    }

    @Test
    void nullsAreAllowedAsInPython() {
        DictProxy<String, Integer> dict = manager.dict();
        dict.put(null, 1);
        dict.put("none", null);
        assertEquals(1, dict.get(null));
        assertTrue(dict.containsKey("none"));
        assertNull(dict.get("none"));
    }

    @Test
    void viewsWriteThrough() {
        DictProxy<String, Integer> dict = abc();
        assertTrue(dict.keySet().remove("a"));
        assertFalse(dict.keySet().remove("a"));
        assertEquals(Map.of("b", 2, "c", 3), dict);
        for (Map.Entry<String, Integer> entry : dict.entrySet()) {
            entry.setValue(entry.getValue() * 10);
        }
        assertEquals(Map.of("b", 20, "c", 30), dict);
        Iterator<Integer> values = dict.values().iterator();
        assertEquals(30, values.next());
        values.remove();
        assertThrows(IllegalStateException.class, values::remove);
        assertEquals(Map.of("b", 20), dict);
        assertTrue(dict.entrySet().contains(Map.entry("b", 20)));
        assertTrue(dict.entrySet().remove(Map.entry("b", 20)));
        assertTrue(dict.isEmpty());
        dict.putAll(Map.of("p", 1, "q", 2, "r", 3));
        assertTrue(dict.keySet().removeAll(Set.of("p", "x")));
        assertTrue(dict.values().removeIf(value -> value == 2));
        assertEquals(Map.of("r", 3), dict);
    }

    @Test
    void functionsRunInTheServer() {
        DictProxy<String, Integer> dict = abc();
        assertEquals(5, dict.merge("a", 4, Integer::sum));
        assertEquals(4, dict.merge("d", 4, Integer::sum));
        assertNull(dict.merge("d", 4, (old, given) -> null));
        assertFalse(dict.containsKey("d"));
        assertEquals(50, dict.compute("a", (key, value) -> value * 10));
        assertNull(dict.compute("a", (key, value) -> null));
        assertEquals(1, dict.computeIfAbsent("a", String::length));
        assertEquals(1, dict.computeIfAbsent("a", key -> 99));
        assertEquals(3, dict.computeIfPresent("a", (key, value) -> value + 2));
        assertNull(dict.computeIfPresent("x", (key, value) -> 1));
        dict.replaceAll((key, value) -> -value);
        assertEquals(Map.of("a", -3, "b", -2, "c", -3), dict);
        assertNotEquals((int) ProcessHandle.current().pid(), dict.compute("pid", (key, value) -> (int) ProcessHandle.current().pid()));
    }

    @Test
    void functionsThatCannotTravelRunHere() {
        Map<String, Integer> dict = abc();
        AtomicInteger calls = new AtomicInteger();
        BiFunction<Integer, Integer, Integer> counting = (old, given) -> {
            calls.incrementAndGet();
            return old + given;
        };
        assertEquals(5, dict.merge("a", 4, counting));
        assertEquals(1, calls.get());
        assertEquals(6, dict.compute("a", (key, value) -> value + calls.get()));
        assertEquals(1, dict.computeIfAbsent("z", key -> calls.get()));
        dict.replaceAll((key, value) -> value + calls.get());
        assertEquals(Map.of("a", 7, "b", 3, "c", 4, "z", 2), dict);
    }

    @Test
    void whatAFunctionThrowsComesAsItself() {
        DictProxy<String, Integer> dict = abc();
        ArithmeticException failure = assertThrows(ArithmeticException.class, () -> dict.compute("a", (key, value) -> value / (value - 1)));
        assertEquals("/ by zero", failure.getMessage());
        assertTrue(failure.getCause().toString().contains("DictReferent"), failure.getCause().toString());
        assertEquals(1, dict.get("a"));
    }

    static void count(DictProxy<String, Integer> dict, Map<String, Integer> asMap) {
        int[] one = {1};
        for (int i = 0; i < 200; i++) {
            dict.merge("server", 1, Integer::sum);
            asMap.merge("here", 1, (old, given) -> old + one[0]);
        }
    }

    @Test
    void noCountIsLost() throws Exception {
        DictProxy<String, Integer> dict = manager.dict();
        try (Process a = new Process(DictProxyTest::count, dict, dict); Process b = new Process(DictProxyTest::count, dict, dict)) {
            a.start();
            b.start();
            a.join();
            b.join();
        }
        assertEquals(Map.of("server", 400, "here", 400), dict);
    }

    @Test
    void whatWasGotIsACopy() {
        DictProxy<String, List<Integer>> dict = manager.dict();
        dict.put("list", new ArrayList<>(List.of(1)));
        dict.get("list").add(2);
        assertEquals(List.of(1), dict.get("list"));
        dict.computeIfPresent("list", (key, list) -> {
            list.add(2);
            return list;
        });
        assertEquals(List.of(1, 2), dict.get("list"));
    }

    @Test
    void nestedProxiesStayProxies() {
        DictProxy<String, ListProxy<Integer>> dict = manager.dict();
        ListProxy<Integer> list = manager.list(List.of(1));
        dict.put("list", list);
        dict.get("list").add(2);
        assertEquals(List.of(1, 2), list);
        assertEquals("{list=[1, 2]}", dict.toString());
        assertEquals(Map.of("list", List.of(1, 2)), dict.copy());
        assertTrue(dict.containsValue(list));
        dict.computeIfPresent("list", (key, value) -> {
            value.add(3);
            return value;
        });
        assertEquals(List.of(1, 2, 3), list);
    }
}
