package org.jmultiprocessing.manager;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;

/** A semaphore in its server, bounded or not. The permits of a client that dies return. */
final class SemaphoreReferent extends BlockingReferent {
    static final int ACQUIRE = 1;
    static final int RELEASE = 2;
    static final int GET_VALUE = 3;

    private final Condition available = guard().newCondition();
    private final Map<Session, Integer> holders = new HashMap<>();
    private final int bound;
    private int value;

    SemaphoreReferent(int value, boolean bounded) {
        super(bounded ? Kind.BOUNDED_SEMAPHORE : Kind.SEMAPHORE);
        if (value < 0) {
            throw new IllegalArgumentException("semaphore initial value must be >= 0");
        }
        this.value = value;
        this.bound = bounded ? value : Integer.MAX_VALUE;
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws InterruptedException {
        guard().lockInterruptibly();
        try {
            switch (method) {
                case ACQUIRE:
                    reply.value(acquire(caller.session(), Arguments.number(arguments, 0)));
                    break;
                case RELEASE:
                    release(caller.session(), Arguments.integer(arguments, 0));
                    break;
                case GET_VALUE:
                    reply.value(value);
                    break;
                default:
                    throw unknown(method);
            }
        } finally {
            guard().unlock();
        }
    }

    private boolean acquire(Session session, long nanos) throws InterruptedException {
        long left = nanos;
        while (value == 0 && left != 0) {
            left = await(available, left);
        }
        if (value == 0) {
            return false;
        }
        boolean taken = false;
        try {
            session.involve(this);
            taken = true;
        } finally {
            if (!taken) {
                available.signal();
            }
        }
        value--;
        holders.merge(session, 1, Integer::sum);
        return true;
    }

    private void release(Session session, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("n must be one or more");
        }
        if (count > bound - value) {
            throw new IllegalStateException("semaphore or lock released too many times");
        }
        value += count;
        for (int i = 0; i < count; i++) {
            noteReleased(session);
            available.signal();
        }
    }

    /** A permit that comes back is one of those that the session holds; if it holds none, it is another's. */
    private void noteReleased(Session session) {
        Session holder = holders.containsKey(session) ? session : holders.isEmpty() ? null : holders.keySet().iterator().next();
        if (holder != null && holders.merge(holder, -1, Integer::sum) == 0) {
            holders.remove(holder);
            holder.release(this);
        }
    }

    @Override
    void sessionEnded(Session session) {
        guard().lock();
        try {
            Integer held = holders.remove(session);
            if (held != null) {
                value += held;
                available.signalAll();
            }
        } finally {
            guard().unlock();
        }
    }

    @Override
    String text() {
        guard().lock();
        try {
            return (bound == Integer.MAX_VALUE ? "Semaphore[" : "BoundedSemaphore[") + value + "]";
        } finally {
            guard().unlock();
        }
    }
}
