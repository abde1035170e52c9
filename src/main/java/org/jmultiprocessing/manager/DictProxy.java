package org.jmultiprocessing.manager;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A map in a {@link Manager}'s server: Python's {@code DictProxy}, and a {@link ConcurrentMap}. It keeps the order in which keys came. Keys and
 * values may be null, as in a {@link HashMap}; in {@code putIfAbsent} and the like, null counts as absent.
 *
 * <p><b>Copies.</b> What is put in is copied to the server, and what is got is a copy: a change of a list that was got is seen by nobody until it is
 * put in again. A proxy that is put in stays a proxy, so nest {@code manager.list()} instead, or change the value in the server by {@link #compute}.
 *
 * <p><b>Atomicity.</b> Each method is one call, which the server does at once. {@link #compute}, {@link #merge} and their like run a serializable
 * function in the server, during which nobody else gets at the map; so does a lambda that is written where the map is declared as a
 * {@code DictProxy}. With any other function, or where the server runs none ({@link ManagerBuilder#allowFunctions}), they call it here, and again if
 * the value was changed meanwhile. Views are of the moment in which one goes through them, and write through.
 *
 * <p><b>Blocking.</b> A call waits for the server and for calls of others under way. An interrupt does not end it; the flag stays set.
 *
 * <p>Travels to other processes of the tree, alone or inside another value. Safe for any number of threads.
 *
 * @param <K> its keys
 * @param <V> its values
 */
public final class DictProxy<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V>, Transferable {
    static {
        Transferable.register(DictProxy.class, new HandleForm.Reader<>(DictProxy.class));
    }

    private final Handle handle;

    DictProxy(Handle handle) {
        this.handle = handle;
    }

    Handle handle() {
        return handle;
    }

    @SuppressWarnings("unchecked") // Only what was put in comes out.
    private V value(int method, Object... arguments) {
        return (V) handle.call(method, arguments);
    }

    private boolean truth(int method, Object... arguments) {
        return (Boolean) handle.call(method, arguments);
    }

    @SuppressWarnings("unchecked") // Only what was put in comes out.
    private static <T> T cast(Object result) {
        return (T) result;
    }

    // ---- one entry ----

    @Override
    public V get(Object key) {
        return value(DictReferent.GET, key);
    }

    @Override
    public V getOrDefault(Object key, V defaultValue) {
        return value(DictReferent.GET_OR_DEFAULT, key, defaultValue);
    }

    @Override
    public boolean containsKey(Object key) {
        return truth(DictReferent.CONTAINS_KEY, key);
    }

    @Override
    public V put(K key, V value) {
        return value(DictReferent.PUT, key, value);
    }

    @Override
    public V putIfAbsent(K key, V value) {
        return value(DictReferent.PUT_IF_ABSENT, key, value);
    }

    @Override
    public V remove(Object key) {
        return value(DictReferent.REMOVE, key);
    }

    @Override
    public boolean remove(Object key, Object value) {
        return truth(DictReferent.REMOVE_PAIR, key, value);
    }

    @Override
    public V replace(K key, V value) {
        return value(DictReferent.REPLACE, key, value);
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
        return truth(DictReferent.REPLACE_PAIR, key, oldValue, newValue);
    }

    // ---- with a function ----

    @Override
    public V compute(K key, BiFunction<? super K, ? super V, ? extends V> function) {
        Object result = handle.callWith(function, DictReferent.COMPUTE, key, function);
        return result == Handle.NOT_SENT ? ConcurrentMap.super.compute(key, function) : cast(result);
    }

    /**
     * As {@link #compute(Object, BiFunction)}, in the server.
     *
     * @param key which entry
     * @param function makes the new value of key and old value
     * @return the new value
     */
    public V compute(K key, ServerBiFunction<? super K, ? super V, ? extends V> function) {
        return compute(key, (BiFunction<? super K, ? super V, ? extends V>) function);
    }

    @Override
    public V computeIfAbsent(K key, Function<? super K, ? extends V> function) {
        Object result = handle.callWith(function, DictReferent.COMPUTE_IF_ABSENT, key, function);
        return result == Handle.NOT_SENT ? ConcurrentMap.super.computeIfAbsent(key, function) : cast(result);
    }

    /**
     * As {@link #computeIfAbsent(Object, Function)}, in the server.
     *
     * @param key which entry
     * @param function makes the value
     * @return the value
     */
    public V computeIfAbsent(K key, ServerFunction<? super K, ? extends V> function) {
        return computeIfAbsent(key, (Function<? super K, ? extends V>) function);
    }

    @Override
    public V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> function) {
        Object result = handle.callWith(function, DictReferent.COMPUTE_IF_PRESENT, key, function);
        return result == Handle.NOT_SENT ? ConcurrentMap.super.computeIfPresent(key, function) : cast(result);
    }

    /**
     * As {@link #computeIfPresent(Object, BiFunction)}, in the server.
     *
     * @param key which entry
     * @param function makes the new value of key and old value
     * @return the new value; null if there is no entry
     */
    public V computeIfPresent(K key, ServerBiFunction<? super K, ? super V, ? extends V> function) {
        return computeIfPresent(key, (BiFunction<? super K, ? super V, ? extends V>) function);
    }

    @Override
    public V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> function) {
        Objects.requireNonNull(value, "value");
        Object result = handle.callWith(function, DictReferent.MERGE, key, value, function);
        return result == Handle.NOT_SENT ? ConcurrentMap.super.merge(key, value, function) : cast(result);
    }

    /**
     * As {@link #merge(Object, Object, BiFunction)}, in the server.
     *
     * @param key which entry
     * @param value what it gets if there is none
     * @param function makes the new value of the old one and {@code value}
     * @return the new value
     */
    public V merge(K key, V value, ServerBiFunction<? super V, ? super V, ? extends V> function) {
        return merge(key, value, (BiFunction<? super V, ? super V, ? extends V>) function);
    }

    @Override
    public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
        if (handle.callWith(function, DictReferent.REPLACE_ALL, function) == Handle.NOT_SENT) {
            ConcurrentMap.super.replaceAll(function);
        }
    }

    /**
     * As {@link #replaceAll(BiFunction)}, in the server and at once for all entries.
     *
     * @param function makes the new value of key and old value
     */
    public void replaceAll(ServerBiFunction<? super K, ? super V, ? extends V> function) {
        replaceAll((BiFunction<? super K, ? super V, ? extends V>) function);
    }

    // ---- all ----

    @Override
    public int size() {
        return (Integer) handle.call(DictReferent.SIZE);
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public boolean containsValue(Object value) {
        return truth(DictReferent.CONTAINS_VALUE, value);
    }

    /** In one call, all entries at once. */
    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        handle.call(DictReferent.PUT_ALL, entries instanceof DictProxy<?, ?> dict ? dict.copy() : new LinkedHashMap<>(entries));
    }

    @Override
    public void clear() {
        handle.call(DictReferent.CLEAR);
    }

    /** @return all entries of one instant, in a map of this process; Python's {@code copy()} */
    @SuppressWarnings("unchecked") // Only what was put in comes out.
    public Map<K, V> copy() {
        return (Map<K, V>) handle.call(DictReferent.SNAPSHOT);
    }

    /** Goes through the entries of one instant. */
    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        copy().forEach(action);
    }

    @Override
    public Set<K> keySet() {
        return new DictViews.Keys<>(this);
    }

    @Override
    public Collection<V> values() {
        return new DictViews.Values<>(this);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new DictViews.Entries<>(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DictProxy<?, ?> dict && handle.isSame(dict.handle) || other instanceof Map && copy().equals(other);
    }

    @Override
    public int hashCode() {
        return copy().hashCode();
    }

    /** @return the map's own text; asks the server */
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
