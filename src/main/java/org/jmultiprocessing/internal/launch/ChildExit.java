package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.Forking;
import org.jmultiprocessing.internal.os.ProcessEnd;

/**
 * How a child ends once its task has returned ({@code BaseProcess._bootstrap}): its other threads that are not daemons are waited for, as Python
 * does and as any JVM, its output is flushed, and the hooks run, which join its own children.
 */
final class ChildExit {
    private ChildExit() { }

    /**
     * @param code the exit code
     * @param plainly whether nothing in this JVM wants to be told of its end, or writes something then
     */
    static void exit(int code, boolean plainly) {
        joinThreads();
        System.out.flush();
        System.err.flush();
        ProcessEnd.afterHooks(code, plainly);
        Runtime.getRuntime().exit(code);
    }

    /** One after another until none is left, since each may start more. */
    private static void joinThreads() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread next = nextThread(group);
        while (next != null) {
            try {
                next.join();
            } catch (InterruptedException e) {
                // Who interrupts the main thread of an ending child wants the waiting to end.
                return;
            }
            next = nextThread(group);
        }
    }

    private static Thread nextThread(ThreadGroup root) {
        Thread[] threads = new Thread[root.activeCount() + 16];
        int count = root.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (!threads[i].isDaemon() && threads[i] != Thread.currentThread() && !Forking.isGhost(threads[i])) {
                return threads[i];
            }
        }
        return null;
    }
}
