package org.jmultiprocessing.manager;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/** A namespace in its server. */
final class NamespaceReferent extends ContainerReferent {
    static final int GET = 1;
    static final int SET = 2;
    static final int DELETE = 3;
    static final int HAS = 4;
    static final int ATTRIBUTES = 5;
    static final int UPDATE = 6;

    private final Map<String, Object> attributes = new LinkedHashMap<>();

    NamespaceReferent(Object initial) {
        super(Kind.NAMESPACE);
        if (initial != null) {
            ((Map<?, ?>) initial).forEach((name, value) -> attributes.put(checked((String) name), value));
        }
    }

    @Override
    Object callLocked(int method, Object[] arguments, Caller caller) {
        if (method == ATTRIBUTES) {
            return attributes;
        }
        String name = checked(Arguments.text(arguments, 0));
        switch (method) {
            case GET:
                return attributes.get(present(name));
            case SET:
                attributes.put(name, arguments[1]);
                return null;
            case DELETE:
                return attributes.remove(present(name));
            case HAS:
                return attributes.containsKey(name);
            case UPDATE:
                Object changed = Arguments.function(arguments, 1, caller).apply(attributes.get(present(name)));
                attributes.put(name, changed);
                return changed;
            default:
                throw unknown(method);
        }
    }

    private static String checked(String name) {
        if (name.startsWith("_")) {
            throw new IllegalArgumentException("'" + name + "': attributes of a namespace do not begin with an underscore");
        }
        return name;
    }

    private String present(String name) {
        if (!attributes.containsKey(name)) {
            throw new NoSuchElementException("'Namespace' object has no attribute '" + name + "'");
        }
        return name;
    }

    @Override
    Object content() {
        StringBuilder text = new StringBuilder("Namespace(");
        attributes.forEach((name, value) -> text.append(text.length() == 10 ? "" : ", ").append(name).append('=').append(value));
        return text.append(')');
    }
}
