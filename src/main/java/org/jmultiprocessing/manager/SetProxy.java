package org.jmultiprocessing.manager;

import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A set in a {@link Manager}'s server: Python 3.14's {@code SetProxy}, and a {@link Set}. It keeps the order in which elements came. What was said of
 * {@link ListProxy} about copies, atomicity and blocking holds here too.
 *
 * <p>Travels to other processes of the tree, alone or inside another value. Safe for any number of threads.
 *
 * @param <E> its elements
 */
public final class SetProxy<E> extends AbstractSet<E> implements Transferable {
    static {
        Transferable.register(SetProxy.class, new HandleForm.Reader<>(SetProxy.class));
    }

    private final Handle handle;

    SetProxy(Handle handle) {
        this.handle = handle;
    }

    Handle handle() {
        return handle;
    }

    private boolean truth(int method, Object... arguments) {
        return (Boolean) handle.call(method, arguments);
    }

    @Override
    public boolean add(E value) {
        return truth(CollectionReferent.ADD, value);
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
    public int size() {
        return (Integer) handle.call(CollectionReferent.SIZE);
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

    /** @return all elements of one instant, in a set of this process; Python's {@code copy()} */
    @SuppressWarnings("unchecked") // Only what was put in comes out.
    public Set<E> copy() {
        return (Set<E>) handle.call(CollectionReferent.SNAPSHOT);
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
     * Goes through the elements of one instant. {@code remove} removes from the set itself.
     *
     * @return an iterator
     */
    @Override
    public Iterator<E> iterator() {
        return new Snapshots<>(copy(), this::remove);
    }

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
    public boolean equals(Object other) {
        return other instanceof SetProxy<?> set && handle.isSame(set.handle) || other instanceof Set && copy().equals(other);
    }

    @Override
    public int hashCode() {
        return copy().hashCode();
    }

    /** @return the set's own text; asks the server */
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
}
