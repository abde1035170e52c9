package org.jmultiprocessing.manager;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;

/** A condition of a lock in its server. Guarded by the lock's guard. */
final class ConditionReferent extends Referent {
    static final int AWAIT = 1;
    static final int SIGNAL = 2;
    static final int LOCK = 3;

    private final LockReferent lock;
    private final ServerObject lockObject;
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    /** A thread that waits. */
    private static final class Waiter {
        private final Condition signal;
        private boolean told;

        Waiter(Condition signal) {
            this.signal = signal;
        }

        void tell() {
            told = true;
            signal.signal();
        }
    }

    ConditionReferent(ServerObject lockObject) {
        super(Description.of(Kind.CONDITION));
        this.lockObject = lockObject;
        this.lock = (LockReferent) lockObject.referent();
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws InterruptedException {
        if (method == LOCK) {
            reply.object(lockObject);
            return;
        }
        lock.guard().lockInterruptibly();
        try {
            switch (method) {
                case AWAIT:
                    reply.value(await(caller, Arguments.number(arguments, 0)));
                    break;
                case SIGNAL:
                    signal(caller, Arguments.integer(arguments, 0));
                    break;
                default:
                    throw unknown(method);
            }
        } finally {
            lock.guard().unlock();
        }
    }

    private boolean await(Caller caller, long nanos) throws InterruptedException {
        if (!lock.isHeldBy(caller)) {
            throw new IllegalStateException("must acquire() condition before using wait()");
        }
        Waiter waiter = new Waiter(lock.guard().newCondition());
        waiters.add(waiter);
        int depth = lock.giveUp();
        InterruptedException interrupt = null;
        try {
            long left = nanos;
            while (!waiter.told && left != 0) {
                left = BlockingReferent.await(waiter.signal, left);
            }
        } catch (InterruptedException e) {
            interrupt = e;
        }
        waiters.remove(waiter);
        boolean back = false;
        try {
            lock.takeBack(caller, depth);
            back = true;
        } finally {
            if (!back && waiter.told) {
                tellNext();
            }
        }
        if (interrupt != null && !waiter.told) {
            throw interrupt;
        }
        return waiter.told;
    }

    private void signal(Caller caller, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("cannot signal " + count + " waiters");
        }
        if (!lock.isHeldBy(caller)) {
            throw new IllegalStateException("lock is not owned");
        }
        for (int i = 0; i < count && !waiters.isEmpty(); i++) {
            tellNext();
        }
    }

    private void tellNext() {
        Waiter next = waiters.poll();
        if (next != null) {
            next.tell();
        }
    }

    @Override
    String text() {
        lock.guard().lock();
        try {
            return "Condition[" + lock.text() + ", " + waiters.size() + " waiting]";
        } finally {
            lock.guard().unlock();
        }
    }
}
