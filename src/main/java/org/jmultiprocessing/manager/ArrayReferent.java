package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** An array in its server: of fixed length. */
final class ArrayReferent extends ContainerReferent {
    static final int GET = 1;
    static final int SET = 2;
    static final int LENGTH = 3;
    static final int SNAPSHOT = 4;
    static final int SET_RANGE = 5;
    static final int GET_RANGE = 6;
    static final int UPDATE = 7;

    private final Object[] elements;

    ArrayReferent(Object initial) {
        super(Kind.ARRAY);
        elements = ((Collection<?>) initial).toArray(new Object[0]);
    }

    @Override
    Object callLocked(int method, Object[] arguments, Caller caller) {
        switch (method) {
            case GET:
                return elements[Arguments.integer(arguments, 0)];
            case SET:
                elements[Arguments.integer(arguments, 0)] = arguments[1];
                return null;
            case LENGTH:
                return elements.length;
            case SNAPSHOT:
                return new ArrayList<>(Arrays.asList(elements));
            case GET_RANGE:
                return new ArrayList<>(Arrays.asList(elements).subList(Arguments.integer(arguments, 0), Arguments.integer(arguments, 1)));
            case SET_RANGE:
                setRange(Arguments.integer(arguments, 0), (List<?>) arguments[1]);
                return null;
            case UPDATE:
                int index = Arguments.integer(arguments, 0);
                Function<Object, Object> function = Arguments.function(arguments, 1, caller);
                elements[index] = function.apply(elements[index]);
                return elements[index];
            default:
                throw unknown(method);
        }
    }

    private void setRange(int from, List<?> values) {
        if (from < 0 || from > elements.length - values.size()) {
            throw new IndexOutOfBoundsException("an array of " + elements.length + " elements has no range of " + values.size() + " from " + from);
        }
        for (int i = 0; i < values.size(); i++) {
            elements[from + i] = values.get(i);
        }
    }

    @Override
    Object content() {
        return "Array" + Arrays.toString(elements);
    }
}
