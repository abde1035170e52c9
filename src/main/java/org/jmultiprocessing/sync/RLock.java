package org.jmultiprocessing.sync;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jmultiprocessing.errors.OwnerDiedException;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.WaitPoint;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A lock that its holder, one thread of one process, can acquire again; it is free when released as often. Python's {@code multiprocessing.RLock}.
 * Only its holder may release it. It takes 64 bytes of shared memory:
 *
 * <pre>
 *   32                        40        44          48          52         64
 *  +-------------------------+---------+-----------+-----------+----------+
 *  | holder, 0: none         | depth   | who died  | signalled | unused   |
 *  +-------------------------+---------+-----------+-----------+----------+
 *   holder: thread (32 bits) | its process (32 bits)
 *   signalled: 1 if the holder wakes those who wait for a condition when he releases it
 * </pre>
 *
 * <p>Holder and depth are the holder's own; who takes the line's lock, from a dead one too, writes them anew. A thread has it if the holder is that
 * thread, which no other thread of any process writes.
 */
public final class RLock extends Mutex {
    private static final int HOLDER_AT = 0;
    private static final int DEPTH_AT = 8;
    private static final int SIGNALLED_AT = 16;

    static {
        Transferable.register(RLock.class, new Reader());
    }

    private final ByteBuffer memory;
    private final int data;

    /** Makes a lock that is free, and is taken back from a holder that dies. */
    public RLock() {
        this(OwnerDeath.RECOVER);
    }

    /**
     * Makes a lock that is free.
     *
     * @param ownerDeath what happens when its holder dies
     */
    public RLock(OwnerDeath ownerDeath) {
        this(Arena.allocate(1), Objects.requireNonNull(ownerDeath, "ownerDeath"));
    }

    private RLock(Arena.Block block, OwnerDeath ownerDeath) {
        super(block, ownerDeath);
        memory = line().memory();
        data = line().data();
    }

    private long me() {
        return Thread.currentThread().getId() << Integer.SIZE | line().self() & 0xffffffffL;
    }

    @Override
    boolean isMine() {
        return Words.getLongVolatile(memory, data + HOLDER_AT) == me();
    }

    private int depth() {
        return Words.getInt(memory, data + DEPTH_AT);
    }

    private void setHolder(int depth) {
        Words.putInt(memory, data + DEPTH_AT, depth);
        Words.putLongRelease(memory, data + HOLDER_AT, me());
    }

    @Override
    boolean take(Deadline deadline, boolean interruptible) {
        if (isMine()) {
            Words.putInt(memory, data + DEPTH_AT, Math.addExact(depth(), 1));
            return true;
        }
        if (!obtain(deadline, interruptible)) {
            return false;
        }
        setHolder(1);
        return true;
    }

    /**
     * Undoes one acquisition; the last one frees it and wakes one of those who wait for it. Does not block.
     *
     * @throws IllegalStateException {@code attempt to release recursive lock not owned by thread}
     */
    @Override
    public void release() {
        if (!isMine()) {
            throw new IllegalStateException("attempt to release recursive lock not owned by thread");
        }
        int depth = depth();
        if (depth > 1) {
            Words.putInt(memory, data + DEPTH_AT, depth - 1);
        } else {
            free();
        }
    }

    private void free() {
        boolean hasSignalled = Words.getInt(memory, data + SIGNALLED_AT) != 0;
        if (hasSignalled) {
            Words.putInt(memory, data + SIGNALLED_AT, 0);
        }
        Words.putLongRelease(memory, data + HOLDER_AT, 0);
        line().unlock(line().owner());
        if (hasSignalled) {
            Signalled.wake();
        }
    }

    /** Who is woken before could do nothing but wait for this lock. If the holder dies first, the tracker wakes all. */
    @Override
    void wakeWithRelease(WaitPoint waiters) {
        Signalled.add(waiters);
        Words.putInt(memory, data + SIGNALLED_AT, 1);
    }

    @Override
    int giveUp() {
        int depth = depth();
        free();
        return depth;
    }

    /** @throws OwnerDiedException if its last holder died */
    @Override
    void takeBack(int depth) {
        obtain(Deadline.NEVER, false);
        setHolder(depth);
    }

    private static final class Reader implements Transferable.Reader<RLock> {
        @Override
        public RLock readTransfer(TransferInput in) {
            return new RLock(readBlock(in), readOwnerDeath(in));
        }
    }
}
