package org.jmultiprocessing.internal.arena;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Words;

/** The end of a queue where messages are taken out; the stores are those of {@link QueueLayout}. Its fields are under the get line's guard. */
final class GetSide {
    private final Line line;
    private final ByteBuffer memory;
    private final QueueFiles files;
    private final RingMemory baseRing;
    private final PutSide putSide;
    /** Null if what is taken is not counted. */
    private final Hands hands;
    private final boolean wakesPutters;
    private final boolean wakesAllPutters;
    private final int mark;
    private final int seen;
    private final int changes;

    private RingMemory ring;
    private int ringNumber;
    private long ringChanges;
    private final Lag lag = new Lag();
    private volatile boolean giveBackPlanned;
    /** For {@link #take}: the length of the first message, if the batch is too small for it; else -1. */
    private int needed;
    /** For {@link #take}: where the message is to be read from. */
    private Fd blob;

    GetSide(Segment segment, QueueFiles files, RingMemory baseRing, PutSide putSide, Hands hands, boolean bounded, boolean boundedByBytes) {
        this.line = segment.line(QueueLayout.GET);
        this.memory = segment.memory();
        this.files = files;
        this.baseRing = baseRing;
        this.putSide = putSide;
        this.hands = hands;
        this.wakesPutters = bounded;
        this.wakesAllPutters = boundedByBytes;
        this.mark = QueueLayout.GET * Line.BYTES + QueueLayout.MARK;
        this.seen = QueueLayout.GET * Line.BYTES + QueueLayout.SEEN;
        this.changes = QueueLayout.GET * Line.BYTES + QueueLayout.CHANGES;
        this.ring = baseRing;
    }

    Line line() {
        return line;
    }

    long head() {
        return Words.getLongVolatile(memory, mark);
    }

    /**
     * Copies messages into a batch and takes them off the queue. Wakes putters.
     *
     * @param batch what it held is forgotten
     * @param most how many messages
     * @return DONE, SHUT_DOWN, or NOT_NOW if there is none
     */
    ByteQueue.Outcome take(Batch batch, int most) {
        while (true) {
            ByteQueue.Outcome outcome;
            int grow;
            Fd large;
            lock();
            try {
                batch.clear();
                needed = -1;
                blob = null;
                outcome = takeGuarded(batch, hands != null ? 1 : most);
            } finally {
                grow = needed;
                large = blob;
                line.unguard(wakesPutters && !wakesAllPutters && batch.count() > 0);
            }
            if (wakesAllPutters && batch.count() > 0) {
                line.waiters().signalAll();
            }
            if (grow < 0) {
                if (large != null) {
                    QueueFiles.readBlob(large, batch.bytes(), batch.length(0));
                }
                return outcome;
            }
            // Not under the guard, where others would wait for the collector.
            batch.grow(grow);
        }
    }

    private void lock() {
        if (line.guard()) {
            boolean mended = false;
            try {
                long head = Words.getLong(memory, mark);
                if (hands != null) {
                    hands.repair(Mark.count(head));
                }
                files.deleteRing(Mark.ringBefore(Mark.ring(head)));
                mended = true;
            } finally {
                if (!mended) {
                    line.unguard(false);
                }
            }
        }
    }

    /** With what is rare written out, as in {@link PutSide#offer}, so that it is compiled once. */
    private ByteQueue.Outcome takeGuarded(Batch batch, int most) {
        if (state() == ByteQueue.SHUT_DOWN_NOW) {
            return ByteQueue.Outcome.SHUT_DOWN;
        }
        long head = Words.getLong(memory, mark);
        boolean more = true;
        // The tail is in a cache line of the putters': to look at it again for one more message would cost more than to come again.
        while (more && batch.count() < most && (batch.count() > 0 ? head != seen() : hasMore(head))) {
            RingMemory from = ring(head);
            int position = Mark.position(head);
            int kind = from.kind(position);
            int length = from.length(position);
            if (kind == QueueLayout.BYTES_RECORD) {
                more = hasRoom(batch, length);
                if (more) {
                    from.read(position, batch.bytes(), batch.add(length), length);
                    head = Mark.behind(head, RingMemory.units(length));
                }
            } else if (batch.count() > 0) {
                more = false;
            } else if (kind == QueueLayout.END_RECORD) {
                head = leave(head, length);
            } else {
                head = takeBlob(batch, from, head);
                more = needed < 0 && blob == null;
            }
        }
        if (batch.count() > 0) {
            if (hands != null) {
                hands.take(line.self(), Mark.count(head) - 1 & Mark.COUNTS - 1);
            }
            Step.GET_COPIED.reached();
            Words.putLongRelease(memory, mark, head);
            Step.GET_PUBLISHED.reached();
            if (Mark.hasOwnFile(Mark.ring(head)) && !giveBackPlanned && !hasMore(head)) {
                planToGiveBack(head);
            }
            return ByteQueue.Outcome.DONE;
        }
        return needed < 0 && isShutDownAndEmpty(head) ? ByteQueue.Outcome.SHUT_DOWN : ByteQueue.Outcome.NOT_NOW;
    }

    private boolean hasRoom(Batch batch, int length) {
        boolean room = batch.hasRoom(length);
        if (!room && batch.count() == 0) {
            needed = length;
        }
        return room;
    }

    /** Takes a large message as the only one of a batch; returns where the head is to be. Skips it if its taker died. */
    private long takeBlob(Batch batch, RingMemory from, long head) {
        int length = from.length(Mark.position(head));
        byte[] record = new byte[length + RingMemory.UNIT];
        from.read(Mark.position(head), record, 0, length);
        int size = QueueFiles.blobLength(record, length);
        if (!hasRoom(batch, size)) {
            return head;
        }
        blob = files.openBlob(QueueFiles.blobFile(record, length));
        long behind = Mark.behind(head, RingMemory.units(length));
        if (blob == null) {
            Words.putLongRelease(memory, mark, behind);
        } else {
            batch.add(size);
            Step.BLOB_OPENED.reached();
        }
        return behind;
    }

    private int state() {
        return Words.getIntVolatile(memory, QueueLayout.SHUTDOWN);
    }

    private boolean isShutDownAndEmpty(long head) {
        return state() != ByteQueue.OPEN && !hasMore(head);
    }

    /** A queue that stays empty for a while gives back what a burst of messages needed. The next burst would else pay for it again. */
    private void planToGiveBack(long head) {
        giveBackPlanned = true;
        Later.EXECUTOR.execute(() -> giveBackIfIdle(head));
    }

    /** Runs in a thread that belongs to all: it must not wait. */
    private void giveBackIfIdle(long headThen) {
        if (!line.tryLock()) {
            // Somebody is at it, so it is not idle; or he died, and the next taker plans again.
            giveBackPlanned = false;
            return;
        }
        try {
            giveBackPlanned = false;
            long head = Words.getLong(memory, mark);
            if (!Mark.hasOwnFile(Mark.ring(head)) || hasMore(head)) {
                return;
            }
            if (head != headThen) {
                planToGiveBack(head);
            } else if (putSide.shrink(ring(head))) {
                leave(head, ring(head).length(Mark.position(head)));
            }
        } finally {
            line.unguard(false);
        }
    }

    private long seen() {
        return Words.getLong(memory, seen);
    }

    private boolean hasMore(long head) {
        if (head != seen()) {
            return true;
        }
        long tail = putSide.tail();
        if (head != tail && lag.isDue(Mark.countBetween(head, tail))) {
            lag.pause();
            long later = putSide.tail();
            lag.after(Mark.countBetween(tail, later));
            tail = later;
        }
        Words.putLong(memory, seen, tail);
        return head != tail;
    }

    /** Goes on to the next ring; returns where the head is now. */
    private long leave(long head, int nextRing) {
        int number = Mark.ring(head);
        long next = Mark.start(nextRing, head);
        Words.putLong(memory, seen, putSide.tail());
        Words.putLongRelease(memory, changes, Words.getLong(memory, changes) + 1);
        Words.putLongRelease(memory, mark, next);
        Step.RING_LEFT.reached();
        if (Mark.hasOwnFile(number)) {
            files.deleteRing(number);
        }
        return next;
    }

    private RingMemory ring(long head) {
        int number = Mark.ring(head);
        long now = Words.getLong(memory, changes);
        if (ringNumber != number || ringChanges != now) {
            ring = Mark.hasOwnFile(number) ? files.openRing(number) : baseRing;
            ringNumber = number;
            ringChanges = now;
        }
        return ring;
    }

    /** Takes all off the queue. */
    void discard() {
        lock();
        try {
            long head = Words.getLong(memory, mark);
            while (hasMore(head)) {
                RingMemory from = ring(head);
                int position = Mark.position(head);
                int length = from.length(position);
                int kind = from.kind(position);
                if (kind == QueueLayout.END_RECORD) {
                    head = leave(head, length);
                    continue;
                }
                if (kind == QueueLayout.BLOB_RECORD) {
                    byte[] record = new byte[length + RingMemory.UNIT];
                    from.read(position, record, 0, length);
                    files.deleteBlob(QueueFiles.blobFile(record, length));
                }
                head = Mark.behind(head, RingMemory.units(length));
                Words.putLongRelease(memory, mark, head);
            }
        } finally {
            line.unguard(false);
        }
    }

    /** Reports a message as done; false if none is in anybody's hands. */
    boolean give() {
        lock();
        try {
            return hands.give(line.self());
        } finally {
            line.unguard(false);
        }
    }

    /** Messages that are in the queue or in somebody's hands. */
    int unfinished() {
        lock();
        try {
            return Mark.countBetween(head(), putSide.tail()) + hands.sum();
        } finally {
            line.unguard(false);
        }
    }

    /** Whether there are any, without the guard; exact when nothing happens meanwhile. */
    boolean seemsFinished() {
        return head() == putSide.tail() && hands.sum() == 0;
    }

    /** Made when a queue has grown and not before, as it takes a young process some milliseconds. The JDK's own thread, and none for each queue. */
    private static final class Later {
        static final Executor EXECUTOR = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS, Runnable::run);
    }
}
