package org.jmultiprocessing.internal.os;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.ForkPosix;

/**
 * A moment at which the application's threads are suspended and none of them holds what a forked child would miss ({@link LockCheck}). A thread that
 * does goes on for a moment and is looked at again, while the others stand.
 *
 * <p>From the first suspension on nothing here may need a lock of Java's, as a suspended thread may have it; so all is done once before that, with
 * nobody suspended.
 */
final class QuietMoment {
    /** System property: for how many milliseconds to look for such a moment. */
    static final String PATIENCE_PROPERTY = "jmultiprocessing.fork.patience";
    private static final long DEFAULT_PATIENCE_MILLIS = 500;
    /** So long a thread goes on now and then, which waits for something that takes its time. */
    private static final long REST_NANOS = 100_000;
    private static final int ROUNDS_PER_REST = 8;
    /** Those that stand may have what one of the others waits for: now and then all go on. */
    private static final int ROUNDS_TOGETHER = 128;
    private static final long TOGETHER_NANOS = 1_000_000;
    private static final int MOST = 4096;

    private static ThreadMXBean bean;

    private final ForkPosix posix = (ForkPosix) Binding.posix();
    private final long end = System.nanoTime() + 1_000_000 * Long.getLong(PATIENCE_PROPERTY, DEFAULT_PATIENCE_MILLIS);
    /** From here on the locks of streams do not count. */
    private final long streamsEnd = System.nanoTime() + (end - System.nanoTime()) / 4;
    private final Thread[] room = new Thread[MOST];
    private Thread[] suspended = new Thread[0];
    private boolean[] idle = new boolean[0];
    /** So many of the suspended were found to hold nothing. */
    private int checked;
    private String who;

    private QuietMoment() { }

    /**
     * Loads and initializes all that is needed.
     *
     * @return why no thread can be suspended here; null if they can
     */
    static synchronized String obstacle() {
        if (bean == null) {
            bean = ManagementFactory.getThreadMXBean();
            QuietMoment rehearsal = new QuietMoment();
            rehearsal.suspended = new Thread[] {Thread.currentThread()};
            rehearsal.findObstructing();
            rehearsal.refusal();
            LockSupport.parkNanos(1);
        }
        int result = ((ForkPosix) Binding.posix()).suspensionCheck();
        return result == 0 ? null : OsErrors.is(result, "EPERM") ? "a debugger or another agent has the sole right to suspend threads"
                : "its threads cannot be suspended";
    }

    /**
     * Suspends all the application's threads but the calling one.
     *
     * @return to be ended by {@link #resume}, unless this process is another by then
     * @throws IllegalStateException naming a thread that held a lock all the time
     */
    static QuietMoment find() {
        QuietMoment moment = new QuietMoment();
        boolean found = false;
        try {
            moment.suspendNew();
            moment.search();
            found = true;
            return moment;
        } finally {
            if (!found) {
                moment.resume();
            }
        }
    }

    private void search() {
        for (int round = 1;; round++) {
            boolean[] obstructing = findObstructing();
            if (obstructing == null) {
                return;
            }
            if (System.nanoTime() - end >= 0) {
                resume();
                suspended = new Thread[0];
                throw refusal();
            }
            if (round % ROUNDS_TOGETHER == 0) {
                resume();
                suspended = new Thread[0];
                checked = 0;
                LockSupport.parkNanos(TOGETHER_NANOS);
                suspendNew();
            } else {
                letGoOn(obstructing, round % ROUNDS_PER_REST == 0 ? REST_NANOS : 0);
            }
        }
    }

    private IllegalStateException refusal() {
        return new IllegalStateException("cannot fork this JVM now, since the child would never get what another thread holds: " + who
                + ". Start children before threads that do so without a pause, give it longer by -D" + PATIENCE_PROPERTY
                + "=MILLISECONDS, or use another start method");
    }

    private static int settled(int result) {
        if (OsErrors.is(result, "ETIMEDOUT")) {
            throw new IllegalStateException("cannot fork this JVM now: another thread is always at work in native code for which it holds an"
                    + " array of the heap's, as compression does, so that no garbage can be collected. Fork when fewer are, or use another start"
                    + " method");
        }
        return OsErrors.check("suspend", "the threads of this JVM", result);
    }

    private void suspendNew() {
        int fresh = settled(posix.suspendApplications(room));
        int before = suspended.length;
        suspended = Arrays.copyOf(suspended, before + fresh);
        for (int i = 0; i < fresh; i++) {
            suspended[before + i] = room[i];
            room[i] = null;
        }
    }

    /** Which threads hold something, of those that were not yet found to hold nothing; null if none does. */
    private boolean[] findObstructing() {
        long[] ids = new long[suspended.length - checked];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = suspended[checked + i].getId();
        }
        ThreadInfo[] infos = ids.length == 0 ? new ThreadInfo[0] : bean.getThreadInfo(ids, true, false);
        boolean streamsToo = System.nanoTime() - streamsEnd < 0;
        boolean[] obstructing = new boolean[infos.length];
        idle = Arrays.copyOf(idle, suspended.length);
        int found = 0;
        for (int i = 0; i < infos.length; i++) {
            String obstacle = infos[i] == null ? null : LockCheck.obstacle(infos[i], streamsToo);
            if (obstacle != null) {
                obstructing[i] = true;
                found++;
                who = "thread '" + infos[i].getThreadName() + "' " + obstacle;
            }
            idle[checked + i] = infos[i] != null && obstacle == null && LockCheck.isIdleWorker(infos[i]);
        }
        return found == 0 ? null : obstructing;
    }

    /** Has those go on that hold something, and puts them last. The others stay as they were found. */
    private void letGoOn(boolean[] obstructing, long nanos) {
        Thread[] going = new Thread[obstructing.length];
        int count = 0;
        int standing = checked;
        for (int i = 0; i < obstructing.length; i++) {
            Thread thread = suspended[checked + i];
            if (obstructing[i]) {
                going[count++] = thread;
                posix.resumeThread(thread);
            } else {
                idle[standing] = idle[checked + i];
                suspended[standing++] = thread;
            }
        }
        checked = standing;
        // A thread stops where the VM looks for that, in each call and loop: a moment is enough for it to come to another such place.
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        } else {
            Thread.yield();
        }
        for (int i = 0; i < count; i++) {
            // Who has ended meanwhile is no longer among them.
            if (posix.suspendThread(going[i]) == 0) {
                suspended[standing++] = going[i];
            }
        }
        settled(posix.settleApplications(going));
        suspended = Arrays.copyOf(suspended, standing);
        suspendNew();
    }

    /** @return the threads that stand */
    Thread[] suspended() {
        return suspended;
    }

    /** Lets all threads go on. */
    void resume() {
        OsErrors.check("resume", "the threads of this JVM", posix.resumeApplications(suspended));
    }

    /** In a child: has the idle workers of the JDK's pools go on. The other threads stand for good. */
    void settle() {
        for (int i = 0; i < idle.length; i++) {
            if (idle[i]) {
                posix.resumeThread(suspended[i]);
            }
        }
    }
}
