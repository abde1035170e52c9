package org.jmultiprocessing.manager;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.locks.Condition;
import org.jmultiprocessing.task.Task;

/** A barrier in its server. A wait that is interrupted or late, or whose client dies, breaks it. */
final class BarrierReferent extends BlockingReferent {
    static final int AWAIT = 1;
    static final int ABORT = 2;
    static final int RESET = 3;
    static final int PARTIES = 4;
    static final int N_WAITING = 5;
    static final int IS_BROKEN = 6;

    private final Condition ended = guard().newCondition();
    private final int parties;
    private final Task action;
    private Round round = new Round();

    /** One gathering of all parties. */
    private static final class Round {
        private int arrived;
        private boolean tripped;
        private boolean broken;
        private boolean reset;
    }

    BarrierReferent(int parties, Task action) {
        super(Kind.BARRIER);
        if (parties <= 0) {
            throw new IllegalArgumentException("parties must be > 0");
        }
        this.parties = parties;
        this.action = action;
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws Exception {
        guard().lockInterruptibly();
        try {
            switch (method) {
                case AWAIT:
                    reply.value(await(Arguments.number(arguments, 0)));
                    break;
                case ABORT:
                    breakRound(round);
                    break;
                case RESET:
                    round.reset = true;
                    begin();
                    break;
                case PARTIES:
                    reply.value(parties);
                    break;
                case N_WAITING:
                    reply.value(round.broken || round.arrived == parties ? 0 : round.arrived);
                    break;
                case IS_BROKEN:
                    reply.value(round.broken);
                    break;
                default:
                    throw unknown(method);
            }
        } finally {
            guard().unlock();
        }
    }

    private int await(long nanos) throws Exception {
        long left = nanos;
        while (round.arrived == parties && !round.broken) {
            // Its action is running: this is one for the next.
            left = awaitEnd(round, left);
        }
        Round mine = round;
        if (mine.broken) {
            throw new BrokenBarrierException("the barrier is broken");
        }
        int before = mine.arrived++;
        if (mine.arrived == parties) {
            trip(mine);
            return before;
        }
        while (!mine.tripped) {
            if (mine.reset) {
                throw new BrokenBarrierException("the barrier was reset");
            }
            if (mine.broken) {
                throw new BrokenBarrierException("the barrier is broken");
            }
            left = awaitEnd(mine, left);
        }
        return before;
    }

    private long awaitEnd(Round awaited, long nanos) throws InterruptedException, BrokenBarrierException {
        if (nanos == 0) {
            breakRound(awaited);
            throw new BrokenBarrierException("the time is over, and the barrier broken");
        }
        boolean waited = false;
        try {
            long left = await(ended, nanos);
            waited = true;
            return left;
        } finally {
            if (!waited && !awaited.tripped) {
                breakRound(awaited);
            }
        }
    }

    private void trip(Round mine) throws Exception {
        boolean done = false;
        try {
            if (action != null) {
                runAction();
            }
            done = true;
        } finally {
            if (!done) {
                breakRound(mine);
            }
        }
        if (mine.broken || mine.reset) {
            throw new BrokenBarrierException("the barrier was broken while its action ran");
        }
        mine.tripped = true;
        begin();
    }

    /** Without the guard, so that others can look at the barrier meanwhile, or break it. */
    private void runAction() throws Exception {
        guard().unlock();
        try {
            action.run();
        } finally {
            guard().lock();
        }
    }

    private void begin() {
        round = new Round();
        ended.signalAll();
    }

    private void breakRound(Round broken) {
        broken.broken = true;
        ended.signalAll();
    }

    @Override
    String text() {
        guard().lock();
        try {
            return "Barrier[" + (round.broken ? "broken" : round.arrived + " of " + parties) + "]";
        } finally {
            guard().unlock();
        }
    }
}
