package org.jmultiprocessing.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.SpawnOptions;

/** Why a fork failed, in words that say what is in its way and what helps. */
final class ForkTrouble {
    /** System property: {@code allow} forks a JVM with threads that a native library has made. */
    static final String NATIVES_PROPERTY = "jmultiprocessing.fork.nativeThreads";

    /** In the order of the JMP_FORK_ steps. */
    private static final List<String> STEPS = List.of("", "find out where the C library and the VM keep what has to be known", "prepare",
            "send a signal to all threads", "stop all threads", "count the threads",
            "find a moment at which no thread takes a lock of the C library", "find the VM's records of its threads", "clone", "clone a thread");
    private static final int LAYOUT = 1;
    private static final int PREPARE = 2;
    private static final int SEND = 3;
    private static final int STOP = 4;
    private static final int LOCKS = 6;
    private static final int RECORDS = 7;
    private static final int CLONE = 8;
    /** The system's word for it that a sandbox gives. */
    private static final List<String> FORBIDDEN = List.of("EPERM", "EACCES", "ENOSYS");
    private static final String OTHERWISE = ", or use another start method";
    private static final String CROWDED = "this user or its control group has as many processes and threads as are allowed: raise ulimit -u or"
            + " pids.max, or have fewer";

    private ForkTrouble() { }

    /**
     * @param error what forkCheck gave
     * @return why this JVM cannot be forked as it is
     */
    static String obstacle(int error) {
        String name = Binding.posix().errnoName(-error);
        String known = known(name);
        return known != null ? known : "this JVM or its C library is not as expected (" + name + ")";
    }

    /** What can be in the way before any thread is stopped; null for what is not known. */
    private static String known(String name) {
        if (FORBIDDEN.contains(name)) {
            return "a sandbox answers " + name + " to a system call that this takes: have its filter allow that";
        }
        return switch (name) {
            case "EBUSY" -> "every real-time signal has a handler of somebody else's, and threads are stopped by one: leave one free";
            case "ESRCH" -> "/proc is not there, or is that of another process namespace: mount it anew";
            case "EAGAIN" -> CROWDED;
            default -> null;
        };
    }

    /**
     * @param step at which a fork failed
     * @param error its result
     * @param thread that is to blame; 0 for none
     * @return what is thrown in the process that was to be forked
     */
    static RuntimeException of(int step, int error, int thread) {
        String name = Binding.posix().errnoName(-error);
        String blamed = thread > 0 ? describe(thread) : "this JVM";
        if (step == RECORDS && name.equals("EPERM")) {
            return new IllegalStateException("cannot fork this JVM, since nobody knows what its " + blamed + " would do in a child: the"
                    + " JVM does not know it, so a native library has made it. Allow such threads by -D" + NATIVES_PROPERTY + "=allow"
                    + OTHERWISE);
        }
        String detail = detail(step, name, blamed);
        return detail == null ? OsErrors.of("fork: " + STEPS.get(step), blamed, error)
                : new OsException("fork: " + STEPS.get(step), "", name, detail + OTHERWISE);
    }

    private static String detail(int step, String name, String blamed) {
        return switch (step + name) {
            case SEND + "EAGAIN" -> "a signal for " + blamed + " cannot be queued, since this user has as many queued as are allowed: raise"
                    + " ulimit -i";
            case STOP + "ETIMEDOUT" -> blamed + " does not answer a signal, as a native library blocks all of them there: fork when it does not";
            case LOCKS + "EDEADLK" -> "for seconds " + blamed + " or another one held a lock of the C library, as while libraries are loaded: fork"
                    + " when they do not";
            case CLONE + "EAGAIN" -> CROWDED;
            case CLONE + "ENOMEM" -> "the system has no memory for a copy of this process, or promises none by vm.overcommit_memory: have more";
            default -> step == LAYOUT || step == PREPARE || FORBIDDEN.contains(name) ? known(name) : null;
        };
    }

    /**
     * @param step of a spawn, at which a forked child failed
     * @param error a positive errno
     * @param directory where it was to work; null for none
     * @return what is thrown in its parent
     */
    static OsException ofChild(int step, int error, String directory) {
        String name = Binding.posix().errnoName(error);
        String operation = SpawnOptions.stepName(step);
        if (operation.equals("fork")) {
            return new OsException("fork: " + STEPS.get(STEPS.size() - 1), "", name,
                    (name.equals("EAGAIN") ? CROWDED : Binding.posix().errnoText(error)) + OTHERWISE);
        }
        return OsErrors.of(operation, operation.equals("chdir") && directory != null ? directory : "in the child", -error);
    }

    /** With the name that it has, as ids are in no stack trace. */
    private static String describe(int thread) {
        try {
            return "thread " + thread + " ('" + Files.readString(Path.of("/proc/self/task/" + thread + "/comm")).trim() + "')";
        } catch (IOException ended) {
            return "thread " + thread;
        }
    }
}
