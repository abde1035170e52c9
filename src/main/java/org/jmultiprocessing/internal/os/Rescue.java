package org.jmultiprocessing.internal.os;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sees to it that a thread that has suspended the others comes back. It may wait for one of them and not know: as soon as it needs memory that takes
 * a collection, and another one was suspended while it held an array of the heap's for native code (a critical region of JNI). Then all go on, and
 * the fork is refused.
 *
 * <p>Its thread is one of the JDK's to this library, in the group of the system: it is never suspended, and goes on in a child. From the beginning
 * of its watch it allocates nothing, as it would wait too.
 */
final class Rescue {
    private static final int IDLE = 0;
    private static final int WATCHING = 1;
    private static final int RESCUING = 2;
    private static final long AGAIN_NANOS = 50_000_000;

    private static final AtomicInteger STATE = new AtomicInteger(IDLE);
    private static volatile Runnable release;
    private static volatile long end;
    private static Thread thread;

    private Rescue() { }

    /** Starts the thread, once in a process and its forked children. */
    static synchronized void prepare() {
        if (thread == null) {
            ThreadGroup group = Thread.currentThread().getThreadGroup();
            while (group.getParent() != null) {
                group = group.getParent();
            }
            Thread fresh = new Thread(group, Rescue::run, "jmp-rescue", 128 << 10, false);
            fresh.setDaemon(true);
            fresh.setContextClassLoader(null);
            fresh.start();
            thread = fresh;
        }
    }

    /**
     * From now on. One thread at a time.
     *
     * @param releasing lets all threads go on, and allocates nothing
     * @param nanos after so many of them, unless {@link #end} comes before
     */
    static void begin(Runnable releasing, long nanos) {
        release = releasing;
        end = System.nanoTime() + nanos;
        STATE.set(WATCHING);
        LockSupport.unpark(thread);
    }

    /** @return whether the others had to go on */
    static boolean hasRescued() {
        return STATE.get() == RESCUING;
    }

    /**
     * Nobody is watched any more.
     *
     * @return whether nobody had to be rescued
     */
    static boolean end() {
        return STATE.getAndSet(IDLE) != RESCUING;
    }

    private static void run() {
        while (true) {
            if (STATE.get() == IDLE) {
                LockSupport.park();
                continue;
            }
            long left = end - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
            } else if (STATE.compareAndSet(WATCHING, RESCUING) || STATE.get() == RESCUING) {
                // Again and again: who was rescued may suspend others before he knows it.
                release.run();
                LockSupport.parkNanos(AGAIN_NANOS);
            }
        }
    }
}
