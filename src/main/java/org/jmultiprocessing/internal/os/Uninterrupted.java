package org.jmultiprocessing.internal.os;

/** Waits whose interruption would leave something half done. */
final class Uninterrupted {
    private Uninterrupted() { }

    /**
     * Waits until a descriptor is ready, or the time is over; may return too early.
     *
     * @return false if the thread was interrupted, which the caller tells it again in the end
     */
    static boolean await(Fd fd, int events, Deadline deadline) {
        try {
            fd.await(events, deadline);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
