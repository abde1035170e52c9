package org.jmultiprocessing.internal.launch;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Exiting;

/**
 * The children of this process that still run, and what becomes of them when it exits ({@code multiprocessing.util._exit_function}): daemons are
 * terminated, the others are joined.
 *
 * <p>While a child that is not a daemon runs, a thread that is not a daemon either keeps the JVM up after {@code main} has returned, so that
 * joining happens in a JVM that still works. {@code System.exit} and signals end in the shutdown hook instead. The hook does not join after
 * SIGTERM or SIGHUP, and joins no longer when one comes while it does: whoever sent that wants the process to end now, and the life line ends the
 * children. A child that is started during the exit is not joined, and the life line ends it too.
 */
public final class Children {
    private static final Set<LaunchedChild> ALIVE = new LinkedHashSet<>();
    /** Another one in a forked child: the keeper of its parent waits for this one there for ever, and who is told first is one who waits. */
    private static volatile Object lock = new Object();
    /** How long the daemons, all together, may take to follow SIGTERM when this process exits. */
    private static final Duration DAEMON_GRACE = Duration.ofSeconds(5);
    private static final Duration SLICE = Duration.ofMillis(100);

    private static boolean prepared;
    /** Children that are not daemons, those that are being started included. */
    private static int waitedFor;
    private static Thread keeper;

    private Children() { }

    /** Does, before there is a child, what could fail once there is one. Is followed by {@link #add} or {@link #expectNoMore}. */
    static void expect(boolean daemon) {
        synchronized (lock) {
            if (!prepared) {
                Exiting.doFirst(Children::atExit);
                prepared = true;
            }
            if (!daemon) {
                keepAlive();
                waitedFor++;
            }
        }
    }

    static void expectNoMore(boolean daemon) {
        if (!daemon) {
            synchronized (lock) {
                waitedFor--;
                lock.notifyAll();
            }
        }
    }

    static void add(LaunchedChild child) {
        synchronized (lock) {
            ALIVE.add(child);
        }
        child.exit().whenComplete((status, failure) -> remove(child));
    }

    private static void remove(LaunchedChild child) {
        synchronized (lock) {
            if (ALIVE.remove(child)) {
                expectNoMore(child.daemon());
            }
        }
    }

    /** In a forked child: they are its siblings. */
    static void forget() {
        for (LaunchedChild child : ALIVE) {
            child.abandon();
        }
        lock = new Object();
        ALIVE.clear();
        prepared = false;
        waitedFor = 0;
        keeper = null;
    }

    private static void keepAlive() {
        if (keeper != null) {
            return;
        }
        Thread thread = new Thread(null, Children::keep, "jmp-keeper", 64 << 10, false);
        thread.setDaemon(false);
        thread.setContextClassLoader(null);
        thread.start();
        keeper = thread;
    }

    private static void keep() {
        Object own = lock;
        synchronized (own) {
            while (waitedFor > 0) {
                try {
                    own.wait();
                } catch (InterruptedException e) {
                    // Nobody has a reason to interrupt this thread; the children decide when it ends.
                    continue;
                }
            }
            keeper = null;
        }
    }

    /** @return the children that run now, oldest first */
    public static List<LaunchedChild> alive() {
        synchronized (lock) {
            return List.copyOf(ALIVE);
        }
    }

    private static void atExit() {
        List<LaunchedChild> children = alive();
        List<LaunchedChild> daemons = children.stream().filter(LaunchedChild::daemon).toList();
        signal(daemons, "TERM");
        boolean patient = await(daemons, Deadline.after(DAEMON_GRACE));
        if (patient) {
            signal(daemons, "KILL");
            patient = await(children, Deadline.NEVER);
        }
        if (!patient) {
            signal(children, "TERM");
            LifeLine.cut();
        }
    }

    private static void signal(List<LaunchedChild> children, String signal) {
        for (LaunchedChild child : children) {
            child.kill(signal);
        }
    }

    /**
     * Waits for their ends, or for that of the time. It looks between slices whether a signal has come, as there is nothing that would tell: the
     * JDK's handler of a signal does nothing but wait for the hooks.
     *
     * @return false if this process was told to end at once
     */
    private static boolean await(List<LaunchedChild> children, Deadline deadline) {
        for (LaunchedChild child : children) {
            while (!child.exit().isDone()) {
                if (isToldToEnd()) {
                    return false;
                }
                if (deadline.isOver()) {
                    return true;
                }
                try {
                    child.join(SLICE);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isToldToEnd() {
        return Exiting.isEndedBy("SIGTERM handler", "SIGHUP handler") || LifeLine.parent() != null && !LifeLine.isParentAlive();
    }
}
