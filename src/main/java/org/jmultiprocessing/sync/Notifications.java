package org.jmultiprocessing.sync;

import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.Holdings;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.arena.Step;
import org.jmultiprocessing.internal.arena.WaitPoint;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Words;

/**
 * Who waits for a condition, and who is told. In the first line, then {@link Holdings} of 124 processes, each with the number of its waiting threads
 * (the count) and how many of these are told (the round), which one store changes together:
 *
 * <pre>
 *   32               40                     48       52                     64
 *  +----------------+----------------------+--------+----------------------+
 *  | next ticket    | limit                | turn   | unused               |
 *  +----------------+----------------------+--------+----------------------+
 * </pre>
 *
 * <p>A thread that begins to wait takes a ticket. Each signal sets the limit to the next ticket and then tells processes in turn that some of their
 * threads may go, never more than wait; of these, one that has a ticket below the limit goes and takes both its numbers off. So who came later takes
 * nothing, and at most as many go as were told. What was told to a process that ended is told to others first and then forgotten; a death
 * in between tells one too many.
 */
final class Notifications {
    static final int LINES = 32;

    private static final int TICKET_AT = 0;
    private static final int LIMIT_AT = 8;
    private static final int TURN_AT = 16;

    private final Line line;
    private final WaitPoint waiters;
    private final ByteBuffer memory;
    private final int data;
    private final Holdings holdings;

    Notifications(Arena.Block block) {
        line = block.line(0);
        waiters = line.waiters();
        memory = line.memory();
        data = line.data();
        holdings = new Holdings(line, data - Line.DATA + Line.BYTES, (LINES - 1) * Line.BYTES / Holdings.BYTES, true);
    }

    /** Counts the calling thread as waiting, and returns its ticket. */
    long register() {
        line.guard();
        try {
            forgetTheDead();
            int entry = holdings.claim(line.self());
            if (entry < 0) {
                throw new IllegalStateException("threads of too many processes wait for one condition");
            }
            if (holdings.count(entry) == 0) {
                holdings.set(entry, 0, 0);
            }
            long ticket = Words.getLong(memory, data + TICKET_AT);
            Words.putLongRelease(memory, data + TICKET_AT, ticket + 1);
            holdings.set(entry, holdings.count(entry) + 1, holdings.round(entry));
            Step.CONDITION_REGISTERED.reached();
            return ticket;
        } finally {
            line.unlock();
        }
    }

    /** Waits until the thread with this ticket, which is registered, may go; afterwards it no longer is. */
    boolean await(long ticket, Deadline deadline, boolean interruptible) {
        WaitPoint.Condition told = new Told(ticket);
        boolean isRegistered = true;
        try {
            while (true) {
                boolean over = !waiters.await(told, deadline, interruptible);
                boolean goes = leave(ticket, over);
                isRegistered = !goes && !over;
                if (!isRegistered) {
                    return goes;
                }
            }
        } finally {
            if (isRegistered) {
                leave(ticket, true);
            }
        }
    }

    private boolean leave(long ticket, boolean inAnyCase) {
        line.guard();
        try {
            int entry = holdings.find(line.self());
            if (!mayGo(entry, ticket)) {
                forgetTheDead();
            }
            boolean goes = mayGo(entry, ticket);
            if (goes || inAnyCase) {
                holdings.set(entry, holdings.count(entry) - 1, holdings.round(entry) - (goes ? 1 : 0));
                Step.CONDITION_LEFT.reached();
            }
            return goes;
        } finally {
            line.unlock();
        }
    }

    private boolean mayGo(int entry, long ticket) {
        return holdings.round(entry) > 0 && ticket < Words.getLongVolatile(memory, data + LIMIT_AT);
    }

    /** Returns whether there are any told, who are to be woken then. */
    boolean send(int count) {
        line.guard();
        try {
            forgetTheDead();
            return tell(count) > 0;
        } finally {
            line.unlock();
        }
    }

    WaitPoint waiters() {
        return waiters;
    }

    /** Under the guard: as many as there are, each process in its turn. */
    private int tell(int count) {
        Words.putLongRelease(memory, data + LIMIT_AT, Words.getLong(memory, data + TICKET_AT));
        int told = 0;
        int entry = Words.getInt(memory, data + TURN_AT) - 1;
        int idle = 0;
        int used = used();
        while (told < count && idle < used) {
            entry = holdings.next(entry);
            if (entry < 0) {
                continue;
            }
            int waiting = holdings.count(entry);
            int before = holdings.round(entry);
            if (waiting > before && !holdings.isLost(entry)) {
                int more = count == Integer.MAX_VALUE ? waiting - before : 1;
                holdings.set(entry, waiting, before + more);
                told += more;
                idle = 0;
            } else {
                idle++;
            }
        }
        Words.putInt(memory, data + TURN_AT, entry + 1);
        return told;
    }

    private int used() {
        int used = 0;
        for (int entry = holdings.next(-1); entry >= 0; entry = holdings.next(entry)) {
            used++;
        }
        return used;
    }

    /** Under the guard: tells others what was told to threads of processes that have ended, and counts these no more. */
    private void forgetTheDead() {
        for (int entry = holdings.next(-1); entry >= 0; entry = holdings.next(entry)) {
            if (holdings.isLost(entry)) {
                int told = holdings.round(entry);
                if (told > 0 && tell(told) > 0) {
                    waiters.signalAll();
                }
                holdings.set(entry, 0, 0);
            }
        }
    }

    int waiting() {
        return holdings.sum();
    }

    /** May go, or somebody who might have gone in his stead is gone himself. */
    private final class Told implements WaitPoint.Condition {
        private final long ticket;

        Told(long ticket) {
            this.ticket = ticket;
        }

        @Override
        public boolean holds() {
            for (int entry = holdings.next(-1); entry >= 0; entry = holdings.next(entry)) {
                if (holdings.member(entry) == line.self() ? mayGo(entry, ticket) : holdings.round(entry) > 0 && holdings.isLost(entry)) {
                    return true;
                }
            }
            return false;
        }
    }
}
