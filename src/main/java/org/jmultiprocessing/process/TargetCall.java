package org.jmultiprocessing.process;

import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/** Calls a target with its arguments. The compiler has checked that they fit where the process was described. */
final class TargetCall {
    private TargetCall() { }

    @SuppressWarnings({"unchecked", "rawtypes"})
    static void run(Object target, Object[] arguments) throws Exception {
        switch (arguments.length) {
            case 0 -> ((Task) target).run();
            case 1 -> ((Task1) target).run(arguments[0]);
            case 2 -> ((Task2) target).run(arguments[0], arguments[1]);
            case 3 -> ((Task3) target).run(arguments[0], arguments[1], arguments[2]);
            default -> ((Task4) target).run(arguments[0], arguments[1], arguments[2], arguments[3]);
        }
    }
}
