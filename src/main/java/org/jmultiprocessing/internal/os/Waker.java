package org.jmultiprocessing.internal.os;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/**
 * Lets {@link Thread#interrupt} and {@link Fd#close} end a platform thread's native wait, by a wake descriptor that is waited for along with the
 * real ones.
 *
 * <p>Wakers are pooled, one for each thread that waits at the same time. A signal may arrive late and wake the next user of the waker, so every
 * wait looks again when it is woken.
 */
final class Waker extends InterruptibleWait {
    private static final ConcurrentLinkedDeque<Waker> IDLE = new ConcurrentLinkedDeque<>();

    private static final List<Waker> ALL = new CopyOnWriteArrayList<>();

    private static final Runnable WAKE_ALL = new WakingAll();

    static {
        Exiting.prepare(WAKE_ALL);
        Forking.inChild(Forking.Phase.FORGET, new Forgetting());
    }

    private final int waitFd;
    private final int signalFd;

    private Waker() {
        int[] fds = new int[2];
        OsErrors.check("eventfd", "", Binding.posix().wakeCreate(fds));
        waitFd = fds[0];
        signalFd = fds[1];
        ALL.add(this);
    }

    /** In a forked child: to signal one of these would wake a thread of the parent. */
    private static final class Forgetting implements Runnable {
        @Override
        public void run() {
            for (Waker waker : ALL) {
                Binding.posix().close(waker.waitFd);
                if (waker.signalFd != waker.waitFd) {
                    Binding.posix().close(waker.signalFd);
                }
            }
            ALL.clear();
            IDLE.clear();
            Exiting.prepare(WAKE_ALL);
        }
    }

    /** A class, not a lambda: a child that waits for anything comes here. */
    private static final class WakingAll implements Runnable {
        @Override
        public void run() {
            for (Waker waker : ALL) {
                waker.wake();
            }
        }
    }

    static Waker take() {
        Waker waker = IDLE.pollFirst();
        return waker != null ? waker : new Waker();
    }

    void giveBack() {
        IDLE.addFirst(this);
    }

    /** As {@link Posix#await}, ended by an interrupt or {@link #wake} with {@link Posix#WOKEN}. */
    int await(int fd, int events, long timeoutNanos) {
        Posix posix = Binding.posix();
        begin();
        try {
            int ready = posix.await(fd, events, waitFd, Exiting.bound(timeoutNanos));
            if (ready == 0 && timeoutNanos != 0 && Exiting.hasBegun()) {
                Exiting.pause(timeoutNanos);
                return Posix.WOKEN;
            }
            if (ready > 0 && (ready & Posix.WOKEN) != 0) {
                posix.wakeClear(waitFd);
            }
            return ready;
        } finally {
            end();
        }
    }

    /** As {@link Posix#poll}; the last entry of both arrays is this waker's, and is not counted in the result. */
    int poll(int[] fds, int[] events, int count, long timeoutNanos) {
        Posix posix = Binding.posix();
        fds[count] = waitFd;
        events[count] = Posix.READABLE;
        begin();
        try {
            int ready = posix.poll(fds, events, count + 1, Exiting.bound(timeoutNanos));
            if (ready == 0 && timeoutNanos != 0 && Exiting.hasBegun()) {
                Exiting.pause(timeoutNanos);
            }
            if (ready > 0 && events[count] != 0) {
                posix.wakeClear(waitFd);
                ready--;
            }
            return ready;
        } finally {
            end();
        }
    }

    @Override
    public void wake() {
        Binding.posix().wakeSignal(signalFd);
    }
}
