package org.jmultiprocessing.manager;

import java.util.Objects;

/** A value in its server. */
final class ValueReferent extends ContainerReferent {
    static final int GET = 1;
    static final int SET = 2;
    static final int GET_AND_SET = 3;
    static final int COMPARE_AND_SET = 4;
    static final int UPDATE = 5;

    private Object value;

    ValueReferent(Object value) {
        super(Kind.VALUE);
        this.value = value;
    }

    @Override
    Object callLocked(int method, Object[] arguments, Caller caller) {
        Object before = value;
        switch (method) {
            case GET:
                return value;
            case SET:
                value = arguments[0];
                return null;
            case GET_AND_SET:
                value = arguments[0];
                return before;
            case COMPARE_AND_SET:
                boolean equal = Objects.equals(before, arguments[0]);
                if (equal) {
                    value = arguments[1];
                }
                return equal;
            case UPDATE:
                value = Arguments.function(arguments, 0, caller).apply(before);
                return value;
            default:
                throw unknown(method);
        }
    }

    @Override
    Object content() {
        return "Value(" + value + ")";
    }
}
