package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jmultiprocessing.spi.Transferable;

/**
 * An array of fixed length in a {@link Manager}'s server: Python's {@code Manager().Array()}. Its elements may be of any type that can travel, and
 * null. Each method is one call, which the server does at once.
 *
 * @param <T> its elements
 */
public final class ArrayProxy<T> extends ObjectProxy implements Iterable<T> {
    static {
        Transferable.register(ArrayProxy.class, new HandleForm.Reader<>(ArrayProxy.class));
    }

    ArrayProxy(Handle handle) {
        super(handle);
    }

    /** @return how many elements it has */
    public int length() {
        return (Integer) handle().call(ArrayReferent.LENGTH);
    }

    /**
     * @param index which
     * @return a copy of the element
     * @throws ArrayIndexOutOfBoundsException if there is none
     */
    @SuppressWarnings("unchecked") // Only what was set comes out.
    public T get(int index) {
        return (T) handle().call(ArrayReferent.GET, index);
    }

    /**
     * @param index which
     * @param value the element from now on
     * @throws ArrayIndexOutOfBoundsException if there is none
     */
    public void set(int index, T value) {
        handle().call(ArrayReferent.SET, index, value);
    }

    /**
     * @param from the first index
     * @param to the index after the last
     * @return copies of these elements; Python's {@code array[from:to]}
     * @throws IndexOutOfBoundsException if the array has no such range
     */
    public List<T> slice(int from, int to) {
        return Snapshots.list(handle().call(ArrayReferent.GET_RANGE, from, to));
    }

    /**
     * @param from the first index
     * @param values the elements there from now on
     * @throws IndexOutOfBoundsException if the array has no such range
     */
    public void setAll(int from, Collection<? extends T> values) {
        handle().call(ArrayReferent.SET_RANGE, from, new ArrayList<>(values));
    }

    /**
     * Changes an element in the server.
     *
     * @param index which
     * @param function makes the new element of the old one
     * @return the new element
     * @throws UnsupportedOperationException if the server runs no functions of this process
     */
    @SuppressWarnings("unchecked") // Only what was set comes out.
    public T update(int index, ServerOperator<T> function) {
        return (T) handle().callOnlyWith(function, ArrayReferent.UPDATE, index, function);
    }

    /** @return copies of all elements, of one instant */
    public List<T> copy() {
        return Snapshots.list(handle().call(ArrayReferent.SNAPSHOT));
    }

    /** @return goes through the elements of one instant */
    @Override
    public Iterator<T> iterator() {
        return copy().iterator();
    }
}
