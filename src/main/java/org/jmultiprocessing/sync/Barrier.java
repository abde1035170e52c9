package org.jmultiprocessing.sync;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.Holdings;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.arena.Step;
import org.jmultiprocessing.internal.arena.WaitPoint;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.task.Task;

/**
 * Where a number of threads, of any processes, wait for each other, again and again; Python's {@code multiprocessing.Barrier}.
 *
 * <p>It breaks when a wait is interrupted or late, when the action fails, by {@link #abort}, and when a process ends while a thread of it waits. All
 * who wait then, and all who come until {@link #reset}, get a {@link BrokenBarrierException}.
 *
 * <p>In the first line, then {@link Holdings}: how many threads of each process have arrived in a generation (the round).
 *
 * <pre>
 *   32                                                   40                   64
 *  +----------------------------------------------------+--------------------+
 *  | which of the last 32    | generation  | broken     | unused             |
 *  | were reset (32 bits)    | (31 bits)   | (1 bit)    |                    |
 *  +----------------------------------------------------+--------------------+
 * </pre>
 */
public final class Barrier implements Transferable {
    private static final int ENTRIES_PER_LINE = Line.BYTES / Holdings.BYTES;
    private static final int MOST_PARTIES = 32_000;

    static {
        Transferable.register(Barrier.class, new Reader());
    }

    private final Arena.Block block;
    private final int parties;
    private final Task action;
    private final Line line;
    private final ByteBuffer memory;
    private final int state;
    private final Holdings arrived;

    /**
     * Makes a barrier.
     *
     * @param parties how many threads have to arrive
     * @throws IllegalArgumentException {@code parties must be > 0}, or there are more than 32000
     */
    public Barrier(int parties) {
        this(parties, null);
    }

    /**
     * Makes a barrier.
     *
     * @param parties how many threads have to arrive
     * @param action run by the last one that arrives, before the others go on; travels with the barrier. Null for none
     * @throws IllegalArgumentException {@code parties must be > 0}, or there are more than 32000
     */
    public Barrier(int parties, Task action) {
        this(Arena.allocate(lines(parties)), parties, action);
    }

    private Barrier(Arena.Block block, int parties, Task action) {
        this.block = block;
        this.parties = parties;
        this.action = action;
        this.line = block.line(0);
        this.memory = line.memory();
        this.state = line.data();
        this.arrived = new Holdings(line, state - Line.DATA + Line.BYTES, parties, true);
    }

    private static int lines(int parties) {
        if (parties <= 0) {
            throw new IllegalArgumentException("parties must be > 0");
        }
        if (parties > MOST_PARTIES) {
            throw new IllegalArgumentException("a barrier has at most " + MOST_PARTIES + " parties, not " + parties);
        }
        return 1 + (parties + ENTRIES_PER_LINE - 1) / ENTRIES_PER_LINE;
    }

    // ---- the state word ----

    private long state() {
        return Words.getLongVolatile(memory, state);
    }

    private static boolean isBroken(long state) {
        return (state & 1) != 0;
    }

    private static int generation(long state) {
        return (int) state >>> 1;
    }

    private void setState(long next) {
        Words.putLongRelease(memory, state, next);
    }

    private void begin(boolean isReset) {
        long now = state();
        long history = (now >>> Integer.SIZE) << 1 | (isReset ? 1 : 0);
        setState(history << Integer.SIZE | (generation(now) + 1 << 1) & 0xffffffffL);
    }

    /** What became of a generation. */
    private boolean wasReset(int generation) {
        long now = state();
        int since = generation(now) - generation & Integer.MAX_VALUE;
        return since > 0 && since <= Integer.SIZE && (now >>> Integer.SIZE + since - 1 & 1) != 0;
    }

    // ---- waiting ----

    /**
     * Waits until all parties have arrived. Blocks.
     *
     * @return how many had arrived before, from 0; a different number for each
     * @throws InterruptedException if the thread is interrupted before or while it waits; that breaks the barrier
     * @throws BrokenBarrierException if the barrier is or gets broken, or is reset
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        return await(null);
    }

    /**
     * Waits until all parties have arrived, for a time.
     *
     * @param timeout how long; null for ever, zero or less not at all
     * @return how many had arrived before, from 0; a different number for each
     * @throws InterruptedException if the thread is interrupted before or while it waits; that breaks the barrier
     * @throws BrokenBarrierException if the barrier is or gets broken, or is reset, or the time is over; that breaks the barrier too
     */
    public int await(Duration timeout) throws InterruptedException, BrokenBarrierException {
        Deadline deadline = Deadline.after(timeout);
        while (true) {
            if (Thread.interrupted()) {
                abort();
                throw interrupted();
            }
            int generation;
            int before;
            line.guard();
            try {
                long now = state();
                generation = generation(now);
                before = isBroken(now) ? -1 : arrived.sumOfRound(generation);
                if (before >= 0 && before < parties) {
                    int entry = arrived.claim(line.self(), generation);
                    arrived.set(entry, arrived.count(entry) + 1, generation);
                }
            } finally {
                line.unlock();
            }
            if (before < 0) {
                breakGeneration(generation);
                throw new BrokenBarrierException("the barrier is broken");
            }
            if (before == parties - 1) {
                trip(generation);
                return before;
            }
            // Where all have arrived, and the last one's action is not over, this is one for the next generation.
            awaitEnd(generation, deadline, before < parties);
            if (before < parties) {
                return before;
            }
        }
    }

    private void trip(int generation) throws BrokenBarrierException {
        boolean done = false;
        try {
            if (action != null) {
                runAction();
            }
            done = true;
        } finally {
            if (!done) {
                breakGeneration(generation);
            }
        }
        line.guard();
        try {
            if (generation(state()) != generation || isBroken(state())) {
                throw new BrokenBarrierException("the barrier was broken while its action ran");
            }
            begin(false);
            Step.BARRIER_TRIPPED.reached();
        } finally {
            line.unlock();
        }
        line.waiters().signalAll();
    }

    private void runAction() {
        try {
            action.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ProcessException("the action of the barrier failed: " + e, e);
        }
    }

    private void awaitEnd(int generation, Deadline deadline, boolean takesPart) throws InterruptedException, BrokenBarrierException {
        boolean ended = line.waiters().await(new Ended(generation), deadline, true);
        if (generation(state()) != generation) {
            if (takesPart && wasReset(generation)) {
                throw new BrokenBarrierException("the barrier was reset");
            }
            return;
        }
        breakGeneration(generation);
        if (generation(state()) != generation && !wasReset(generation)) {
            // It came to its good end in that moment.
            return;
        }
        if (!ended && Thread.interrupted()) {
            throw interrupted();
        }
        throw new BrokenBarrierException(ended ? "the barrier is broken" : "the time is over, and the barrier broken");
    }

    private static InterruptedException interrupted() {
        return new InterruptedException("interrupted before all parties had arrived; the barrier is broken");
    }

    /** It is another generation, or this one is broken, or somebody who waits in it is gone. */
    private final class Ended implements WaitPoint.Condition {
        private final int generation;

        Ended(int generation) {
            this.generation = generation;
        }

        @Override
        public boolean holds() {
            long now = state();
            return generation(now) != generation || isBroken(now) || arrived.sumOfRound(generation) < 0;
        }
    }

    // ---- breaking ----

    private void breakGeneration(int generation) {
        line.guard();
        try {
            if (generation(state()) == generation) {
                setState(state() | 1);
            }
        } finally {
            line.unlock();
        }
        line.waiters().signalAll();
    }

    /** Breaks the barrier: all who wait, and all who come, get a {@link BrokenBarrierException}. Does not block. */
    public void abort() {
        line.guard();
        setState(state() | 1);
        line.unlock();
        line.waiters().signalAll();
    }

    /** Makes it as new. Those who wait get a {@link BrokenBarrierException}. Does not block. */
    public void reset() {
        line.guard();
        begin(true);
        line.unlock();
        line.waiters().signalAll();
    }

    // ---- looking ----

    /** @return how many have to arrive */
    public int parties() {
        return parties;
    }

    /** @return how many wait, now; Python's {@code n_waiting} */
    public int nWaiting() {
        long now = state();
        return isBroken(now) ? 0 : Math.max(0, arrived.sumOfRound(generation(now)));
    }

    /** @return whether it is broken, now; Python's {@code broken} */
    public boolean isBroken() {
        long now = state();
        return isBroken(now) || arrived.sumOfRound(generation(now)) < 0;
    }

    // ---- travelling ----

    /**
     * Writes its place and its action. Once it has travelled it stays until the end of its process tree.
     *
     * @param out the message under way
     */
    @Override
    public void writeTransfer(TransferOutput out) {
        out.writeInt(parties);
        block.write(out);
        out.writeInt(action != null ? 1 : 0);
        if (action != null) {
            if (!(out instanceof WireOutput)) {
                throw new SerializationException("a barrier's action is written by this library's own codec only, not into "
                        + out.getClass().getName());
            }
            new ObjectCodec(Trust.OWN_TREE, null).encode(action, (WireOutput) out, "the barrier's action");
        }
    }

    /** @return how many of how many have arrived, and whether it is broken */
    @Override
    public String toString() {
        return "Barrier[" + nWaiting() + " of " + parties + (isBroken() ? ", broken]" : "]");
    }

    private static final class Reader implements Transferable.Reader<Barrier> {
        @Override
        public Barrier readTransfer(TransferInput in) {
            int parties = in.readInt();
            Arena.Block block = Arena.read(in, lines(parties));
            Task action = null;
            if (in.readInt() != 0) {
                action = (Task) new ObjectCodec(in.isFromOwnTree() ? Trust.OWN_TREE : Trust.FOREIGN, null).decode((WireInput) in);
            }
            return new Barrier(block, parties, action);
        }
    }
}
