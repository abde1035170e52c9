package org.jmultiprocessing.sync;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.internal.arena.WaitPoint;

/** The conditions that a thread has signalled, and whose waiters it wakes when it releases the lock that they need. */
final class Signalled {
    private static final ThreadLocal<List<WaitPoint>> WAITERS = new ThreadLocal<>();

    private Signalled() { }

    static void add(WaitPoint waiters) {
        List<WaitPoint> signalled = WAITERS.get();
        if (signalled == null) {
            signalled = new ArrayList<>(1);
            WAITERS.set(signalled);
        }
        if (!signalled.contains(waiters)) {
            signalled.add(waiters);
        }
    }

    /** Wakes those of all locks, should there be several: who still has to wait for another goes on waiting. */
    static void wake() {
        List<WaitPoint> signalled = WAITERS.get();
        if (signalled == null) {
            // The one who signalled died with the lock, and the tracker has woken them.
            return;
        }
        for (int i = 0; i < signalled.size(); i++) {
            signalled.get(i).signalAll();
        }
        signalled.clear();
    }
}
