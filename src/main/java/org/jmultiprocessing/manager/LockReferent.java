package org.jmultiprocessing.manager;

import java.util.concurrent.locks.Condition;

/**
 * A lock in its server, reentrant or not. Its holder is a thread of a client, not of the server; when that client dies it is free.
 */
final class LockReferent extends BlockingReferent {
    static final int ACQUIRE = 1;
    static final int RELEASE = 2;
    static final int IS_LOCKED = 3;

    private final boolean reentrant;
    private final Condition free = guard().newCondition();
    private Session holder;
    private long holderThread;
    private int depth;

    LockReferent(boolean reentrant) {
        super(reentrant ? Kind.RLOCK : Kind.LOCK);
        this.reentrant = reentrant;
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws InterruptedException {
        guard().lockInterruptibly();
        try {
            switch (method) {
                case ACQUIRE:
                    reply.value(acquire(caller, Arguments.number(arguments, 0)));
                    break;
                case RELEASE:
                    release(caller);
                    break;
                case IS_LOCKED:
                    reply.value(depth > 0);
                    break;
                default:
                    throw unknown(method);
            }
        } finally {
            guard().unlock();
        }
    }

    private boolean acquire(Caller caller, long nanos) throws InterruptedException {
        if (reentrant && isHeldBy(caller)) {
            depth = Math.addExact(depth, 1);
            return true;
        }
        return take(caller, nanos, 1);
    }

    private boolean take(Caller caller, long nanos, int newDepth) throws InterruptedException {
        long left = nanos;
        while (depth > 0 && left != 0) {
            left = await(free, left);
        }
        if (depth > 0) {
            return false;
        }
        boolean taken = false;
        try {
            caller.session().involve(this);
            taken = true;
        } finally {
            if (!taken) {
                free.signal();
            }
        }
        holder = caller.session();
        holderThread = caller.thread();
        depth = newDepth;
        return true;
    }

    private void release(Caller caller) {
        if (reentrant && !isHeldBy(caller)) {
            throw new IllegalStateException("attempt to release recursive lock not owned by thread");
        }
        if (depth == 0) {
            throw new IllegalStateException("semaphore or lock released too many times");
        }
        depth--;
        if (depth == 0) {
            holder.release(this);
            free.signal();
        }
    }

    /** With the guard held: whether the calling thread has it; of a lock that anybody may release it counts that it is held. */
    boolean isHeldBy(Caller caller) {
        return depth > 0 && (!reentrant || holder == caller.session() && holderThread == caller.thread());
    }

    /** With the guard held: gives it up, however often it was acquired, and says how often that was. */
    int giveUp() {
        int before = depth;
        holder.release(this);
        depth = 0;
        free.signal();
        return before;
    }

    /** With the guard held: undoes {@link #giveUp}. Waits as long as it takes, unless the client is gone. */
    void takeBack(Caller caller, int newDepth) throws InterruptedException {
        boolean interrupted = false;
        boolean back = false;
        while (!back) {
            try {
                back = take(caller, FOREVER, newDepth);
            } catch (InterruptedException e) {
                if (caller.session().hasEnded()) {
                    throw e;
                }
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    void sessionEnded(Session session) {
        guard().lock();
        try {
            if (depth > 0 && holder == session) {
                depth = 0;
                free.signal();
            }
        } finally {
            guard().unlock();
        }
    }

    @Override
    String text() {
        guard().lock();
        try {
            return (reentrant ? "RLock" : "Lock") + (depth > 0 ? "[held]" : "[free]");
        } finally {
            guard().unlock();
        }
    }
}
