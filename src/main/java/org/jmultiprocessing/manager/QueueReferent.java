package org.jmultiprocessing.manager;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import org.jmultiprocessing.errors.QueueShutDownException;

/** A queue in its server, joinable or not. */
final class QueueReferent extends BlockingReferent {
    static final int PUT = 1;
    static final int TAKE = 2;
    static final int SIZE = 3;
    static final int MAX_ITEMS = 4;
    static final int PEEK = 5;
    static final int DRAIN = 6;
    static final int SNAPSHOT = 7;
    static final int REMOVE = 8;
    static final int CONTAINS = 9;
    static final int CLEAR = 10;
    static final int SHUT_DOWN = 11;
    static final int TASK_DONE = 12;
    static final int JOIN = 13;
    static final int UNFINISHED = 14;

    private final Condition notEmpty = guard().newCondition();
    private final Condition notFull = guard().newCondition();
    private final Condition finished = guard().newCondition();
    private final boolean joinable;
    private final int maxItems;
    private final Deque<Object> items = new ArrayDeque<>();
    /** Of a joinable queue: how many messages each client has got and not reported. */
    private final Map<Session, Integer> unreported = new HashMap<>();
    private int unfinished;
    private boolean shutDown;

    QueueReferent(int maxItems, boolean joinable) {
        super(joinable ? Kind.JOINABLE_QUEUE : Kind.QUEUE);
        this.maxItems = maxItems <= 0 ? Integer.MAX_VALUE : maxItems;
        this.joinable = joinable;
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws InterruptedException {
        guard().lockInterruptibly();
        try {
            switch (method) {
                case PUT:
                    reply.value(put(Objects.requireNonNull(arguments[0], "null cannot be put into a queue"), Arguments.number(arguments, 1)));
                    break;
                case TAKE:
                    take(Arguments.number(arguments, 0), caller.session(), reply);
                    break;
                case SIZE:
                    reply.value(items.size());
                    break;
                case MAX_ITEMS:
                    reply.value(maxItems);
                    break;
                case PEEK:
                    reply.value(items.peek());
                    break;
                case DRAIN:
                    drain(Arguments.integer(arguments, 0), caller.session(), reply);
                    break;
                case SNAPSHOT:
                    reply.value(new ArrayList<>(items));
                    break;
                case REMOVE:
                    reply.value(removed(items.removeFirstOccurrence(arguments[0]) ? 1 : 0) > 0);
                    break;
                case CONTAINS:
                    reply.value(items.contains(arguments[0]));
                    break;
                case CLEAR:
                    clear();
                    break;
                case SHUT_DOWN:
                    shutDown((Boolean) arguments[0]);
                    break;
                default:
                    callJoinable(method, arguments, caller, reply);
            }
        } finally {
            guard().unlock();
        }
    }

    private void callJoinable(int method, Object[] arguments, Caller caller, Reply reply) throws InterruptedException {
        if (!joinable) {
            throw unknown(method);
        }
        switch (method) {
            case TASK_DONE:
                taskDone(caller.session());
                break;
            case JOIN:
                reply.value(join(Arguments.number(arguments, 0)));
                break;
            case UNFINISHED:
                reply.value(unfinished);
                break;
            default:
                throw unknown(method);
        }
    }

    // ---- putting ----

    private boolean put(Object item, long nanos) throws InterruptedException {
        long left = nanos;
        while (!shutDown && items.size() >= maxItems && left != 0) {
            left = await(notFull, left);
        }
        if (shutDown) {
            throw new QueueShutDownException("the queue of a manager is shut down: nothing can be put in any more");
        }
        if (items.size() >= maxItems) {
            return false;
        }
        items.addLast(item);
        unfinished++;
        notEmpty.signal();
        return true;
    }

    // ---- getting ----

    /** The reply is null if the time is over. */
    private void take(long nanos, Session session, Reply reply) throws InterruptedException {
        long left = nanos;
        while (items.isEmpty() && !shutDown && left != 0) {
            left = await(notEmpty, left);
        }
        if (items.isEmpty()) {
            if (shutDown) {
                throw new QueueShutDownException("the queue of a manager is shut down, and nothing is left to get");
            }
            return;
        }
        noteGot(session, 1);
        Object item = items.pollFirst();
        notFull.signal();
        reply.taken(this, new Got(session, List.of(item)));
        reply.value(item);
    }

    private void drain(int most, Session session, Reply reply) throws InterruptedException {
        int count = Math.max(0, Math.min(most, items.size()));
        noteGot(session, count);
        List<Object> taken = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            taken.add(items.pollFirst());
            notFull.signal();
        }
        reply.taken(this, new Got(session, taken));
        reply.value(taken);
    }

    /** Items on their way to a client. */
    private record Got(Session session, List<Object> items) { }

    private void noteGot(Session session, int count) throws InterruptedException {
        if (joinable && count > 0) {
            session.involve(this);
            unreported.merge(session, count, Integer::sum);
        }
    }

    @Override
    void giveBack(Object taken) {
        Got got = (Got) taken;
        guard().lock();
        try {
            for (int i = got.items.size() - 1; i >= 0; i--) {
                items.addFirst(got.items.get(i));
                notEmpty.signal();
                if (unreported.containsKey(got.session)) {
                    noteReported(got.session);
                } else if (joinable) {
                    // Its client's end has been noticed before, and the item been counted as lost.
                    unfinished++;
                }
            }
        } finally {
            guard().unlock();
        }
    }

    private void clear() {
        removed(items.size());
        items.clear();
    }

    /** So many items are gone without having been got. */
    private int removed(int count) {
        for (int i = 0; i < count; i++) {
            notFull.signal();
        }
        finish(count);
        return count;
    }

    private void shutDown(boolean immediate) {
        shutDown = true;
        if (immediate) {
            clear();
        }
        notEmpty.signalAll();
        notFull.signalAll();
    }

    // ---- joining ----

    private void taskDone(Session session) {
        if (unfinished - items.size() <= 0) {
            throw new IllegalStateException("task_done() called too many times");
        }
        noteReported(session);
        finish(1);
    }

    private void finish(int count) {
        unfinished -= count;
        if (unfinished == 0) {
            finished.signalAll();
        }
    }

    /** A message that is reported by a client that holds none was got by another, who passed it on. */
    private void noteReported(Session session) {
        Session getter = unreported.containsKey(session) ? session : unreported.isEmpty() ? null : unreported.keySet().iterator().next();
        if (getter != null && unreported.merge(getter, -1, Integer::sum) == 0) {
            unreported.remove(getter);
            getter.release(this);
        }
    }

    private boolean join(long nanos) throws InterruptedException {
        long left = nanos;
        while (unfinished > 0 && left != 0) {
            left = await(finished, left);
        }
        return unfinished == 0;
    }

    /** What it has got and not reported will not be reported. */
    @Override
    void sessionEnded(Session session) {
        guard().lock();
        try {
            Integer lost = unreported.remove(session);
            if (lost != null) {
                finish(Math.min(lost, unfinished - items.size()));
            }
        } finally {
            guard().unlock();
        }
    }

    @Override
    String text() {
        guard().lock();
        try {
            return (joinable ? "JoinableQueue" : "Queue") + items;
        } finally {
            guard().unlock();
        }
    }
}
