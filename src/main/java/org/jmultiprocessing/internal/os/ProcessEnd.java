package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.internal.ffi.Binding;

/** Ends this process. */
public final class ProcessEnd {
    private ProcessEnd() { }

    /**
     * Runs the shutdown hooks and ends this process, if it may do so plainly; else comes back having done nothing. All that this needs is loaded
     * whichever way it goes, so that it is in the class archive, which is recorded by a child that does not exit plainly.
     *
     * @param code the exit code
     * @param plainly whether to do without the JVM's own farewell, which takes 3 to 20 ms and is of use to agents, recordings and archives only
     */
    public static void afterHooks(int code, boolean plainly) {
        boolean possible = !ChildBinding.isJna();
        if (plainly && possible) {
            Exiting.waitsMayStay();
            // Comes back where the JVM is one that we do not know.
            Binding.posix().exitAfterHooks(code);
        }
    }
}
