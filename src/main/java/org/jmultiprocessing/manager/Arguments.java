package org.jmultiprocessing.manager;

import java.util.Comparator;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jmultiprocessing.task.Task;

/** Arguments of calls as what they have to be; what does not fit is the caller's mistake. */
final class Arguments {
    private Arguments() { }

    static int integer(Object[] arguments, int index) {
        return (Integer) arguments[index];
    }

    static long number(Object[] arguments, int index) {
        return (Long) arguments[index];
    }

    static String text(Object[] arguments, int index) {
        return (String) arguments[index];
    }

    /** A function, if the caller may have functions run. */
    private static <T> T code(Object[] arguments, int index, Caller caller, Class<T> type) {
        if (!caller.session().access().functions()) {
            throw new UnsupportedOperationException("this manager runs no functions of clients outside its process tree:"
                    + " allow it by allowFunctions(), which gives everybody who has the key the execution of any code");
        }
        return type.cast(arguments[index]);
    }

    /** A function of any shape. */
    static Object anyFunction(Object[] arguments, int index, Caller caller) {
        return code(arguments, index, caller, Object.class);
    }

    static Task task(Object[] arguments, int index, Caller caller) {
        return code(arguments, index, caller, Task.class);
    }

    @SuppressWarnings("unchecked") // What a function cannot deal with it throws, which is the caller's to see.
    static Function<Object, Object> function(Object[] arguments, int index, Caller caller) {
        return code(arguments, index, caller, Function.class);
    }

    @SuppressWarnings("unchecked") // As above.
    static BiFunction<Object, Object, Object> biFunction(Object[] arguments, int index, Caller caller) {
        return code(arguments, index, caller, BiFunction.class);
    }

    @SuppressWarnings("unchecked") // As above.
    static Predicate<Object> predicate(Object[] arguments, int index, Caller caller) {
        return code(arguments, index, caller, Predicate.class);
    }

    @SuppressWarnings("unchecked") // As above.
    static Comparator<Object> comparator(Object[] arguments, int index, Caller caller) {
        return arguments[index] == null ? null : code(arguments, index, caller, Comparator.class);
    }
}
