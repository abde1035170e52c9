package org.jmultiprocessing.queue;

import java.util.Collection;
import org.jmultiprocessing.errors.QueueEmptyException;
import org.jmultiprocessing.errors.QueueFullException;
import org.jmultiprocessing.errors.QueueShutDownException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.arena.Batch;
import org.jmultiprocessing.internal.arena.ByteQueue;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.internal.wire.WireInput;

/** A queue of objects over one of bytes: what the public queues have in common. */
final class ObjectQueue {
    private static final ObjectCodec CODEC = new ObjectCodec(Trust.OWN_TREE, null);
    private static final int DRAINED_AT_ONCE = 256;
    private static final int DRAINED_BYTES = 16 << 10;

    private final ByteQueue bytes;

    ObjectQueue(ByteQueue bytes) {
        this.bytes = bytes;
    }

    ByteQueue bytes() {
        return bytes;
    }

    /** Returns whether there was room in time. */
    boolean put(Object value, Deadline deadline) throws InterruptedException {
        checkOpen();
        if (value == null) {
            throw new NullPointerException("null cannot be put into a queue, because poll() says null when there is nothing:"
                    + " put a value of your own that stands for the end, such as a string");
        }
        Scratch scratch = Scratch.take();
        ByteQueue.Outcome outcome;
        try {
            CODEC.encode(value, scratch.out(), null);
            outcome = bytes.put(scratch.out().array(), 0, scratch.out().length(), deadline);
        } finally {
            scratch.release();
        }
        return outcome == ByteQueue.Outcome.DONE || refuse(outcome, "nothing can be put");
    }

    boolean offer(Object value) {
        try {
            return put(value, Deadline.NOW);
        } catch (InterruptedException e) {
            throw waited(e);
        }
    }

    /** Returns null if there was nothing in time. */
    Object take(Deadline deadline) throws InterruptedException {
        checkOpen();
        Scratch scratch = Scratch.take();
        try {
            ByteQueue.Outcome outcome = bytes.take(scratch.in(), 1, deadline);
            if (outcome != ByteQueue.Outcome.DONE) {
                refuse(outcome, "nothing is left to get");
                return null;
            }
            return decode(scratch.in(), 0);
        } finally {
            scratch.release();
        }
    }

    Object poll() {
        try {
            return take(Deadline.NOW);
        } catch (InterruptedException e) {
            throw waited(e);
        }
    }

    private static IllegalStateException waited(InterruptedException e) {
        return new IllegalStateException("a call that does not wait was interrupted", e);
    }

    private static Object decode(Batch batch, int index) {
        return CODEC.decode(new WireInput(batch.bytes(), batch.start(index), batch.length(index), null));
    }

    /** Takes what is there, several messages at a time. Those that cannot be decoded are gone; the others are in the collection all the same. */
    <E> int drainTo(Collection<? super E> target, int most) {
        checkOpen();
        int limit = Math.min(most, bytes.size());
        Batch batch = new Batch(Math.max(1, Math.min(limit, DRAINED_AT_ONCE)), DRAINED_BYTES);
        SerializationException failure = null;
        int drained = 0;
        while (drained < limit && bytes.poll(batch, limit - drained) == ByteQueue.Outcome.DONE) {
            for (int i = 0; i < batch.count(); i++) {
                try {
                    @SuppressWarnings("unchecked") // Only what was put in comes out.
                    E element = (E) decode(batch, i);
                    target.add(element);
                } catch (SerializationException e) {
                    failure = failure == null ? e : failure;
                }
            }
            drained += batch.count();
        }
        if (failure != null) {
            throw failure;
        }
        return drained;
    }

    private boolean refuse(ByteQueue.Outcome outcome, String what) {
        if (outcome == ByteQueue.Outcome.SHUT_DOWN) {
            throw new QueueShutDownException("Queue " + this + " is shut down: " + what);
        }
        if (outcome == ByteQueue.Outcome.CLOSED) {
            throw closed();
        }
        return false;
    }

    void checkOpen() {
        if (bytes.isClosed()) {
            throw closed();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("Queue " + this + " is closed");
    }

    QueueFullException full() {
        return new QueueFullException("Queue " + this + " is full, with " + bytes.size()
                + " messages: get some, or give it larger bounds, or the put more time");
    }

    QueueEmptyException empty() {
        return new QueueEmptyException("Queue " + this + " is empty");
    }

    @Override
    public String toString() {
        return "<" + bytes.file() + ">";
    }
}
