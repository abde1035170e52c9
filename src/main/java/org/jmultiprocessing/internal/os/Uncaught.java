package org.jmultiprocessing.internal.os;

/** What a thread does with a failure that must not end it: the same as if it had. */
final class Uncaught {
    private Uncaught() { }

    /** Hands a failure to the current thread's handler, which prints it unless the program has set another. */
    static void tell(Throwable failure) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        } catch (Throwable ofHandler) {
            // A handler's own failure has nobody left to go to; the JVM ignores it too.
            return;
        }
    }
}
