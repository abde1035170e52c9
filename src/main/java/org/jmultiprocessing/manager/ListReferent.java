package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** A list in its server. */
final class ListReferent extends CollectionReferent {
    static final int GET = FIRST_OF_SUBCLASS;
    static final int SET = GET + 1;
    static final int ADD_AT = GET + 2;
    static final int REMOVE_AT = GET + 3;
    static final int INDEX_OF = GET + 4;
    static final int LAST_INDEX_OF = GET + 5;
    static final int ADD_ALL_AT = GET + 6;
    static final int SUB_LIST = GET + 7;
    static final int SORT = GET + 8;
    static final int REPLACE_ALL = GET + 9;
    static final int UPDATE = GET + 10;
    static final int REMOVE_IF_STILL = GET + 11;
    static final int REMOVE_RANGE = GET + 12;

    private final List<Object> list;

    ListReferent(Object initial) {
        super(Kind.LIST);
        list = initial == null ? new ArrayList<>() : new ArrayList<>((Collection<?>) initial);
    }

    @Override
    Object callLocked(int method, Object[] arguments, Caller caller) {
        switch (method) {
            case GET:
                return list.get(Arguments.integer(arguments, 0));
            case SET:
                return list.set(Arguments.integer(arguments, 0), arguments[1]);
            case ADD_AT:
                list.add(Arguments.integer(arguments, 0), arguments[1]);
                return null;
            case REMOVE_AT:
                return list.remove(Arguments.integer(arguments, 0));
            case INDEX_OF:
                return list.indexOf(arguments[0]);
            case LAST_INDEX_OF:
                return list.lastIndexOf(arguments[0]);
            case ADD_ALL_AT:
                return list.addAll(Arguments.integer(arguments, 0), (Collection<?>) arguments[1]);
            case SUB_LIST:
                return new ArrayList<>(list.subList(Arguments.integer(arguments, 0), Arguments.integer(arguments, 1)));
            case REMOVE_RANGE:
                list.subList(Arguments.integer(arguments, 0), Arguments.integer(arguments, 1)).clear();
                return null;
            case REMOVE_IF_STILL:
                return removeIfStill(Arguments.integer(arguments, 0), arguments[1]);
            case SORT:
                list.sort(Arguments.comparator(arguments, 0, caller));
                return null;
            case REPLACE_ALL:
                list.replaceAll(Arguments.function(arguments, 0, caller)::apply);
                return null;
            case UPDATE:
                return update(Arguments.integer(arguments, 0), Arguments.function(arguments, 1, caller));
            default:
                return super.callLocked(method, arguments, caller);
        }
    }

    private Object update(int index, Function<Object, Object> function) {
        Object changed = function.apply(list.get(index));
        list.set(index, changed);
        return changed;
    }

    /** For iterators: removes what they have seen, if nobody has moved it meanwhile. */
    private Object removeIfStill(int index, Object expected) {
        if (index >= list.size() || !Objects.equals(list.get(index), expected)) {
            throw new ConcurrentModificationException("element " + index + " is not what the iterator saw: somebody has changed the list");
        }
        return list.remove(index);
    }

    @Override
    Collection<Object> content() {
        return list;
    }
}
