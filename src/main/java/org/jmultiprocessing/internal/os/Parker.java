package org.jmultiprocessing.internal.os;

import java.util.concurrent.locks.LockSupport;

/** A virtual thread that waits for a descriptor: parked, with the {@link Watcher} waiting in its stead. */
final class Parker implements Wakeable, Watcher.Listener {
    private final Thread thread = Thread.currentThread();
    private volatile boolean ready;
    private volatile boolean woken;

    /**
     * Whether the calling thread is virtual. By class name, since the library compiles for 17 and a reflective call of {@code Thread.isVirtual}
     * would cost a fresh JVM milliseconds.
     */
    static boolean isVirtual() {
        Class<?> type = Thread.currentThread().getClass();
        return type != Thread.class && type.getModule() == Object.class.getModule() && type.getName().endsWith("VirtualThread");
    }

    /** Parks until ready, woken, interrupted or late; returns whether the descriptor was reported ready. */
    boolean await(int fd, int events, Deadline deadline) {
        Watcher watcher = Watcher.get();
        watcher.add(fd, events, this);
        try {
            park(deadline);
            return ready;
        } finally {
            if (!ready) {
                watcher.remove(fd, this);
            }
        }
    }

    /** As {@link #await} for the first of several descriptors; which one, the caller has to ask. */
    void awaitAny(int[] fds, int count, int events, Deadline deadline) {
        Watcher watcher = Watcher.get();
        int added = 0;
        try {
            while (added < count) {
                watcher.add(fds[added], events, this);
                added++;
            }
            park(deadline);
        } finally {
            while (added > 0) {
                watcher.remove(fds[--added], this);
            }
        }
    }

    private void park(Deadline deadline) {
        while (!ready && !woken && !thread.isInterrupted()) {
            long nanos = deadline.remaining();
            if (nanos == 0) {
                return;
            }
            if (nanos < 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
    }

    @Override
    public void ready() {
        ready = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }
}
