package org.jmultiprocessing.internal.os;

import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;

/**
 * Whether a suspended thread holds something that a forked child would want and never get: a monitor that the JDK or this library has locked, a class
 * in its initialization or loading, or a lock of the JDK's that no tool can see, which shows by where the thread is. A lock of the program's own
 * stays held in the child, as with any fork.
 */
final class LockCheck {
    /** Inside these the JDK holds locks that belong to the whole process. */
    private static final String[] LOCKING = {"java.util.logging.", "java.security.", "sun.security.", "java.lang.ref.", "jdk.internal.ref.",
        "java.util.zip.ZipFile", "java.util.jar.", "java.util.ResourceBundle", "java.lang.ThreadGroup", "jdk.internal.loader.",
        "jdk.internal.module.", "java.lang.invoke.", "java.lang.System$Logger", "jdk.internal.logger."};
    private static final String[] RENEWED = {"java.security.SecureRandom", "sun.security.provider.NativePRNG", "sun.security.provider.SecureRandom",
        "sun.security.provider.SHA", "sun.security.provider.DigestBase"};
    /** And these locks of a stream, which may be one that the child has by another way than System.out. */
    private static final String STREAMS = "java.io.";
    private static final String[] JDK = {"java.", "javax.", "jdk.", "sun.", "com.sun."};
    private static final String[] IO = {STREAMS, "java.net.", "java.nio.", "sun.nio."};
    private static final String OURS = "org.jmultiprocessing.";
    /** What these lock lies in shared memory, in the name of the parent, which goes on. */
    private static final String[] SHARED = {"org.jmultiprocessing.internal.arena.", "org.jmultiprocessing.sync.", "org.jmultiprocessing.queue.",
        "org.jmultiprocessing.sharedmemory."};
    /** Who has called these says what they are at. */
    private static final String[] NEUTRAL = {"org.jmultiprocessing.internal.os.", "org.jmultiprocessing.internal.ffi."};
    /** Of a process that another thread is starting at the same time. */
    private static final String STARTED = "org.jmultiprocessing.process.ProcessState";

    private LockCheck() { }

    /**
     * @param info of a suspended thread, with its monitors and all of its stack
     * @param streamsToo whether the lock of a stream counts; a child gets standard streams of its own
     * @return what it holds; null if nothing
     */
    static String obstacle(ThreadInfo info, boolean streamsToo) {
        StackTraceElement[] stack = info.getStackTrace();
        if (stack.length == 0) {
            return null;
        }
        boolean blockedInIo = stack[0].isNativeMethod() && startsWith(stack[0].getClassName(), IO);
        for (MonitorInfo monitor : info.getLockedMonitors()) {
            StackTraceElement frame = monitor.getLockedStackFrame();
            if (frame != null && isLibrary(frame.getClassName()) && !(blockedInIo && startsWith(monitor.getClassName(), IO))
                    && (belongsToAll(monitor.getClassName(), frame.getClassName(), streamsToo)
                            || isFor(stack, monitor.getLockedStackDepth()))) {
                return "holds the lock of a " + monitor.getClassName() + " in " + frame;
            }
        }
        return obstacle(info, stack, streamsToo && !blockedInIo);
    }

    /** Whether a lock may be wanted by anybody, and not only by who uses the same object. */
    private static boolean belongsToAll(String monitor, String frame, boolean streamsToo) {
        if (frame.startsWith(OURS)) {
            return !monitor.equals(STARTED);
        }
        return monitor.equals("java.lang.Class") || isLocking(frame) || streamsToo && monitor.startsWith(STREAMS);
    }

    /** Whether a lock of the JDK's, such as one inside a map, was taken on behalf of this library, whose maps belong to the whole process. */
    private static boolean isFor(StackTraceElement[] stack, int depth) {
        int caller = depth;
        while (caller < stack.length && startsWith(stack[caller].getClassName(), JDK)) {
            caller++;
        }
        return caller > depth && caller < stack.length && stack[caller].getClassName().startsWith(OURS);
    }

    /** The system's source of random numbers has locks of its own in a child. */
    private static boolean isLocking(String type) {
        return startsWith(type, LOCKING) && !startsWith(type, RENEWED);
    }

    private static String obstacle(ThreadInfo info, StackTraceElement[] stack, boolean streamsToo) {
        // Who waits to be told of something has given the lock up for it.
        boolean inJdk = !isWaitingToBeTold(stack);
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (frame.getMethodName().equals("<clinit>")) {
                return "initializes the class " + type;
            }
            if (isLoading(type, frame.getMethodName())) {
                return "loads a class in " + frame;
            }
            if (inJdk && (isLocking(type) || streamsToo && type.startsWith(STREAMS))) {
                return "may hold a lock in " + frame;
            }
            if (inJdk && !startsWith(type, JDK) && !startsWith(type, NEUTRAL)) {
                inJdk = false;
                if (type.startsWith(OURS) && !startsWith(type, SHARED) && info.getThreadState() == Thread.State.RUNNABLE
                        && !stack[0].isNativeMethod()) {
                    return "may hold a lock in " + frame;
                }
            }
        }
        return null;
    }

    private static boolean isWaitingToBeTold(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (type.equals("java.lang.Object") || type.endsWith("$ConditionObject")) {
                return true;
            }
            if (!type.endsWith(".Unsafe") && !type.equals("java.util.concurrent.locks.LockSupport")
                    && !type.startsWith("java.util.concurrent.ForkJoinPool")) {
                return false;
            }
        }
        return false;
    }

    private static boolean isLoading(String type, String method) {
        return type.equals("java.lang.ClassLoader") && !method.startsWith("get") || type.equals("java.lang.Class") && method.equals("forName0");
    }

    /**
     * @param info of a suspended thread
     * @return whether it is one of the JDK's pools', and idle: then it can go on in a child, whose pool has it
     */
    static boolean isIdleWorker(ThreadInfo info) {
        StackTraceElement[] stack = info.getStackTrace();
        if (stack.length == 0 || !stack[0].getMethodName().equals("park")) {
            return false;
        }
        boolean inPool = info.getThreadName().equals("CompletableFutureDelayScheduler");
        for (StackTraceElement frame : stack) {
            if (!startsWith(frame.getClassName(), JDK)) {
                return false;
            }
            inPool |= frame.getClassName().equals("java.util.concurrent.ForkJoinPool") && frame.getMethodName().equals("awaitWork");
        }
        return inPool;
    }

    private static boolean isLibrary(String type) {
        return startsWith(type, JDK) || type.startsWith(OURS);
    }

    private static boolean startsWith(String type, String[] prefixes) {
        for (String prefix : prefixes) {
            if (type.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
