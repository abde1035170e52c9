package org.jmultiprocessing.internal.arena;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.os.Cleaning;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Words;

/**
 * A queue of byte messages between any number of threads of any number of processes, in shared memory as {@link QueueLayout} shows. Messages of one
 * putter come out in their order. A process may be killed at any instant: what it was putting in is in the queue wholly or not at all, what it was
 * taking out is taken or not, and the others go on. No call makes a system call unless it has to block or to wake, begins another ring, or moves a
 * message of its own file.
 */
public final class ByteQueue implements AutoCloseable {
    /** What became of an attempt. */
    public enum Outcome {
        /** The message is in, or out. */
        DONE,
        /** There is no room, or no message, and the time is over. */
        NOT_NOW,
        /** The queue is shut down. */
        SHUT_DOWN,
        /** This handle was closed. */
        CLOSED
    }

    /** The most messages for {@link #create}. */
    public static final int MOST_ITEMS = Mark.COUNTS - 1;
    /** The most bytes for {@link #create}. */
    public static final int LARGEST_BOUND = 64 << 20;

    static final int OPEN = 0;
    static final int SHUT_DOWN_SOON = 1;
    static final int SHUT_DOWN_NOW = 2;

    private static final int BASE_RING = 64 << 10;
    private static final int SMALLEST_RING = 4 << 10;
    private static final int LARGEST_RECORD = 1 << 20;

    private final Segment segment;
    private final ByteBuffer memory;
    private final QueueFiles files;
    private final PutSide putSide;
    private final GetSide getSide;
    private final WaitPoint takers;
    private final WaitPoint putters;
    private final WaitPoint joiners;
    private final int maxItems;
    private final int maxBytes;
    private final boolean bounded;
    private final Cleaner.Cleanable cleanable;
    private volatile boolean closed;

    private ByteQueue(Segment segment) {
        this.segment = segment;
        this.memory = segment.memory();
        this.files = new QueueFiles(segment.tree(), segment.file());
        this.maxItems = Words.getInt(memory, QueueLayout.MAX_ITEMS);
        this.maxBytes = Words.getInt(memory, QueueLayout.MAX_BYTES);
        this.bounded = maxItems > 0 || maxBytes > 0;
        boolean countsHands = Words.getInt(memory, QueueLayout.COUNTS_HANDS) != 0;
        RingMemory base = new RingMemory(memory, QueueLayout.RING, Words.getInt(memory, QueueLayout.RING_BYTES));
        this.putSide = new PutSide(segment, files, base, maxItems > 0 ? maxItems : MOST_ITEMS, maxBytes);
        Hands hands = !countsHands ? null
                : new Hands(memory, QueueLayout.HANDS, QueueLayout.HANDS_CAPACITY, QueueLayout.NOBODYS, segment.members());
        this.getSide = new GetSide(segment, files, base, putSide, hands, bounded, maxBytes > 0);
        this.takers = putSide.line().waiters();
        this.putters = getSide.line().waiters();
        this.joiners = segment.line(QueueLayout.STATE).waiters();
        this.cleanable = Cleaning.register(this, new Share(segment.tree(), segment.file(), memory, QueueLayout.UNDER_WAY, files));
        Words.addInt(memory, QueueLayout.UNDER_WAY, -1);
    }

    /**
     * Makes a queue in this process's tree.
     *
     * @param maxItems messages that it holds at most, 0 for no bound but 2^28-1
     * @param maxBytes bytes that its messages take at most, each rounded up to 8 and with 8 bytes of its own; 0 for as many as shared memory holds.
     *     A message that is larger alone goes in when the queue is empty
     * @param countsHands whether messages that were taken count as {@link #unfinished} until {@link #taskDone}
     * @return the queue
     * @throws org.jmultiprocessing.errors.OsException if there is no room for it: ENOSPC
     */
    public static ByteQueue create(int maxItems, int maxBytes, boolean countsHands) {
        if (maxItems < 0 || maxItems > MOST_ITEMS || maxBytes < 0 || maxBytes > LARGEST_BOUND) {
            throw new IllegalArgumentException("a queue's bounds are 0 to " + MOST_ITEMS + " messages and 0 to " + LARGEST_BOUND + " bytes, not "
                    + maxItems + " and " + maxBytes);
        }
        int ring = maxBytes == 0 ? BASE_RING : SMALLEST_RING;
        while (ring < maxBytes) {
            ring *= 2;
        }
        Segment segment = Segment.create(QueueFiles.PREFIX, QueueLayout.KIND, QueueLayout.LINES, QueueLayout.RING + ring);
        ByteBuffer memory = segment.memory();
        Words.putInt(memory, QueueLayout.MAX_ITEMS, maxItems);
        Words.putInt(memory, QueueLayout.MAX_BYTES, maxBytes);
        Words.putInt(memory, QueueLayout.RING_BYTES, ring);
        Words.putInt(memory, QueueLayout.COUNTS_HANDS, countsHands ? 1 : 0);
        for (int line = 1; line < QueueLayout.LINES; line++) {
            Line.begin(memory, line, 1);
        }
        // This process's own handle: until it has its share nobody may take the queue for one that is left behind.
        Words.putInt(memory, QueueLayout.UNDER_WAY, 1);
        return segment.published(ByteQueue::new);
    }

    /**
     * Attaches a queue that a handle names which {@link #handOut} counted.
     *
     * @param treeId its tree
     * @param file its file
     * @return the queue
     * @throws org.jmultiprocessing.errors.OsException if it is gone
     */
    public static ByteQueue attach(String treeId, String file) {
        return new ByteQueue(Segment.attach(treeId, file, QueueLayout.KIND));
    }

    /** Counts a handle that is being written: until it is attached the files stay. */
    public void handOut() {
        Words.addInt(memory, QueueLayout.UNDER_WAY, 1);
    }

    /** @return the id of the tree that it belongs to */
    public String treeId() {
        return segment.tree().id();
    }

    /** @return its file in the tree's directory */
    public String file() {
        return segment.file();
    }

    /** @return messages that it holds at most, 0 for no bound */
    public int maxItems() {
        return maxItems;
    }

    /** @return bytes that it holds at most, 0 for no bound */
    public int maxBytes() {
        return maxBytes;
    }

    // ---- putting in ----

    /**
     * Puts a message in if there is room now.
     *
     * @param bytes holds it
     * @param offset where it begins
     * @param length how long it is
     * @return DONE, NOT_NOW or SHUT_DOWN
     * @throws org.jmultiprocessing.errors.OsException if shared memory is full (ENOSPC); the queue is as before
     */
    public Outcome offer(byte[] bytes, int offset, int length) {
        if (isLarge(length)) {
            try {
                return put(bytes, offset, length, Deadline.NOW);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nothing waits here", e);
            }
        }
        return putSide.offer(QueueLayout.BYTES_RECORD, bytes, offset, length);
    }

    private boolean isLarge(int length) {
        return maxBytes > 0 ? RingMemory.UNIT * (long) RingMemory.units(length) > maxBytes : length > LARGEST_RECORD;
    }

    /**
     * Puts a message in, and waits for room. A virtual thread parks.
     *
     * @param bytes holds it
     * @param offset where it begins
     * @param length how long it is
     * @param deadline how long
     * @return what became of it
     * @throws InterruptedException if the thread is interrupted while it waits; the message is not in
     * @throws org.jmultiprocessing.errors.OsException if shared memory is full (ENOSPC); the queue is as before
     */
    public Outcome put(byte[] bytes, int offset, int length, Deadline deadline) throws InterruptedException {
        if (!isLarge(length)) {
            return put(QueueLayout.BYTES_RECORD, bytes, offset, length, deadline);
        }
        String blob = files.createBlob(bytes, offset, length);
        Outcome outcome = Outcome.NOT_NOW;
        try {
            Step.BLOB_WRITTEN.reached();
            byte[] record = QueueFiles.blobRecord(length, blob);
            outcome = put(QueueLayout.BLOB_RECORD, record, 0, record.length, deadline);
            return outcome;
        } finally {
            if (outcome != Outcome.DONE) {
                files.deleteBlob(blob);
            }
        }
    }

    private Outcome put(int kind, byte[] bytes, int offset, int length, Deadline deadline) throws InterruptedException {
        Outcome outcome = putSide.offer(kind, bytes, offset, length);
        if (outcome != Outcome.NOT_NOW || deadline == Deadline.NOW) {
            return outcome;
        }
        Room room = new Room(this, kind, length);
        try {
            do {
                if (!putters.await(room, deadline, true)) {
                    throwIfInterrupted("put");
                    return Outcome.NOT_NOW;
                }
                outcome = closed ? Outcome.CLOSED : putSide.offer(kind, bytes, offset, length);
            } while (outcome == Outcome.NOT_NOW);
            return outcome;
        } finally {
            // One signal stands for all the room that there is: who got it passes it on.
            if (!isFull()) {
                putters.signalOne();
            }
        }
    }

    /** A class, not a lambda: a child that waits would make its first one here. */
    private record Room(ByteQueue queue, int kind, int length) implements WaitPoint.Condition {
        @Override
        public boolean holds() {
            return queue.closed || queue.state() != OPEN || queue.putSide.mayHaveRoom(kind, length);
        }
    }

    // ---- taking out ----

    /**
     * Takes messages if there are any now.
     *
     * @param batch receives them
     * @param most how many; as many as it has room for, at least one
     * @return DONE, NOT_NOW or SHUT_DOWN
     */
    public Outcome poll(Batch batch, int most) {
        return getSide.take(batch, most);
    }

    /**
     * Takes messages and waits until there are any. A virtual thread parks.
     *
     * @param batch receives them
     * @param most how many; as many as it has room for, at least one
     * @param deadline how long
     * @return what became of it
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was taken
     */
    public Outcome take(Batch batch, int most, Deadline deadline) throws InterruptedException {
        Outcome outcome = getSide.take(batch, most);
        if (outcome != Outcome.NOT_NOW || deadline == Deadline.NOW) {
            return outcome;
        }
        Filled filled = new Filled(this);
        try {
            do {
                if (!takers.await(filled, deadline, true)) {
                    throwIfInterrupted("get");
                    return Outcome.NOT_NOW;
                }
                outcome = closed ? Outcome.CLOSED : getSide.take(batch, most);
            } while (outcome == Outcome.NOT_NOW);
            return outcome;
        } finally {
            if (size() > 0) {
                takers.signalOne();
            }
        }
    }

    /** Takers wait for it. */
    private record Filled(ByteQueue queue) implements WaitPoint.Condition {
        @Override
        public boolean holds() {
            return queue.closed || queue.state() != OPEN || queue.getSide.head() != queue.putSide.tail();
        }
    }

    private void throwIfInterrupted(String operation) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(operation + " was interrupted while it waited for " + file());
        }
    }

    // ---- what is there ----

    private int state() {
        return Words.getIntVolatile(memory, QueueLayout.SHUTDOWN);
    }

    /** @return messages in the queue at an instant during this call */
    public int size() {
        long tail = putSide.tail();
        while (true) {
            long head = getSide.head();
            long again = putSide.tail();
            if (tail == again) {
                return Mark.countBetween(head, tail);
            }
            tail = again;
        }
    }

    /** @return whether not even the smallest message has room now */
    public boolean isFull() {
        return bounded && !putSide.mayHaveRoom(QueueLayout.BYTES_RECORD, 0);
    }

    // ---- tasks ----

    /**
     * Reports a message that was taken as done.
     *
     * @return false if none is in anybody's hands
     */
    public boolean taskDone() {
        if (!getSide.give()) {
            return false;
        }
        if (getSide.seemsFinished()) {
            joiners.signalAll();
        }
        return true;
    }

    /** @return messages in the queue or in the hands of a process that has not died */
    public int unfinished() {
        return getSide.unfinished();
    }

    /**
     * Waits until nothing is unfinished.
     *
     * @param deadline how long
     * @return whether it was so at an instant during this call; false after the time
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public boolean join(Deadline deadline) throws InterruptedException {
        Finished finished = new Finished(this);
        while (getSide.unfinished() != 0) {
            if (closed || !joiners.await(finished, deadline, true)) {
                throwIfInterrupted("join");
                return false;
            }
        }
        return true;
    }

    /** Joiners wait for it. */
    private record Finished(ByteQueue queue) implements WaitPoint.Condition {
        @Override
        public boolean holds() {
            return queue.closed || queue.getSide.seemsFinished();
        }
    }

    // ---- the end ----

    /**
     * Lets nothing more in, and wakes all who wait.
     *
     * @param atOnce whether what is in the queue is thrown away; else it can still be taken
     */
    public void shutDown(boolean atOnce) {
        putSide.shutDown(atOnce ? SHUT_DOWN_NOW : SHUT_DOWN_SOON);
        if (atOnce) {
            getSide.discard();
        }
        wakeAll();
    }

    private void wakeAll() {
        takers.signalAll();
        putters.signalAll();
        joiners.signalAll();
    }

    /** @return whether {@link #close} was called */
    public boolean isClosed() {
        return closed;
    }

    /** Gives this handle up, and wakes those who wait by it. The queue is gone with its last handle. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            wakeAll();
            cleanable.clean();
        }
    }
}
