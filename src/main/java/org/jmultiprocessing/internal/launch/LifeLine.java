package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.Exiting;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.PipeEnds;

/**
 * How a child learns that its parent is gone: a pipe whose writing end only the parent holds. Its end is that of the parent, however that came, and
 * the kernel tells. One pipe serves all children of a process. Python has it as the parent's sentinel; here it also ends the orphan.
 */
public final class LifeLine {
    /** How long the hooks of an orphan may take before it is ended without them. */
    private static final long GRACE_MILLIS = 400;

    private static PipeEnds own;
    private static volatile Fd parent;

    private LifeLine() { }

    /** @return the reading end for the children of this process */
    static synchronized Fd forChildren() {
        if (own == null) {
            own = PipeEnds.open("life line");
        }
        return own.reader();
    }

    /** Tells all children that this process is ending. */
    static synchronized void cut() {
        if (own == null) {
            own = PipeEnds.open("life line");
        }
        own.writer().close();
    }

    /** In a child: from now on the end of the parent is the end of this process. */
    static void hold(int raw) {
        parent = Fd.lasting(raw, "life line");
        parent.whenReadable(new Orphaned());
    }

    /** In a forked child: the line that its parent had for its children is the one that it hangs on. */
    static synchronized void inherit() {
        if (parent != null) {
            parent.abandon();
        }
        own.writer().abandon();
        parent = own.takeReader();
        own = null;
        parent.whenReadable(new Orphaned());
    }

    /** @return what becomes readable when the parent ends; null in a process that this library did not start */
    public static Fd parent() {
        return parent;
    }

    /** @return whether the parent still runs; false in a process that this library did not start */
    public static boolean isParentAlive() {
        return parent != null && !parent.isReadable();
    }

    /** A class, not a lambda: the first lambda of a JVM takes it ten milliseconds, and every child comes here. */
    private static final class Orphaned implements Runnable {
        @Override
        public void run() {
            orphaned();
        }
    }

    /**
     * Grandchildren learn first, so that a long line of descendants ends at once; hooks get their chance, but no more than that, and none if there
     * is not enough of anything for it: whatever fails here, this process ends.
     */
    private static void orphaned() {
        try {
            cut();
            Thread limit = new Thread(null, LifeLine::exitInTime, "jmp-orphan-limit", 0, false);
            limit.setDaemon(true);
            limit.start();
        } catch (Throwable failure) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static void exitInTime() {
        try {
            Thread exit = new Thread(null, () -> Runtime.getRuntime().exit(1), Exiting.ORPHANS_EXIT, 0, false);
            exit.setDaemon(true);
            exit.start();
            exit.join(GRACE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
