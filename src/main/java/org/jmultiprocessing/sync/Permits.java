package org.jmultiprocessing.sync;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.Holdings;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.arena.WaitPoint;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Words;

/**
 * The permits of a semaphore. In the first line, then {@link Holdings} of 60 processes:
 *
 * <pre>
 *   32        36        40        44          48        52                  64
 *  +---------+---------+---------+-----------+---------+-------------------+
 *  | total   | free    | most    | recorded  | hunger  | unused            |
 *  +---------+---------+---------+-----------+---------+-------------------+
 * </pre>
 *
 * <p>Free is what total and holdings say, computed beforehand: total, less what each process holds that has not died. A permit is taken or given back
 * by one store, to the process's holding or to total. Who dies after it and before the store to free leaves the guard held, so that the next knows
 * that he has to compute free; and a death is noticed when no permit is free, which is when it matters.
 */
final class Permits {
    static final int LINES = 16;

    private static final int TOTAL_AT = 0;
    private static final int FREE_AT = 4;
    private static final int MOST_AT = 8;
    private static final int RECORDED_AT = 12;
    private static final int HUNGER_AT = 16;
    private static final Duration BEFORE_HUNGER = Duration.ofMillis(1);

    private final Line line;
    private final WaitPoint waiters;
    private final ByteBuffer memory;
    private final int data;
    private final Holdings holdings;
    private final int most;
    private final boolean recorded;
    private final WaitPoint.Condition forAll = new Obtainable(false);
    private final WaitPoint.Condition forHungry = new Obtainable(true);

    /** This process's entry when it was last used. Guarded by the line. */
    private int lastEntry;

    /** Attaches one that is complete. */
    Permits(Arena.Block block) {
        line = block.line(0);
        waiters = line.waiters();
        memory = line.memory();
        data = line.data();
        int first = data - Line.DATA + Line.BYTES;
        holdings = new Holdings(line, first, (LINES - 1) * Line.BYTES / Holdings.BYTES);
        most = Words.getInt(memory, data + MOST_AT);
        recorded = Words.getInt(memory, data + RECORDED_AT) != 0;
        lastEntry = first;
    }

    static Permits create(Arena.Block block, int value, int most, boolean recorded) {
        Line line = block.line(0);
        Words.putInt(line.memory(), line.data() + TOTAL_AT, value);
        Words.putInt(line.memory(), line.data() + FREE_AT, value);
        Words.putInt(line.memory(), line.data() + MOST_AT, most);
        Words.putInt(line.memory(), line.data() + RECORDED_AT, recorded ? 1 : 0);
        return new Permits(block);
    }

    /** Permits that may be taken or waiting to be, for those who have waited long, or for all. */
    private final class Obtainable implements WaitPoint.Condition {
        private final boolean hungry;

        Obtainable(boolean hungry) {
            this.hungry = hungry;
        }

        @Override
        public boolean holds() {
            return (hungry || !isReserved()) && (Words.getIntVolatile(memory, data + FREE_AT) > 0 || available() > 0);
        }
    }

    private boolean isReserved() {
        return Words.getInt(memory, data + HUNGER_AT) != 0 && waiters.isWanted();
    }

    int available() {
        return Words.getIntVolatile(memory, data + TOTAL_AT) - holdings.sum();
    }

    // ---- under the guard ----

    private void guard() {
        if (line.guard()) {
            Words.putInt(memory, data + FREE_AT, available());
        }
    }

    private int entry() {
        if (holdings.member(lastEntry) != line.self()) {
            int claimed = holdings.claim(line.self());
            if (claimed < 0) {
                return claimed;
            }
            lastEntry = claimed;
        }
        return lastEntry;
    }

    private void changeFree(int by) {
        Words.putInt(memory, data + FREE_AT, Words.getInt(memory, data + FREE_AT) + by);
    }

    private void changeTotal(int by) {
        Words.putIntRelease(memory, data + TOTAL_AT, Words.getInt(memory, data + TOTAL_AT) + by);
    }

    // ---- what a semaphore does ----

    boolean take(Deadline deadline, boolean interruptible) {
        return takeOne(false) || deadline != Deadline.NOW && await(deadline, interruptible);
    }

    private boolean takeOne(boolean hungry) {
        guard();
        int free = Words.getInt(memory, data + FREE_AT);
        if (free <= 0) {
            free = available();
            Words.putInt(memory, data + FREE_AT, free);
        }
        boolean taken = free > 0 && (hungry || !isReserved());
        if (taken) {
            int entry = recorded ? entry() : -1;
            if (entry >= 0) {
                holdings.setCount(entry, holdings.count(entry) + 1);
            } else {
                changeTotal(-1);
            }
            changeFree(-1);
        }
        if (hungry) {
            Words.putInt(memory, data + HUNGER_AT, taken ? 0 : 1);
        }
        line.unlock();
        return taken;
    }

    private boolean await(Deadline deadline, boolean interruptible) {
        Deadline patience = Deadline.after(BEFORE_HUNGER);
        while (true) {
            boolean hungry = patience.isOver();
            boolean isLast = hungry || deadline.remaining() >= 0 && deadline.remaining() <= patience.remaining();
            boolean obtainable = waiters.await(hungry ? forHungry : forAll, isLast ? deadline : patience, interruptible);
            boolean over = !obtainable && (isLast || interruptible && Thread.currentThread().isInterrupted());
            // Once the patience is over this tells the others that somebody is hungry.
            boolean taken = !over && takeOne(patience.isOver());
            if (taken || over) {
                wakeNext();
                return taken;
            }
        }
    }

    /** Who was woken, and took only one of several permits or none, passes it on. */
    private void wakeNext() {
        if (Words.getIntVolatile(memory, data + FREE_AT) > 0) {
            waiters.signalOne();
        }
    }

    void giveBack() {
        guard();
        int entry = recorded ? entry() : -1;
        boolean isTooMuch = most == Integer.MAX_VALUE ? Words.getInt(memory, data + FREE_AT) == most : available() >= most;
        if (!isTooMuch) {
            if (entry >= 0 && holdings.count(entry) > 0) {
                holdings.setCount(entry, holdings.count(entry) - 1);
            } else {
                changeTotal(1);
            }
            changeFree(1);
        }
        line.unlock();
        if (isTooMuch) {
            throw new IllegalStateException("semaphore or lock released too many times");
        }
        waiters.signalOneAfterExchange();
    }
}
