package org.jmultiprocessing.manager;

import java.util.Collection;

/** What lists and sets have in common. */
abstract class CollectionReferent extends ContainerReferent {
    static final int ADD = 1;
    static final int REMOVE = 2;
    static final int CONTAINS = 3;
    static final int SIZE = 4;
    static final int CLEAR = 5;
    static final int ADD_ALL = 6;
    static final int REMOVE_ALL = 7;
    static final int RETAIN_ALL = 8;
    static final int CONTAINS_ALL = 9;
    static final int REMOVE_IF = 10;
    static final int SNAPSHOT = 11;
    static final int FIRST_OF_SUBCLASS = 12;

    CollectionReferent(Kind kind) {
        super(kind);
    }

    @Override
    abstract Collection<Object> content();

    @Override
    Object callLocked(int method, Object[] arguments, Caller caller) {
        switch (method) {
            case ADD:
                return content().add(arguments[0]);
            case REMOVE:
                return content().remove(arguments[0]);
            case CONTAINS:
                return content().contains(arguments[0]);
            case SIZE:
                return content().size();
            case CLEAR:
                content().clear();
                return null;
            case ADD_ALL:
                return content().addAll(collection(arguments));
            case REMOVE_ALL:
                return content().removeAll(collection(arguments));
            case RETAIN_ALL:
                return content().retainAll(collection(arguments));
            case CONTAINS_ALL:
                return content().containsAll(collection(arguments));
            case REMOVE_IF:
                return content().removeIf(Arguments.predicate(arguments, 0, caller));
            case SNAPSHOT:
                return content();
            default:
                throw unknown(method);
        }
    }

    private static Collection<?> collection(Object[] arguments) {
        return (Collection<?>) arguments[0];
    }
}
