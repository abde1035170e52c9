package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** A dict in its server. It keeps the order in which keys came, as Python's. */
final class DictReferent extends ContainerReferent {
    static final int GET = 1;
    static final int PUT = 2;
    static final int REMOVE = 3;
    static final int CONTAINS_KEY = 4;
    static final int CONTAINS_VALUE = 5;
    static final int SIZE = 6;
    static final int CLEAR = 7;
    static final int PUT_ALL = 8;
    static final int SNAPSHOT = 9;
    static final int KEYS = 10;
    static final int VALUES = 11;
    static final int PUT_IF_ABSENT = 12;
    static final int REMOVE_PAIR = 13;
    static final int REPLACE = 14;
    static final int REPLACE_PAIR = 15;
    static final int GET_OR_DEFAULT = 16;
    static final int COMPUTE = 17;
    static final int COMPUTE_IF_ABSENT = 18;
    static final int COMPUTE_IF_PRESENT = 19;
    static final int MERGE = 20;
    static final int REPLACE_ALL = 21;
    static final int REMOVE_KEYS = 22;

    private final Map<Object, Object> map;

    DictReferent(Object initial) {
        super(Kind.DICT);
        map = initial == null ? new LinkedHashMap<>() : new LinkedHashMap<>((Map<?, ?>) initial);
    }

    @Override
    Object callLocked(int method, Object[] arguments, Caller caller) {
        switch (method) {
            case GET:
                return map.get(arguments[0]);
            case PUT:
                return map.put(arguments[0], arguments[1]);
            case REMOVE:
                return map.remove(arguments[0]);
            case CONTAINS_KEY:
                return map.containsKey(arguments[0]);
            case CONTAINS_VALUE:
                return map.containsValue(arguments[0]);
            case SIZE:
                return map.size();
            case CLEAR:
                map.clear();
                return null;
            case PUT_ALL:
                map.putAll((Map<?, ?>) arguments[0]);
                return null;
            case SNAPSHOT:
                return map;
            case KEYS:
                return new ArrayList<>(map.keySet());
            case VALUES:
                return new ArrayList<>(map.values());
            case PUT_IF_ABSENT:
                return map.putIfAbsent(arguments[0], arguments[1]);
            case REMOVE_PAIR:
                return map.remove(arguments[0], arguments[1]);
            case REPLACE:
                return map.replace(arguments[0], arguments[1]);
            case REPLACE_PAIR:
                return map.replace(arguments[0], arguments[1], arguments[2]);
            case GET_OR_DEFAULT:
                return map.getOrDefault(arguments[0], arguments[1]);
            case REMOVE_KEYS:
                return map.keySet().removeAll((Collection<?>) arguments[0]);
            default:
                return callFunction(method, arguments, caller);
        }
    }

    private Object callFunction(int method, Object[] arguments, Caller caller) {
        Object key = arguments[0];
        switch (method) {
            case COMPUTE:
                return store(key, Arguments.biFunction(arguments, 1, caller).apply(key, map.get(key)));
            case COMPUTE_IF_ABSENT:
                Object present = map.get(key);
                return present != null ? present : add(key, Arguments.function(arguments, 1, caller).apply(key));
            case COMPUTE_IF_PRESENT:
                Object old = map.get(key);
                return old == null ? null : store(key, Arguments.biFunction(arguments, 1, caller).apply(key, old));
            case MERGE:
                Object before = map.get(key);
                BiFunction<Object, Object, Object> function = Arguments.biFunction(arguments, 2, caller);
                return store(key, before == null ? arguments[1] : function.apply(before, arguments[1]));
            case REPLACE_ALL:
                map.replaceAll(Arguments.biFunction(arguments, 0, caller));
                return null;
            default:
                throw unknown(method);
        }
    }

    /** As {@link Map#compute}: no value, no entry. */
    private Object store(Object key, Object value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
        return value;
    }

    private Object add(Object key, Object value) {
        if (value != null) {
            map.put(key, value);
        }
        return value;
    }

    @Override
    Object content() {
        return map;
    }
}
