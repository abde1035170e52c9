package org.jmultiprocessing.internal.arena;

import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.SharedWord;
import org.jmultiprocessing.internal.os.Spin;
import org.jmultiprocessing.internal.os.WordWait;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.registry.Members;

/**
 * Where threads of any process wait for a change in shared memory: a sequence number in a word that the kernel waits for, and the number of waiters,
 * as {@link Line} shows. Safe for any number of threads.
 */
public final class WaitPoint {
    /** What is waited for. Looked at again and again, by the waiting thread. */
    public interface Condition {
        /** @return whether the wait is over, by what the shared memory says now; must not block */
        boolean holds();
    }

    private static final int EPOCH_SHIFT = 16;
    private static final int WOKEN = 1 << 15;
    private static final int COUNT = WOKEN - 1;

    /** How often a wait looks by itself where no tracker tells of deaths. */
    private static final long UNWATCHED_NANOS = 50_000_000;
    private static final int SPINS_PER_LOOK = 16;

    private final ByteBuffer memory;
    private final int count;
    private final SharedWord seq;
    private final Members members;
    private final Object keeper;
    private final Spin spin = new Spin();

    WaitPoint(ByteBuffer memory, int count, SharedWord seq, Members members, Object keeper) {
        this.memory = memory;
        this.count = count;
        this.seq = seq;
        this.members = members;
        this.keeper = keeper;
    }

    /**
     * Waits until a condition holds. Who makes it hold calls a signal method afterwards. Who is told that it holds has to look at the object again
     * before it leaves it, and to signal if there is something for the next.
     *
     * @param condition what is waited for; it must also hold when it never can any more, because a member is gone
     * @param deadline how long
     * @param interruptible whether an interrupt ends the wait; the flag stays set
     * @return whether it holds; if not, the time is over or an interrupt came
     */
    public boolean await(Condition condition, Deadline deadline, boolean interruptible) {
        if (spin(condition, deadline)) {
            return true;
        }
        while (true) {
            boolean over = deadline.isOver() || interruptible && Thread.currentThread().isInterrupted();
            int now = sequence();
            int entered = enter();
            boolean holds;
            try {
                holds = condition.holds();
                if (!holds && !over) {
                    Step.WAIT_CHECKED.reached();
                    block(now, deadline, -1, interruptible);
                }
            } finally {
                leave(entered);
            }
            if (holds) {
                return true;
            }
            if (over) {
                // A signal since the last look may have been meant for this thread, and spared the next one.
                return condition.holds();
            }
        }
    }

    private boolean spin(Condition condition, Deadline deadline) {
        long nanos = deadline == Deadline.NOW ? 0 : spin.next();
        if (nanos == 0) {
            return false;
        }
        long end = System.nanoTime() + nanos;
        boolean found;
        int spins = 0;
        // One place that looks: each is a copy of the condition in compiled code, which takes long enough to compile as it is.
        do {
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
            spins = SPINS_PER_LOOK;
            found = condition.holds();
        } while (!found && System.nanoTime() - end < 0);
        spin.after(found);
        return found;
    }

    /**
     * Counts this thread as waiting. The sequence number has to be read before this: a signal in between would be taken for one that this thread has
     * still to answer, and a broadcast would leave it asleep and not counted. What is waited for has to be looked at after this.
     */
    int enter() {
        while (true) {
            int now = Words.getIntVolatile(memory, count);
            if ((now & COUNT) == COUNT) {
                throw new IllegalStateException("more than " + (COUNT - 1) + " threads wait for one object in shared memory");
            }
            if (Words.casInt(memory, count, now, now + 1)) {
                Step.WAIT_ENTERED.reached();
                return now >>> EPOCH_SHIFT;
            }
        }
    }

    /** Undoes {@link #enter}, unless a broadcast has begun a new epoch, which counts from 0. */
    void leave(int epoch) {
        Step.WAIT_WOKEN.reached();
        int now;
        do {
            now = Words.getIntVolatile(memory, count);
        } while (now >>> EPOCH_SHIFT == epoch && !Words.casInt(memory, count, now, (now & ~WOKEN) - 1));
        Reference.reachabilityFence(keeper);
    }

    /** The number to {@link #block} on, read before {@link #enter}. */
    int sequence() {
        return seq.get();
    }

    void block(int sequence, Deadline deadline, long bound, boolean interruptible) {
        long nanos = deadline.remaining();
        nanos = bound < 0 || nanos >= 0 && nanos < bound ? nanos : bound;
        if (members.watched()) {
            WordWait.await(seq, sequence, nanos, interruptible);
        } else {
            WordWait.await(seq, sequence, nanos < 0 ? UNWATCHED_NANOS : Math.min(nanos, UNWATCHED_NANOS), interruptible);
            members.refresh();
        }
    }

    /** @return whether anybody waits, or died waiting; nothing is ordered */
    public boolean isWanted() {
        return (Words.getInt(memory, count) & COUNT) != 0;
    }

    /**
     * Wakes one of those who wait, after the change that they wait for. Who is woken and leaves something for the next has to signal again: while
     * somebody is on his way this does nothing.
     */
    public void signalOne() {
        VarHandle.fullFence();
        signalOneAfterExchange();
    }

    /** As {@link #signalOne}, where a compareAndSet or swap came after the change, which orders this look after it. */
    public void signalOneAfterExchange() {
        int now = Words.getIntVolatile(memory, count);
        while ((now & COUNT) != 0 && (now & WOKEN) == 0) {
            if (Words.casInt(memory, count, now, now | WOKEN)) {
                Step.SIGNAL_PENDING.reached();
                seq.countUpAndWake(1);
                return;
            }
            now = Words.getIntVolatile(memory, count);
        }
    }

    /** Wakes all who wait, after the change that they wait for. */
    public void signalAll() {
        VarHandle.fullFence();
        if (isWanted()) {
            Step.SIGNAL_PENDING.reached();
            seq.countUpAndWake(Integer.MAX_VALUE);
        }
    }
}
