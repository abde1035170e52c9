package org.jmultiprocessing.internal.os;

import java.util.Arrays;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;

/** Waits for the first of several descriptors to become readable. A platform thread blocks in one poll(2), a virtual one parks. */
public final class MultiWait {
    private final Fd[] owners;
    private final int[] fds;
    private final int[] events;
    private final int count;

    private MultiWait(Fd[] owners, int[] raws) {
        this.owners = owners;
        this.count = raws.length;
        this.fds = Arrays.copyOf(raws, count + 1);
        this.events = new int[count + 1];
    }

    /**
     * Blocks until at least one descriptor is readable or at its end.
     *
     * @param owners the owners, null at an index where the descriptor is somebody else's, who keeps it open until this returns
     * @param raws the descriptors; not looked at where there is an owner
     * @param deadline how long
     * @return whether each is readable; all false if the time is over
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws OsException if one of the owners is closed, before or while waiting, or a descriptor is not open
     */
    public static boolean[] await(Fd[] owners, int[] raws, Deadline deadline) throws InterruptedException {
        return new MultiWait(owners, raws).await(deadline);
    }

    private boolean[] await(Deadline deadline) throws InterruptedException {
        int acquired = 0;
        try {
            for (; acquired < count; acquired++) {
                if (owners[acquired] != null) {
                    fds[acquired] = owners[acquired].acquire();
                }
            }
            return Parker.isVirtual() ? awaitParked(deadline) : awaitBlocked(deadline);
        } finally {
            while (--acquired >= 0) {
                if (owners[acquired] != null) {
                    owners[acquired].release();
                }
            }
        }
    }

    private boolean[] awaitBlocked(Deadline deadline) throws InterruptedException {
        Waker waker = Waker.take();
        try {
            enter(waker);
            while (true) {
                checkState();
                Arrays.fill(events, 0, count, Fd.READABLE);
                int ready = OsErrors.check("poll", "", waker.poll(fds, events, count, deadline.remaining()));
                if (ready > 0 || deadline.isOver()) {
                    checkState();
                    return found();
                }
            }
        } finally {
            leave(waker);
            waker.giveBack();
        }
    }

    private boolean[] awaitParked(Deadline deadline) throws InterruptedException {
        while (true) {
            Parker parker = new Parker();
            try {
                enter(parker);
                checkState();
                Arrays.fill(events, 0, count, Fd.READABLE);
                int ready = OsErrors.check("poll", "", Binding.posix().poll(fds, events, count, 0));
                if (ready > 0 || deadline.isOver()) {
                    checkState();
                    return found();
                }
                parker.awaitAny(fds, count, Fd.READABLE, deadline);
            } finally {
                leave(parker);
            }
        }
    }

    private void enter(Wakeable waiter) {
        for (Fd owner : owners) {
            if (owner != null) {
                owner.enter(waiter);
            }
        }
    }

    private void leave(Wakeable waiter) {
        for (Fd owner : owners) {
            if (owner != null) {
                owner.leave(waiter);
            }
        }
    }

    private void checkState() throws InterruptedException {
        for (Fd owner : owners) {
            if (owner != null && owner.isClosed()) {
                throw owner.closed();
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("waiting for " + count + " descriptors");
        }
    }

    private boolean[] found() {
        boolean[] ready = new boolean[count];
        for (int i = 0; i < count; i++) {
            ready[i] = events[i] != 0;
        }
        return ready;
    }
}
