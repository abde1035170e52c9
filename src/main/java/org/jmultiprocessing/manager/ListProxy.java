package org.jmultiprocessing.manager;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.RandomAccess;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A list in a {@link Manager}'s server: Python's {@code ListProxy}, and a {@link List}. Elements may be null.
 *
 * <p><b>Copies.</b> What is put in is copied to the server, and what is got is a copy: a change of it is seen by nobody until it is put in again. A
 * proxy that is put in stays a proxy, so nest {@code manager.list()} instead, or change the element in the server by {@link #update}.
 *
 * <p><b>Atomicity.</b> Each method is one call, which the server does at once, but for {@link #subList} and {@link #listIterator()}, which call for
 * each step. {@link #iterator} goes through the elements of one instant. A serializable function runs in the server, if that runs functions.
 *
 * <p><b>Blocking.</b> A call waits for the server and for calls of others under way. An interrupt does not end it; the flag stays set.
 *
 * <p>Travels to other processes of the tree, alone or inside another value. Safe for any number of threads.
 *
 * @param <E> its elements
 */
public final class ListProxy<E> extends AbstractList<E> implements RandomAccess, Transferable {
    static {
        Transferable.register(ListProxy.class, new HandleForm.Reader<>(ListProxy.class));
    }

    private final Handle handle;

    ListProxy(Handle handle) {
        this.handle = handle;
    }

    Handle handle() {
        return handle;
    }

    @SuppressWarnings("unchecked") // Only what was put in comes out.
    private E element(int method, Object... arguments) {
        return (E) handle.call(method, arguments);
    }

    private boolean truth(int method, Object... arguments) {
        return (Boolean) handle.call(method, arguments);
    }

    private int number(int method, Object... arguments) {
        return (Integer) handle.call(method, arguments);
    }

    // ---- one element ----

    @Override
    public E get(int index) {
        return element(ListReferent.GET, index);
    }

    @Override
    public E set(int index, E value) {
        return element(ListReferent.SET, index, value);
    }

    @Override
    public boolean add(E value) {
        return truth(CollectionReferent.ADD, value);
    }

    @Override
    public void add(int index, E value) {
        handle.call(ListReferent.ADD_AT, index, value);
    }

    @Override
    public E remove(int index) {
        return element(ListReferent.REMOVE_AT, index);
    }

    @Override
    public boolean remove(Object value) {
        return truth(CollectionReferent.REMOVE, value);
    }

    @Override
    public boolean contains(Object value) {
        return truth(CollectionReferent.CONTAINS, value);
    }

    @Override
    public int indexOf(Object value) {
        return number(ListReferent.INDEX_OF, value);
    }

    @Override
    public int lastIndexOf(Object value) {
        return number(ListReferent.LAST_INDEX_OF, value);
    }

    /**
     * Changes an element in the server, during which nobody else gets at the list.
     *
     * @param index which
     * @param function makes the new element of the old one
     * @return the new element
     * @throws UnsupportedOperationException if the server runs no functions of this process
     */
    @SuppressWarnings("unchecked") // Only what was put in comes out.
    public E update(int index, ServerFunction<? super E, ? extends E> function) {
        return (E) handle.callOnlyWith(function, ListReferent.UPDATE, index, function);
    }

    // ---- all ----

    @Override
    public int size() {
        return number(CollectionReferent.SIZE);
    }

    @Override
    public void clear() {
        handle.call(CollectionReferent.CLEAR);
    }

    @Override
    public boolean addAll(Collection<? extends E> values) {
        return truth(CollectionReferent.ADD_ALL, new ArrayList<>(values));
    }

    @Override
    public boolean addAll(int index, Collection<? extends E> values) {
        return truth(ListReferent.ADD_ALL_AT, index, new ArrayList<>(values));
    }

    @Override
    public boolean removeAll(Collection<?> values) {
        return truth(CollectionReferent.REMOVE_ALL, new ArrayList<>(values));
    }

    @Override
    public boolean retainAll(Collection<?> values) {
        return truth(CollectionReferent.RETAIN_ALL, new ArrayList<>(values));
    }

    @Override
    public boolean containsAll(Collection<?> values) {
        return truth(CollectionReferent.CONTAINS_ALL, new ArrayList<>(values));
    }

    @Override
    protected void removeRange(int from, int to) {
        handle.call(ListReferent.REMOVE_RANGE, from, to);
    }

    /**
     * Copies a stretch.
     *
     * @param from its first index
     * @param to the index after its last
     * @return the elements, in a list of this process; Python's {@code list[from:to]}
     */
    public List<E> slice(int from, int to) {
        return Snapshots.list(handle.call(ListReferent.SUB_LIST, from, to));
    }

    /** @return all elements of one instant, in a list of this process; Python's {@code copy()} */
    public List<E> copy() {
        return Snapshots.list(handle.call(CollectionReferent.SNAPSHOT));
    }

    @Override
    public Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <T> T[] toArray(T[] target) {
        return copy().toArray(target);
    }

    /** Goes through the elements of one instant. */
    @Override
    public void forEach(Consumer<? super E> action) {
        copy().forEach(action);
    }

    /**
     * Goes through the elements of one instant. {@code remove} removes from the list itself, if the element is still where it was.
     *
     * @return an iterator
     */
    @Override
    public Iterator<E> iterator() {
        return new Positions(copy());
    }

    /** Its every step is a call, of which each sees the list as it is then. */
    @Override
    public ListIterator<E> listIterator(int index) {
        return super.listIterator(index);
    }

    // ---- with a function ----

    @Override
    public boolean removeIf(Predicate<? super E> condition) {
        Object result = handle.callWith(condition, CollectionReferent.REMOVE_IF, condition);
        return result == Handle.NOT_SENT ? super.removeIf(condition) : (Boolean) result;
    }

    /**
     * As {@link #removeIf(Predicate)}, in the server and at once.
     *
     * @param condition says of each element whether it is removed
     * @return whether any was removed
     */
    public boolean removeIf(ServerPredicate<? super E> condition) {
        return removeIf((Predicate<? super E>) condition);
    }

    @Override
    public void replaceAll(UnaryOperator<E> function) {
        if (handle.callWith(function, ListReferent.REPLACE_ALL, function) == Handle.NOT_SENT) {
            super.replaceAll(function);
        }
    }

    /**
     * As {@link #replaceAll(UnaryOperator)}, in the server and at once.
     *
     * @param function makes the new element of each old one
     */
    public void replaceAll(ServerOperator<E> function) {
        replaceAll((UnaryOperator<E>) function);
    }

    /** In the server and at once with the natural order (null) and a serializable comparator, else by this process, element by element. */
    @Override
    public void sort(Comparator<? super E> order) {
        if (order == null) {
            handle.call(ListReferent.SORT, order);
        } else if (handle.callWith(order, ListReferent.SORT, order) == Handle.NOT_SENT) {
            super.sort(order);
        }
    }

    /**
     * As {@link #sort(Comparator)}, in the server and at once.
     *
     * @param order what comes first
     */
    public void sort(ServerComparator<? super E> order) {
        sort((Comparator<? super E>) order);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ListProxy<?> list && handle.isSame(list.handle) || other instanceof List && copy().equals(other);
    }

    @Override
    public int hashCode() {
        return copy().hashCode();
    }

    /** @return the list's own text; asks the server */
    @Override
    public String toString() {
        return handle.text();
    }

    /** @return how the proxy itself is shown, Python's {@code repr} */
    public String describe() {
        return handle.show(this);
    }

    @Override
    public void writeTransfer(TransferOutput out) {
        handle.write(out);
    }

    /** Knows where each element was. */
    private final class Positions implements Iterator<E> {
        private final List<E> elements;
        private int next;
        private int removed;
        private boolean removable;

        Positions(List<E> elements) {
            this.elements = elements;
        }

        @Override
        public boolean hasNext() {
            return next < elements.size();
        }

        @Override
        public E next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            removable = true;
            return elements.get(next++);
        }

        @Override
        public void remove() {
            if (!removable) {
                throw new IllegalStateException("next has not been called, or the element is removed already");
            }
            removable = false;
            int index = next - 1;
            handle.call(ListReferent.REMOVE_IF_STILL, index - removed, elements.get(index));
            removed++;
        }
    }
}
