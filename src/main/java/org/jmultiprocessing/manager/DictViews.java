package org.jmultiprocessing.manager;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Keys, values and entries of a dict: of the moment in which one goes through them, and writing through. */
final class DictViews {
    private DictViews() { }

    static final class Keys<K> extends AbstractSet<K> {
        private final DictProxy<K, ?> dict;

        Keys(DictProxy<K, ?> dict) {
            this.dict = dict;
        }

        @Override
        public Iterator<K> iterator() {
            return new Snapshots<K>(Snapshots.list(dict.handle().call(DictReferent.KEYS)), dict::remove);
        }

        @Override
        public int size() {
            return dict.size();
        }

        @Override
        public boolean contains(Object key) {
            return dict.containsKey(key);
        }

        @Override
        public boolean remove(Object key) {
            return (Boolean) dict.handle().call(DictReferent.REMOVE_KEYS, Collections.singletonList(key));
        }

        @Override
        public boolean removeAll(Collection<?> keys) {
            return (Boolean) dict.handle().call(DictReferent.REMOVE_KEYS, new ArrayList<>(keys));
        }

        @Override
        public void clear() {
            dict.clear();
        }
    }

    static final class Values<K, V> extends AbstractCollection<V> {
        private final DictProxy<K, V> dict;

        Values(DictProxy<K, V> dict) {
            this.dict = dict;
        }

        @Override
        public Iterator<V> iterator() {
            Iterator<Map.Entry<K, V>> entries = dict.entrySet().iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return entries.hasNext();
                }

                @Override
                public V next() {
                    return entries.next().getValue();
                }

                @Override
                public void remove() {
                    entries.remove();
                }
            };
        }

        @Override
        public int size() {
            return dict.size();
        }

        @Override
        public boolean contains(Object value) {
            return dict.containsValue(value);
        }

        @Override
        public void clear() {
            dict.clear();
        }
    }

    static final class Entries<K, V> extends AbstractSet<Map.Entry<K, V>> {
        private final DictProxy<K, V> dict;

        Entries(DictProxy<K, V> dict) {
            this.dict = dict;
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            List<Map.Entry<K, V>> entries = new ArrayList<>();
            dict.copy().forEach((key, value) -> entries.add(new Written<>(dict, key, value)));
            return new Snapshots<Map.Entry<K, V>>(entries, entry -> dict.remove(entry.getKey()));
        }

        @Override
        public int size() {
            return dict.size();
        }

        @Override
        public boolean contains(Object entry) {
            return dict.copy().entrySet().contains(entry);
        }

        @Override
        public boolean remove(Object entry) {
            return entry instanceof Map.Entry<?, ?> pair && dict.remove(pair.getKey(), pair.getValue());
        }

        @Override
        public void clear() {
            dict.clear();
        }
    }

    /** An entry whose value can be set, here and in the server. */
    private static final class Written<K, V> extends AbstractMap.SimpleEntry<K, V> {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // It travels as a Transferable.
        private final DictProxy<K, V> dict;

        Written(DictProxy<K, V> dict, K key, V value) {
            super(key, value);
            this.dict = dict;
        }

        @Override
        public V setValue(V value) {
            dict.put(getKey(), value);
            return super.setValue(value);
        }
    }
}
