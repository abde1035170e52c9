package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jmultiprocessing.internal.os.Deadline;

/** Counts what there is, and lets wait until there is none. */
final class Tally {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final boolean heldAtExit;
    private int taken;

    /** @param heldAtExit whether the exit of this JVM waits, for a short time, until there is none */
    Tally(boolean heldAtExit) {
        this.heldAtExit = heldAtExit;
    }

    void take() {
        add(1);
    }

    void leave() {
        add(-1);
    }

    private void add(int difference) {
        lock.lock();
        try {
            taken += difference;
            if (taken == 0) {
                none.signalAll();
            }
            if (heldAtExit && taken == 0) {
                JvmExit.doNotWaitFor(this);
            } else if (heldAtExit && taken == 1) {
                JvmExit.waitFor(this);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isZero() {
        lock.lock();
        try {
            return taken == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is none; returns whether. */
    boolean await(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        lock.lockInterruptibly();
        try {
            while (taken > 0) {
                long nanos = deadline.remaining();
                if (nanos == 0) {
                    return false;
                }
                if (nanos < 0) {
                    none.await();
                } else {
                    none.awaitNanos(nanos);
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
