package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmultiprocessing.task.Function0;

/** What a server makes for its clients besides the kinds that every server knows: own types, each by a name, an interface and a factory. */
final class Types {
    /** A registered type. */
    record Type(String name, Class<?> exposed, Function0<?> factory) { }

    private final Map<String, Type> byName = new HashMap<>();
    private final Set<Class<?>> interfaces = new HashSet<>();

    void add(Type type) {
        Methods.of(type.exposed);
        byName.put(type.name, type);
        interfaces.add(type.exposed);
    }

    Types copy() {
        Types copy = new Types();
        byName.values().forEach(copy::add);
        return copy;
    }

    List<Type> all() {
        return new ArrayList<>(byName.values());
    }

    Type named(String name) {
        Type type = byName.get(name);
        if (type == null) {
            throw new IllegalArgumentException("the manager has no type '" + name + "', it has " + byName.keySet() + ": register it by"
                    + " Manager.builder().register(...)");
        }
        return type;
    }

    /** Whether results of this declared type stay in the server and are given out as proxies. */
    boolean isExposed(Class<?> type) {
        return interfaces.contains(type);
    }
}
