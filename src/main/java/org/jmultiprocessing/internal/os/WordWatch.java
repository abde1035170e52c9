package org.jmultiprocessing.internal.os;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for one {@link SharedWord} in the stead of this process's virtual threads, which must not block their carriers: one platform thread for each
 * word that virtual threads wait for, however many they are, and only while they do.
 */
final class WordWatch implements Runnable {
    private static final Map<SharedWord, WordWatch> WATCHES = new HashMap<>();
    private static ThreadPoolExecutor threads = threads();

    static {
        Forking.inChild(Forking.Phase.FORGET, WordWatch::forget);
    }

    /** One waiting thread. Guarded by {@link #WATCHES}, but for {@code over}. */
    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private final int expected;
        private volatile boolean over;

        Waiter(int expected) {
            this.expected = expected;
        }
    }

    private final SharedWord word;
    private final List<Waiter> waiters = new ArrayList<>();

    private WordWatch(SharedWord word) {
        this.word = word;
    }

    private static ThreadPoolExecutor threads() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 100, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), WordWatch::thread);
    }

    /** In a forked child, which has none of the threads. */
    private static void forget() {
        WATCHES.clear();
        threads = threads();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "jmp-word-watch", 128 << 10, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    static void await(SharedWord word, int expected, long nanos, boolean interruptible) {
        Waiter waiter = new Waiter(expected);
        WordWatch watch = enter(word, waiter);
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (!waiter.over) {
                if (waiter.thread.isInterrupted()) {
                    if (interruptible) {
                        return;
                    }
                    // A parked thread with the flag set would not stay parked.
                    interrupted |= Thread.interrupted();
                }
                if (nanos < 0) {
                    LockSupport.park(watch);
                } else {
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        return;
                    }
                    LockSupport.parkNanos(watch, left);
                }
            }
        } finally {
            watch.leave(waiter);
            if (interrupted) {
                waiter.thread.interrupt();
            }
        }
    }

    private static WordWatch enter(SharedWord word, Waiter waiter) {
        synchronized (WATCHES) {
            WordWatch watch = WATCHES.get(word);
            if (watch == null) {
                watch = new WordWatch(word);
                threads.execute(watch);
                WATCHES.put(word, watch);
            } else if (watch.waiters.isEmpty() || word.get() != waiter.expected) {
                // Its thread may be blocked with another value in mind.
                word.countUpAndWake(Integer.MAX_VALUE);
            }
            watch.waiters.add(waiter);
            return watch;
        }
    }

    private void leave(Waiter waiter) {
        synchronized (WATCHES) {
            if (waiters.remove(waiter) && waiters.isEmpty()) {
                word.countUpAndWake(Integer.MAX_VALUE);
            }
        }
    }

    @Override
    public void run() {
        while (true) {
            int now;
            synchronized (WATCHES) {
                now = word.get();
                int current = now;
                waiters.removeIf(waiter -> isOver(waiter, current));
                if (waiters.isEmpty()) {
                    WATCHES.remove(word);
                    return;
                }
            }
            WordWait.await(word, now, -1, false);
        }
    }

    private static boolean isOver(Waiter waiter, int now) {
        if (waiter.expected == now) {
            return false;
        }
        waiter.over = true;
        LockSupport.unpark(waiter.thread);
        return true;
    }
}
