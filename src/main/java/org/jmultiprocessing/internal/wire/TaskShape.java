package org.jmultiprocessing.internal.wire;

import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;
import org.jmultiprocessing.task.Function3;
import org.jmultiprocessing.task.Function4;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/** The interfaces of functions as numbers: 0 to 4 is a Task with so many arguments, 5 to 9 a Function with five less. */
final class TaskShape {
    static final int COUNT = 10;
    private static final int FIRST_FUNCTION = 5;

    private TaskShape() { }

    /** Holder: only who writes functions needs the classes. */
    private static final class Interfaces {
        private static final Class<?>[] ALL = {
            Task.class, Task1.class, Task2.class, Task3.class, Task4.class,
            Function0.class, Function1.class, Function2.class, Function3.class, Function4.class,
        };
    }

    /** The number of an interface, or -1 if it is not one of them. */
    static int of(Class<?> type) {
        for (int shape = 0; shape < COUNT; shape++) {
            if (Interfaces.ALL[shape] == type) {
                return shape;
            }
        }
        return -1;
    }

    static int arity(int shape) {
        return shape % FIRST_FUNCTION;
    }

    /** In the JVM's form, with slashes. */
    static String interfaceName(int shape) {
        return Interfaces.ALL[shape].getName().replace('.', '/');
    }

    static String methodName(int shape) {
        if (shape < FIRST_FUNCTION) {
            return "run";
        }
        return shape == FIRST_FUNCTION ? "call" : "apply";
    }

    static String methodSignature(int shape) {
        return "(" + "Ljava/lang/Object;".repeat(arity(shape)) + (shape < FIRST_FUNCTION ? ")V" : ")Ljava/lang/Object;");
    }
}
