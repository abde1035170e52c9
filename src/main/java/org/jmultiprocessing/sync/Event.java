package org.jmultiprocessing.sync;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.arena.WaitPoint;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A flag that can be waited for; Python's {@code multiprocessing.Event}. It takes 64 bytes of shared memory, and no death of a process can harm it:
 * it is one word (how often it was set, and whether it is), changed by one store.
 */
public final class Event implements Transferable {
    private static final long SET = 1;

    static {
        Transferable.register(Event.class, new Reader());
    }

    private final Arena.Block block;
    private final WaitPoint waiters;
    private final ByteBuffer memory;
    private final int word;

    /** Makes an event that is not set. */
    public Event() {
        this(Arena.allocate(1));
    }

    private Event(Arena.Block block) {
        this.block = block;
        Line line = block.line(0);
        this.waiters = line.waiters();
        this.memory = line.memory();
        this.word = line.data();
    }

    private long word() {
        return Words.getLongVolatile(memory, word);
    }

    /** @return whether it is set, now */
    public boolean isSet() {
        return (word() & SET) != 0;
    }

    /** Sets it and wakes all who wait for it. Does not block; nothing happens if it is set already. */
    public void set() {
        long now;
        do {
            now = word();
            if ((now & SET) != 0) {
                return;
            }
        } while (!Words.casLong(memory, word, now, now + 2 | SET));
        waiters.signalAll();
    }

    /** Takes the flag back. Does not block; who waited when it was set is told so, also if that was only for a moment. */
    public void clear() {
        long now;
        do {
            now = word();
        } while ((now & SET) != 0 && !Words.casLong(memory, word, now, now & ~SET));
    }

    /**
     * Waits until it is set. Blocks.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public void await() throws InterruptedException {
        await(null);
    }

    /**
     * Waits until it is set, for a time.
     *
     * @param timeout how long; null for ever, zero or less not at all
     * @return whether it was set in time
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public boolean await(Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before the event was set");
        }
        long before = word();
        if ((before & SET) != 0 || waiters.await(new WasSet(before), Deadline.after(timeout), true)) {
            return true;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before the event was set");
        }
        return false;
    }

    /** Set since a look at the word that did not find it set. */
    private final class WasSet implements WaitPoint.Condition {
        private final long before;

        WasSet(long before) {
            this.before = before;
        }

        @Override
        public boolean holds() {
            return word() != before;
        }
    }

    /**
     * Writes its place. Once it has travelled it stays until the end of its process tree.
     *
     * @param out the message under way
     */
    @Override
    public void writeTransfer(TransferOutput out) {
        block.write(out);
    }

    /** @return whether it is set */
    @Override
    public String toString() {
        return isSet() ? "Event[set]" : "Event[unset]";
    }

    private static final class Reader implements Transferable.Reader<Event> {
        @Override
        public Event readTransfer(TransferInput in) {
            return new Event(Arena.read(in, 1));
        }
    }
}
