package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Lists, sets, arrays, values and namespaces. */
class CollectionProxiesTest extends SharedManager {
    @Test
    void aListIsAList() {
        List<String> list = manager.list();
        assertTrue(list.add("b"));
        list.add(0, "a");
        assertTrue(list.addAll(List.of("d", "e")));
        assertTrue(list.addAll(2, List.of("c")));
        assertEquals(List.of("a", "b", "c", "d", "e"), list);
        assertEquals(list, manager.list(List.of("a", "b", "c", "d", "e")));
        assertEquals("[a, b, c, d, e]", list.toString());
        assertEquals("c", list.get(2));
        assertEquals("c", list.set(2, "C"));
        assertEquals(2, list.indexOf("C"));
        assertEquals(-1, list.lastIndexOf("x"));
        assertTrue(list.contains("C"));
        assertTrue(list.containsAll(Set.of("a", "e")));
        assertEquals("C", list.remove(2));
        assertTrue(list.remove("e"));
        assertFalse(list.remove("e"));
        assertArrayEquals(new String[] {"a", "b", "d"}, list.toArray(new String[0]));
        assertTrue(list.removeAll(Set.of("d", "x")));
        assertTrue(list.retainAll(Set.of("a")));
        assertEquals(1, list.size());
        list.clear();
        assertTrue(list.isEmpty());
    }

    @Test
    void aListsErrorsAreItself() {
        List<Integer> list = manager.list(List.of(1));
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(1));
        assertThrows(IndexOutOfBoundsException.class, () -> list.remove(-1));
    }

    @Test
    void aListIsGoneThroughAndChanged() {
        ListProxy<Integer> list = manager.list(List.of(1, 2, 3, 4, 5, 6));
        Iterator<Integer> iterator = list.iterator();
        while (iterator.hasNext()) {
            if (iterator.next() % 2 == 0) {
                iterator.remove();
            }
        }
        assertEquals(List.of(1, 3, 5), list);
        assertThrows(NoSuchElementException.class, iterator::next);
        iterator = list.iterator();
        iterator.next();
        list.set(0, 9);
        assertThrows(ConcurrentModificationException.class, iterator::remove);
        ListIterator<Integer> positions = list.listIterator();
        while (positions.hasNext()) {
            positions.set(positions.next() * 2);
        }
        assertEquals(List.of(18, 6, 10), list);
        list.subList(0, 2).clear();
        assertEquals(List.of(10), list);
        list.addAll(List.of(11, 12));
        assertEquals(List.of(11, 12), list.slice(1, 3));
        assertEquals(33, list.stream().mapToInt(i -> i).sum());
    }

    @Test
    void aListsFunctionsRunInTheServer() {
        ListProxy<Integer> list = manager.list(List.of(3, 1, 2));
        list.sort(null);
        assertEquals(List.of(1, 2, 3), list);
        list.sort((a, b) -> b - a);
        assertEquals(List.of(3, 2, 1), list);
        list.replaceAll(i -> i * 10);
        assertEquals(List.of(30, 20, 10), list);
        assertTrue(list.removeIf(i -> i == 20));
        assertEquals(11, list.update(1, i -> i + 1));
        assertEquals(List.of(30, 11), list);
        List<Integer> asList = list;
        int[] here = {2};
        asList.replaceAll(i -> i * here[0]);
        asList.sort(Comparator.comparing(i -> i + here[0]));
        assertFalse(asList.removeIf(i -> i == here[0]));
        assertEquals(List.of(22, 60), list);
    }

    @Test
    void aSetIsASet() {
        SetProxy<String> set = manager.set(List.of("b", "a", "b"));
        assertEquals("[b, a]", set.toString());
        assertFalse(set.add("a"));
        assertTrue(set.add("c"));
        assertTrue(set.contains("c"));
        assertEquals(Set.of("a", "b", "c"), set);
        assertEquals(set.hashCode(), Set.of("a", "b", "c").hashCode());
        assertTrue(set.addAll(List.of("d")));
        assertTrue(set.removeAll(List.of("d")));
        assertTrue(set.containsAll(List.of("a", "b")));
        for (Iterator<String> elements = set.iterator(); elements.hasNext();) {
            if (elements.next().equals("b")) {
                elements.remove();
            }
        }
        assertTrue(set.removeIf(element -> element.equals("c")));
        assertFalse(set.retainAll(List.of("a", "z")));
        assertArrayEquals(new Object[] {"a"}, set.toArray());
        assertTrue(set.remove("a"));
        assertEquals(0, set.size());
        assertTrue(set.copy().isEmpty());
    }

    @Test
    void anArrayKeepsItsLength() {
        ArrayProxy<Integer> array = manager.array(List.of(1, 2, 3));
        assertEquals(3, array.length());
        array.set(1, 20);
        array.setAll(1, List.of(21, 31));
        assertEquals(21, array.get(1));
        assertEquals(List.of(21, 31), array.slice(1, 3));
        assertEquals(List.of(1, 21, 31), array.copy());
        assertEquals(22, array.update(1, i -> i + 1));
        assertEquals("Array[1, 22, 31]", array.toString());
        assertThrows(ArrayIndexOutOfBoundsException.class, () -> array.get(3));
        assertThrows(IndexOutOfBoundsException.class, () -> array.setAll(2, List.of(1, 2)));
        List<Integer> seen = new ArrayList<>();
        array.forEach(seen::add);
        assertEquals(Arrays.asList(1, 22, 31), seen);
    }

    @Test
    void aValueIsSetAndChanged() {
        ValueProxy<Integer> value = manager.value(1);
        assertEquals(1, value.get());
        value.set(2);
        assertEquals(2, value.getAndSet(3));
        assertTrue(value.compareAndSet(3, 4));
        assertFalse(value.compareAndSet(3, 5));
        assertEquals(5, value.update(i -> i + 1));
        assertEquals("Value(5)", value.toString());
        value.set(null);
        assertNull(value.get());
    }

    @Test
    void aNamespaceHasAttributes() {
        NamespaceProxy namespace = manager.namespace(Map.of("x", 1));
        assertEquals(Integer.valueOf(1), namespace.get("x"));
        namespace.set("y", "why");
        assertTrue(namespace.has("y"));
        assertEquals(Map.of("x", 1, "y", "why"), namespace.copy());
        assertEquals("Namespace(x=1, y=why)", namespace.toString());
        assertEquals(Integer.valueOf(2), namespace.<Integer>update("x", i -> i + 1));
        namespace.delete("x");
        assertFalse(namespace.has("x"));
        NoSuchElementException missing = assertThrows(NoSuchElementException.class, () -> namespace.get("x"));
        assertEquals("'Namespace' object has no attribute 'x'", missing.getMessage());
        assertThrows(NoSuchElementException.class, () -> namespace.delete("x"));
        assertThrows(IllegalArgumentException.class, () -> namespace.set("_private", 1));
        assertThrows(IllegalArgumentException.class, () -> manager.namespace(Map.of("_private", 1)));
    }

    @Test
    void proxiesOfOneObjectAreEqual() {
        ValueProxy<Integer> value = manager.value(1);
        ListProxy<Object> list = manager.list();
        list.add(value);
        assertEquals(value, list.get(0));
        assertEquals(value.hashCode(), list.get(0).hashCode());
        assertEquals("<ValueProxy object", value.describe().substring(0, 18));
    }
}
