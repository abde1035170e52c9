package org.jmultiprocessing.internal.arena;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.SharedWord;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.registry.Members;

/**
 * Sixty-four bytes of shared memory that can be locked and waited for, and that hold some words of an object:
 *
 * <pre>
 *   0                      8          12         16          20         24       28       32                  64
 *  +----------------------+----------+----------+-----------+----------+--------+--------+-------------------+
 *  | owner, 0 when free   | lock seq | waiters  | object seq| waiters  | hunger | lines  | the object's own  |
 *  +----------------------+----------+----------+-----------+----------+--------+--------+-------------------+
 *   waiters: epoch (16 bits) | woken (1 bit) | count (15 bits)
 *   lines: how many belong to the object; those behind this one are all its own, and no lines to the tracker. 0 if no object was ever here
 * </pre>
 *
 * <p>What a process leaves that dies after a store. <em>Owner taken</em>: the next sees its death in the member table and takes the lock from it.
 * <em>Owner freed and nobody woken</em>, or <em>woken and dead before it looked</em>: at a member's death the tracker makes all who wait for any
 * line look again. <em>Counted as waiting</em>: signals to nobody, until the same broadcast begins a new epoch with count 0.
 *
 * <p>A waiter reads the sequence number, counts itself, and only then looks at what it waits for; a signaller changes that before it looks at the
 * count. So one of them sees the other. The woken bit spares who frees a much wanted lock the system call while somebody is on his way to it.
 *
 * <p>The lock belongs to a process, not to a thread, and is not reentrant. Who has waited a millisecond is hungry: the lock is freed as
 * {@link #RESERVED} then, and only who has waited that long takes it.
 */
public final class Line {
    /** Bytes of a line. */
    public static final int BYTES = 64;
    /** Offset in the line of the object's own bytes. */
    public static final int DATA = 32;

    private static final int OWNER = 0;
    private static final int LOCK = 8;
    private static final int OBJECT = 16;
    private static final int HUNGER = 24;
    private static final int LINES = 28;

    private static final long FREE = 0;
    private static final long RESERVED = -1;
    private static final long NOBODYS = Long.MAX_VALUE;

    private static final long HUNGRY_NANOS = 1_000_000;
    /** Looks at a lock that somebody else has, the pauses between them twice as long each time: who has it keeps his cache line meanwhile. */
    private static final int LOOKS = Runtime.getRuntime().availableProcessors() == 1 ? 0 : 7;

    /** What became of an attempt to lock. */
    public enum Outcome {
        /** The time was over, or an interrupt came. */
        NOT_LOCKED,
        /** It is ours. */
        LOCKED,
        /** It is ours, and was held by a process that has ended. */
        RECOVERED
    }

    private final ByteBuffer memory;
    private final int base;
    private final Members members;
    private final WaitPoint lockers;
    private final WaitPoint waiters;
    /** Guarded by the lock. */
    private long formerOwner;

    /** @param keeper to be kept reachable while somebody waits for the line */
    Line(Segment segment, int index, Object keeper) {
        memory = segment.memory();
        base = index * BYTES;
        members = segment.members();
        lockers = point(segment, LOCK, keeper);
        waiters = point(segment, OBJECT, keeper);
    }

    /** Says, before anybody knows of a line, that it is one, and how many bytes behind it are none. */
    static void begin(ByteBuffer memory, int index, int lines) {
        Words.putIntRelease(memory, index * BYTES + LINES, lines);
    }

    /** Fills the lines of an object with zeros, but for what {@link #begin} said. */
    static void clear(ByteBuffer memory, int first, int lines) {
        int start = first * BYTES;
        for (int at = start; at < start + lines * BYTES; at += Integer.BYTES) {
            if (at != start + LINES) {
                Words.putInt(memory, at, 0);
            }
        }
    }

    private WaitPoint point(Segment segment, int offset, Object keeper) {
        SharedWord word = new SharedWord(memory, base + offset, segment.address() + base + offset);
        return new WaitPoint(memory, base + offset + Integer.BYTES, word, members, keeper);
    }

    // ---- the lock ----

    /** @return whether the lock was free and is ours now */
    public boolean tryLock() {
        return tryLock(members.self());
    }

    /**
     * As {@link #tryLock()}, in nobody's name: such a lock is never taken from a process that ended.
     *
     * @return whether the lock was free and is held now
     */
    public boolean tryLockForNobody() {
        return tryLock(NOBODYS);
    }

    private boolean tryLock(long as) {
        return take(FREE, as) || isAbandoned() && take(RESERVED, as);
    }

    /** It was kept for hungry ones, and they have all given up. */
    private boolean isAbandoned() {
        return ownerWord() == RESERVED && !lockers.isWanted();
    }

    private boolean take(long owner, long as) {
        if (Words.casLong(memory, base + OWNER, owner, as)) {
            Step.LOCK_TAKEN.reached();
            return true;
        }
        return false;
    }

    /**
     * Locks for the few instructions of a change that a single store commits, and waits as long as that takes. There is nothing to mend when its
     * last holder is gone, but for what can be computed from the rest.
     *
     * @return whether its last holder is gone
     */
    public boolean guard() {
        return !tryLock() && lock(Deadline.NEVER, false, true) == Outcome.RECOVERED;
    }

    /**
     * Ends {@link #guard}. Nobody but its holder frees a guard, so that a plain store does; one fence serves those who wait for it and those who wait
     * for the object.
     *
     * @param signal whether one of those who wait for the object is woken, for a change under the guard
     */
    public void unguard(boolean signal) {
        Words.putLongRelease(memory, base + OWNER, Words.getInt(memory, base + HUNGER) != 0 && lockers.isWanted() ? RESERVED : FREE);
        VarHandle.fullFence();
        Step.LOCK_FREED.reached();
        lockers.signalOneAfterExchange();
        if (signal) {
            waiters.signalOneAfterExchange();
        }
    }

    /**
     * Waits for the lock.
     *
     * @param deadline how long
     * @param interruptible whether an interrupt ends the wait; the flag stays set
     * @param fromLeft whether it is taken from a process that ended normally, as it is from one that died
     * @return what became of it
     */
    public Outcome lock(Deadline deadline, boolean interruptible, boolean fromLeft) {
        return lock(deadline, interruptible, fromLeft, members.self());
    }

    /**
     * As {@link #lock}, in nobody's name: such a lock is never taken from a process that ended.
     *
     * @param deadline how long
     * @param interruptible whether an interrupt ends the wait; the flag stays set
     * @return whether it is held now
     */
    public boolean lockForNobody(Deadline deadline, boolean interruptible) {
        return lock(deadline, interruptible, false, NOBODYS) != Outcome.NOT_LOCKED;
    }

    private Outcome lock(Deadline deadline, boolean interruptible, boolean fromLeft, long as) {
        if (tryLock(as) || deadline != Deadline.NOW && spin(as)) {
            return Outcome.LOCKED;
        }
        long began = System.nanoTime();
        Outcome outcome;
        boolean over;
        do {
            over = deadline.isOver() || interruptible && Thread.currentThread().isInterrupted();
            outcome = attempt(deadline, interruptible, fromLeft, as, System.nanoTime() - began >= HUNGRY_NANOS, over);
        } while (outcome == Outcome.NOT_LOCKED && !over);
        if (outcome == Outcome.NOT_LOCKED && ownerWord() <= FREE) {
            // The wake-up that came just now was meant for somebody who takes it.
            lockers.signalOne();
        }
        return outcome;
    }

    private boolean spin(long as) {
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 1 << look; i > 0; i--) {
                Thread.onSpinWait();
            }
            long owner = ownerWord();
            if (owner == RESERVED) {
                return false;
            }
            if (owner == FREE && take(FREE, as)) {
                return true;
            }
        }
        return false;
    }

    private Outcome attempt(Deadline deadline, boolean interruptible, boolean fromLeft, long as, boolean hungry, boolean last) {
        int seq = lockers.sequence();
        int entered = lockers.enter();
        try {
            long owner = ownerWord();
            if (owner == FREE || owner == RESERVED && hungry) {
                if (!take(owner, as)) {
                    return Outcome.NOT_LOCKED;
                }
                Words.putInt(memory, base + HUNGER, 0);
                return Outcome.LOCKED;
            }
            if (owner != RESERVED && owner != NOBODYS && (fromLeft ? members.isGone(owner) : members.hasDied(owner))) {
                if (!take(owner, as)) {
                    return Outcome.NOT_LOCKED;
                }
                formerOwner = owner;
                Step.LOCK_RECOVERED.reached();
                return Outcome.RECOVERED;
            }
            if (!last) {
                if (hungry) {
                    Words.putIntRelease(memory, base + HUNGER, 1);
                }
                Step.WAIT_CHECKED.reached();
                lockers.block(seq, deadline, owner == RESERVED ? HUNGRY_NANOS : -1, interruptible);
            }
            return Outcome.NOT_LOCKED;
        } finally {
            lockers.leave(entered);
        }
    }

    /** @return whom the lock was taken from that {@link Outcome#RECOVERED} was said of; for its holder */
    public long formerOwner() {
        return formerOwner;
    }

    /** Frees the lock, which is ours. */
    public void unlock() {
        unlock(members.self());
    }

    /**
     * Frees the lock if a member holds it, which need not be this process.
     *
     * @param owner the member, as from {@link #owner}
     * @return whether that member held it
     */
    public boolean unlock(long owner) {
        long next = Words.getInt(memory, base + HUNGER) != 0 && lockers.isWanted() ? RESERVED : FREE;
        if (!Words.casLong(memory, base + OWNER, owner, next)) {
            return false;
        }
        Step.LOCK_FREED.reached();
        lockers.signalOneAfterExchange();
        return true;
    }

    /** @return the member that holds the lock, or something else that is not 0 if it is held in nobody's name; 0 if nobody holds it */
    public long owner() {
        long owner = ownerWord();
        return owner == RESERVED ? FREE : owner;
    }

    private long ownerWord() {
        return Words.getLongVolatile(memory, base + OWNER);
    }

    // ---- the object ----

    /** @return where threads wait for the object that the line belongs to */
    public WaitPoint waiters() {
        return waiters;
    }

    /** @return the table of those who may hold this line */
    public Members members() {
        return members;
    }

    /** @return this process in the member table; another in a forked child */
    public long self() {
        return members.self();
    }

    /** @return the memory that the line is part of */
    public ByteBuffer memory() {
        return memory;
    }

    /** @return offset in {@link #memory} of the object's own bytes */
    public int data() {
        return base + DATA;
    }
}
