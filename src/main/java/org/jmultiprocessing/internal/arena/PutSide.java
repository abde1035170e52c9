package org.jmultiprocessing.internal.arena;

import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.os.Spin;
import org.jmultiprocessing.internal.os.Words;

/** The end of a queue where messages are put in; the stores are those of {@link QueueLayout}. Its fields are under the put line's guard. */
final class PutSide {
    private static final long MOST_PATIENCE_NANOS = 5_000_000;
    /** Nobody takes if nothing was taken for so long. */
    private static final long STALLED_NANOS = 100_000;
    private static final int SPINS_PER_LOOK = 16;

    private final Line line;
    private final ByteBuffer memory;
    private final QueueFiles files;
    private final RingMemory baseRing;
    private final int mark;
    private final int seen;
    private final int changes;
    private final int headAt;
    private final int maxItems;
    private final int maxUnits;

    private RingMemory ring;
    private int ringNumber;
    private long ringChanges;

    /**
     * @param maxItems messages that may be in the queue
     * @param maxBytes bytes that may be in a ring that does not grow, 0 if it does
     */
    PutSide(Segment segment, QueueFiles files, RingMemory baseRing, int maxItems, int maxBytes) {
        this.line = segment.line(QueueLayout.PUT);
        this.memory = segment.memory();
        this.files = files;
        this.baseRing = baseRing;
        this.mark = QueueLayout.PUT * Line.BYTES + QueueLayout.MARK;
        this.seen = QueueLayout.PUT * Line.BYTES + QueueLayout.SEEN;
        this.changes = QueueLayout.PUT * Line.BYTES + QueueLayout.CHANGES;
        this.headAt = QueueLayout.GET * Line.BYTES + QueueLayout.MARK;
        this.maxItems = maxItems;
        this.maxUnits = maxBytes / RingMemory.UNIT;
        this.ring = baseRing;
    }

    Line line() {
        return line;
    }

    long tail() {
        return Words.getLongVolatile(memory, mark);
    }

    private long head() {
        return Words.getLongVolatile(memory, headAt);
    }

    private int state() {
        return Words.getIntVolatile(memory, QueueLayout.SHUTDOWN);
    }

    /** Puts a message in if there is room. Wakes a taker. */
    ByteQueue.Outcome offer(int kind, byte[] bytes, int offset, int length) {
        ByteQueue.Outcome outcome = offer(kind, bytes, offset, length, !Spin.isWorthwhile());
        if (outcome != null) {
            return outcome;
        }
        awaitTakers(length);
        return offer(kind, bytes, offset, length, true);
    }

    /**
     * Puts a message in if there is room. With what is rare written out in it, this is too large to be inlined (HotSpot's FreqInlineSize, 325 bytes),
     * and so compiled once and not again within each of its callers: a young process puts at full speed sooner.
     *
     * @return null if it would take another ring, and {@code grows} does not allow that
     */
    private ByteQueue.Outcome offer(int kind, byte[] bytes, int offset, int length, boolean grows) {
        int units = RingMemory.units(length);
        boolean put = false;
        line.guard();
        try {
            if (Words.getIntVolatile(memory, QueueLayout.SHUTDOWN) != ByteQueue.OPEN) {
                return ByteQueue.Outcome.SHUT_DOWN;
            }
            long tail = Words.getLong(memory, mark);
            if (!admits(tail, Words.getLong(memory, seen), units, kind)) {
                long head = headFrom(tail);
                Words.putLong(memory, seen, head);
                if (!admits(tail, head, units, kind)) {
                    return ByteQueue.Outcome.NOT_NOW;
                }
            }
            RingMemory target = ring(tail);
            if (maxUnits == 0 && !fits(target, tail, units)) {
                if (!grows) {
                    return null;
                }
                int number = Mark.nextRing(Mark.ring(tail), true);
                if (Mark.isSameSerial(number, Mark.ring(Words.getLongVolatile(memory, headAt)))) {
                    return ByteQueue.Outcome.NOT_NOW;
                }
                RingMemory next = files.createRing(number, QueueFiles.nextRingBytes(target.capacity(), units));
                tail = begin(target, tail, number, next);
                target = next;
            }
            target.write(Mark.position(tail), kind, bytes, offset, length);
            Step.PUT_WRITTEN.reached();
            Words.putLongRelease(memory, mark, Mark.behind(tail, units));
            Step.PUT_PUBLISHED.reached();
            put = true;
            return ByteQueue.Outcome.DONE;
        } finally {
            line.unguard(put);
        }
    }

    /**
     * Waits, awake and for a moment, while takers make room in the ring that there is. A ring that grows beyond the processors' caches makes both
     * sides slower than this wait does, and its pages have to be zeroed and mapped first. Where nobody takes there is nothing to wait for.
     */
    void awaitTakers(int length) {
        // Another ring than the tail's, if somebody else has begun one, ends the wait early or late.
        int enough = ring.capacity() / 2 - RingMemory.units(length);
        long now = System.nanoTime();
        long end = now + MOST_PATIENCE_NANOS;
        long patience = now + STALLED_NANOS;
        long seen = head();
        while (now - end < 0 && now - patience < 0) {
            for (int i = 0; i < SPINS_PER_LOOK; i++) {
                Thread.onSpinWait();
            }
            now = System.nanoTime();
            long head = head();
            if (head != seen) {
                long tail = tail();
                if (Mark.ring(head) == Mark.ring(tail) && Mark.unitsBetween(head, tail) <= enough) {
                    return;
                }
                seen = head;
                patience = now + STALLED_NANOS;
            }
        }
    }

    /** Whether the bounds allow one more message, by a head that is true or was. */
    private boolean admits(long tail, long head, int units, int kind) {
        if (Mark.countBetween(head, tail) >= maxItems) {
            return false;
        }
        if (maxUnits == 0) {
            return true;
        }
        int used = Mark.unitsBetween(head, tail);
        // What is larger than the bound goes in when nothing else is there.
        return kind == QueueLayout.BLOB_RECORD ? used == 0 : used + units <= maxUnits;
    }

    private boolean fits(RingMemory target, long tail, int units) {
        // An END has to fit at any time.
        int most = target.capacity() - units - 1;
        long head = Words.getLong(memory, seen);
        if (Mark.ring(head) == Mark.ring(tail) && Mark.unitsBetween(head, tail) <= most) {
            return true;
        }
        head = headFrom(tail);
        Words.putLong(memory, seen, head);
        return Mark.unitsBetween(head, tail) <= most;
    }

    /** The head; if that is in a ring before the tail's, the beginning of the tail's. */
    private long headFrom(long tail) {
        long head = head();
        return Mark.ring(head) == Mark.ring(tail) ? head : Mark.start(Mark.ring(tail), head);
    }

    private RingMemory ring(long tail) {
        int number = Mark.ring(tail);
        long now = Words.getLong(memory, changes);
        if (ringNumber != number || ringChanges != now) {
            ring = Mark.hasOwnFile(number) ? files.openRing(number) : baseRing;
            ringNumber = number;
            ringChanges = now;
        }
        return ring;
    }

    /** Ends the tail's ring and begins another, all of it behind the tail; returns where the next message goes. */
    private long begin(RingMemory old, long tail, int number, RingMemory next) {
        long start = Mark.start(number, tail);
        old.writeHead(Mark.position(tail), QueueLayout.END_RECORD, number);
        Words.putLong(memory, seen, Mark.start(number, head()));
        long now = Words.getLong(memory, changes) + 1;
        Words.putLongRelease(memory, changes, now);
        Step.RING_STARTED.reached();
        ring = next;
        ringNumber = number;
        ringChanges = now;
        return start;
    }

    /**
     * Goes back to the base ring if the queue is empty. The caller has the get line's guard.
     *
     * @param last the ring where the head is, with a file of its own
     * @return whether it did: then the head is at an END
     */
    boolean shrink(RingMemory last) {
        if (!line.tryLock()) {
            return false;
        }
        try {
            long tail = Words.getLong(memory, mark);
            if (tail != head()) {
                return false;
            }
            long start = begin(last, tail, Mark.nextRing(Mark.ring(tail), false), baseRing);
            Words.putLongRelease(memory, mark, start);
            return true;
        } finally {
            line.unguard(false);
        }
    }

    /** For those who wait: whether a message might be put in now. Needs no guard. */
    boolean mayHaveRoom(int kind, int length) {
        long tail = tail();
        long head = head();
        return admits(tail, head, RingMemory.units(length), kind);
    }

    /** No message gets in after this. */
    void shutDown(int state) {
        line.guard();
        try {
            if (state() < state) {
                Words.putIntRelease(memory, QueueLayout.SHUTDOWN, state);
            }
        } finally {
            line.unguard(false);
        }
    }
}
