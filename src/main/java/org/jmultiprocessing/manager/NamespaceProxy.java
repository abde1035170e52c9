package org.jmultiprocessing.manager;

import java.util.Map;
import org.jmultiprocessing.spi.Transferable;

/** Named values in a {@link Manager}'s server: Python's {@code Manager().Namespace()}. Names do not begin with an underscore; values may be null. */
public final class NamespaceProxy extends ObjectProxy {
    static {
        Transferable.register(NamespaceProxy.class, new HandleForm.Reader<>(NamespaceProxy.class));
    }

    NamespaceProxy(Handle handle) {
        super(handle);
    }

    /**
     * @param <T> what the caller knows it to be
     * @param name an attribute
     * @return a copy of its value
     * @throws java.util.NoSuchElementException {@code 'Namespace' object has no attribute 'x'}
     * @throws IllegalArgumentException if the name begins with an underscore
     */
    @SuppressWarnings("unchecked") // The caller says what it is.
    public <T> T get(String name) {
        return (T) handle().call(NamespaceReferent.GET, name);
    }

    /**
     * @param name an attribute, new or not
     * @param value its value from now on
     * @throws IllegalArgumentException if the name begins with an underscore
     */
    public void set(String name, Object value) {
        handle().call(NamespaceReferent.SET, name, value);
    }

    /**
     * @param name an attribute that is there, and from now on not
     * @throws java.util.NoSuchElementException {@code 'Namespace' object has no attribute 'x'}
     * @throws IllegalArgumentException if the name begins with an underscore
     */
    public void delete(String name) {
        handle().call(NamespaceReferent.DELETE, name);
    }

    /**
     * @param name an attribute
     * @return whether it is there
     * @throws IllegalArgumentException if the name begins with an underscore
     */
    public boolean has(String name) {
        return (Boolean) handle().call(NamespaceReferent.HAS, name);
    }

    /**
     * Changes an attribute in the server, during which nobody else gets at the namespace.
     *
     * @param <T> what it is
     * @param name an attribute that is there
     * @param function makes the new value of the old one
     * @return the new value
     * @throws UnsupportedOperationException if the server runs no functions of this process
     */
    @SuppressWarnings("unchecked") // The caller says what it is.
    public <T> T update(String name, ServerOperator<T> function) {
        return (T) handle().callOnlyWith(function, NamespaceReferent.UPDATE, name, function);
    }

    /** @return all attributes of one instant, in a map of this process */
    @SuppressWarnings("unchecked") // Only what was set comes out.
    public Map<String, Object> copy() {
        return (Map<String, Object>) handle().call(NamespaceReferent.ATTRIBUTES);
    }
}
