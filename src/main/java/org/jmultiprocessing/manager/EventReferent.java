package org.jmultiprocessing.manager;

import java.util.concurrent.locks.Condition;

/** An event in its server. */
final class EventReferent extends BlockingReferent {
    static final int IS_SET = 1;
    static final int SET = 2;
    static final int CLEAR = 3;
    static final int AWAIT = 4;

    private final Condition changed = guard().newCondition();
    private boolean set;
    /** How often it has been set: who waits for one setting is not to miss it if it is cleared at once. */
    private long settings;

    EventReferent() {
        super(Kind.EVENT);
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws InterruptedException {
        guard().lockInterruptibly();
        try {
            switch (method) {
                case IS_SET:
                    reply.value(set);
                    break;
                case SET:
                    set = true;
                    settings++;
                    changed.signalAll();
                    break;
                case CLEAR:
                    set = false;
                    break;
                case AWAIT:
                    reply.value(awaitSet(Arguments.number(arguments, 0)));
                    break;
                default:
                    throw unknown(method);
            }
        } finally {
            guard().unlock();
        }
    }

    private boolean awaitSet(long nanos) throws InterruptedException {
        long before = settings;
        long left = nanos;
        while (!set && settings == before && left != 0) {
            left = await(changed, left);
        }
        return set || settings != before;
    }

    @Override
    String text() {
        guard().lock();
        try {
            return set ? "Event[set]" : "Event[unset]";
        } finally {
            guard().unlock();
        }
    }
}
