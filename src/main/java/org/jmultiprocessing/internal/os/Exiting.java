package org.jmultiprocessing.internal.os;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * This library's one shutdown hook: first what {@link #doFirst} was given, then {@link #doLast}, then it keeps the library's waits
 * out of native code. HotSpot's exit waits up to 300 ms for threads that are in native code ({@code VM_Exit::wait_for_threads_in_native_to_block}),
 * so one thread blocked in poll(2) would make every exit that much slower. Waits therefore look now and then instead; they go on working, for hooks
 * that need them. That comes last because what comes first may take as long as a child lives, and looking costs time of the processor.
 */
public final class Exiting extends Thread {
    /** A pause is an eighth of the time since the beginning, so that a quick exit finds quick waits and a slow one is not held up by them. */
    private static final int SHARE = 8;
    private static final long SHORTEST_NANOS = 1_000_000;
    private static final long LONGEST_NANOS = 50_000_000;

    private static final List<Runnable> FIRST = new ArrayList<>();
    private static final List<Runnable> WAITS = new ArrayList<>();
    private static final List<Farewell> FAREWELLS = new ArrayList<>();
    /** In a child whose parent is gone, the thread that exits. Nobody decided there that it is time to end. */
    public static final String ORPHANS_EXIT = "jmp-orphan-exit";

    private static Exiting hook;
    private static volatile long begin;
    private static volatile boolean begun;

    private Exiting() {
        super(null, null, "jmp-exit", 0, false);
    }

    /**
     * Has something done at the exit of this JVM, while all waits are still as always. Once the exit is under way this does nothing.
     *
     * @param work may take long
     */
    public static synchronized void doFirst(Runnable work) {
        FIRST.add(work);
        addHook();
    }

    /** Told of the exit of this JVM. */
    @FunctionalInterface
    public interface Farewell {
        /**
         * Called after all that is done first, while other hooks and threads run on; must be quick.
         *
         * @param wanted whether the program wants to exit, as {@code main} has returned or somebody called {@code System.exit}; else a signal ends
         *        it, or the end of its parent
         */
        void exiting(boolean wanted);
    }

    /**
     * Has somebody told of the exit of this JVM. Once the exit is under way this does nothing.
     *
     * @param farewell told
     */
    public static synchronized void doLast(Farewell farewell) {
        FAREWELLS.add(farewell);
        addHook();
    }

    /**
     * Called when a wait of a kind is possible.
     *
     * @param wakeUp brings the waiting threads back from native code
     */
    static synchronized void prepare(Runnable wakeUp) {
        WAITS.add(wakeUp);
        addHook();
        if (begun) {
            attempt(wakeUp);
        }
    }

    /** In a forked child, whose list of hooks is empty: what is done at the parent's exit is not done at this process's. */
    static synchronized void forget() {
        FIRST.clear();
        FAREWELLS.clear();
        WAITS.clear();
        hook = null;
    }

    /** @return whether somebody wants something done at the exit of this process, other than that waits end */
    public static synchronized boolean isAwaited() {
        return !FIRST.isEmpty() || !FAREWELLS.isEmpty();
    }

    /** In a child of a fork server that has practised waits: its list of hooks is empty. */
    public static synchronized void renew() {
        hook = null;
        if (!WAITS.isEmpty()) {
            addHook();
        }
    }

    private static void addHook() {
        if (hook != null) {
            return;
        }
        hook = new Exiting();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException exitingAlready) {
            // Somebody else's hook is the first to use this library.
            setBegun();
        }
    }

    /** The exit about to come does not wait for threads in native code, so nobody has to leave it; with nothing to do first there is no hook. */
    static synchronized void waitsMayStay() {
        if (hook != null && FIRST.isEmpty() && FAREWELLS.isEmpty()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException exitingAlready) {
                // Another thread was faster, and its exit is the one that counts.
                return;
            }
            hook = null;
        }
        WAITS.clear();
    }

    private static void setBegun() {
        begin = System.nanoTime();
        begun = true;
    }

    @Override
    public void run() {
        List<Runnable> first;
        synchronized (Exiting.class) {
            first = List.copyOf(FIRST);
        }
        for (Runnable work : first) {
            attempt(work);
        }
        boolean wanted = !isEndedBy("SIGTERM handler", "SIGINT handler", "SIGHUP handler", ORPHANS_EXIT);
        synchronized (Exiting.class) {
            for (Farewell farewell : FAREWELLS) {
                attempt(farewell, wanted);
            }
            setBegun();
            for (Runnable wakeUp : WAITS) {
                attempt(wakeUp);
            }
        }
    }

    /**
     * Looks who has called {@code Runtime.exit}, where threads stay until the hooks are done. The JDK runs each signal's handler in a thread of its
     * own, such as {@code "SIGTERM handler"}.
     *
     * @param names of threads
     * @return whether one of them lives
     */
    public static boolean isEndedBy(String... names) {
        return Threads.isAlive(names);
    }

    private static void attempt(Farewell farewell, boolean wanted) {
        try {
            farewell.exiting(wanted);
        } catch (Throwable failure) {
            Uncaught.tell(failure);
        }
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            Uncaught.tell(failure);
        }
    }

    static boolean hasBegun() {
        return begun;
    }

    /** How long a native wait may take now. */
    static long bound(long timeoutNanos) {
        return begun ? 0 : timeoutNanos;
    }

    /**
     * Between two looks. Returns at once when the thread is interrupted.
     *
     * @param timeoutNanos what is left to wait; negative for ever
     */
    static void pause(long timeoutNanos) {
        long pause = Math.max(SHORTEST_NANOS, Math.min(LONGEST_NANOS, (System.nanoTime() - begin) / SHARE));
        LockSupport.parkNanos(timeoutNanos < 0 ? pause : Math.min(pause, timeoutNanos));
    }
}
