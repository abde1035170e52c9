package org.jmultiprocessing.internal.launch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a child runs. The launcher knows a task by the name of its class only, whose static initializer calls {@link #register}: a fresh JVM is
 * spared the reflection that making an instance would take.
 */
public interface ChildTask {
    /**
     * Runs in the child's main thread.
     *
     * @param start what the parent sent
     * @return the exit code
     */
    int run(ChildStart start);

    /**
     * Makes a task known; call it from the task's static initializer.
     *
     * @param task an instance of the class that is being initialized
     */
    static void register(ChildTask task) {
        Known.TASKS.put(task.getClass().getName(), task);
    }

    /**
     * @param className of the task
     * @return the task
     * @throws ClassNotFoundException if there is no such class, or it registers nothing
     */
    static ChildTask find(String className) throws ClassNotFoundException {
        Class.forName(className);
        ChildTask task = Known.TASKS.get(className);
        if (task == null) {
            throw new ClassNotFoundException(className + " registers no ChildTask");
        }
        return task;
    }

    /** Holder, as interfaces have no private state. */
    final class Known {
        private static final Map<String, ChildTask> TASKS = new ConcurrentHashMap<>();

        private Known() { }
    }
}
