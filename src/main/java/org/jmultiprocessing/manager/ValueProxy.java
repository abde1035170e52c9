package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.Transferable;

/**
 * A value in a {@link Manager}'s server: Python's {@code Manager().Value()}. It may be of any type that can travel, and null. Each method is one
 * call, which the server does at once.
 *
 * @param <T> what it is
 */
public final class ValueProxy<T> extends ObjectProxy {
    static {
        Transferable.register(ValueProxy.class, new HandleForm.Reader<>(ValueProxy.class));
    }

    ValueProxy(Handle handle) {
        super(handle);
    }

    /** @return a copy of the value */
    @SuppressWarnings("unchecked") // Only what was set comes out.
    public T get() {
        return (T) handle().call(ValueReferent.GET);
    }

    /** @param value what it is from now on */
    public void set(T value) {
        handle().call(ValueReferent.SET, value);
    }

    /**
     * @param value what it is from now on
     * @return what it was
     */
    @SuppressWarnings("unchecked") // Only what was set comes out.
    public T getAndSet(T value) {
        return (T) handle().call(ValueReferent.GET_AND_SET, value);
    }

    /**
     * @param expected what it has to equal
     * @param value what it is then
     * @return whether it did
     */
    public boolean compareAndSet(T expected, T value) {
        return (Boolean) handle().call(ValueReferent.COMPARE_AND_SET, expected, value);
    }

    /**
     * Changes it in the server: {@code counter.update(n -> n + 1)} loses no count.
     *
     * @param function makes the new value of the old one
     * @return the new value
     * @throws UnsupportedOperationException if the server runs no functions of this process
     */
    @SuppressWarnings("unchecked") // Only what was set comes out.
    public T update(ServerOperator<T> function) {
        return (T) handle().callOnlyWith(function, ValueReferent.UPDATE, function);
    }
}
