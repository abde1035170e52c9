package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jmultiprocessing.internal.os.Deadline;

/** How many seats are taken: the pool has ended when none is. */
final class SeatCount {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private int taken;

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
                JvmExit.doNotWaitFor(this);
                none.signalAll();
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

    /** Waits until no seat is taken; returns whether. */
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
