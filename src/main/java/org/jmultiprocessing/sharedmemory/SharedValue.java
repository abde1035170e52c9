package org.jmultiprocessing.sharedmemory;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Held;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;

/**
 * A primitive value that several processes see; Python's {@code multiprocessing.Value}, and {@code RawValue} where it has no lock. One class for each
 * type: {@link SharedInt}, {@link SharedLong}, {@link SharedShort}, {@link SharedByte}, {@link SharedChar}, {@link SharedFloat},
 * {@link SharedDouble}, {@link SharedBoolean}. Safe for any number of processes and threads; travels to another process.
 *
 * <p>With a lock each method holds it meanwhile, blocking uninterruptibly while somebody else has it. Reading and then writing are two steps:
 *
 * <pre>{@code
 * try (Held held = counter.hold()) {
 *     counter.set(counter.get() + 1);
 * }
 * }</pre>
 *
 * <p>Without a lock ({@code raw}) it is as a {@code volatile} field, and {@code add} and {@code compareAndSet} are atomic; nothing blocks.
 * Its 64 bytes of shared memory stay until the end of its process tree once it has travelled.
 */
public abstract class SharedValue implements Transferable {
    private static final int NO_LOCK = 0;
    private static final int LOCK = 1;
    private static final int RLOCK = 2;

    private final Arena.Block block;
    private final Mutex lock;
    private final ByteBuffer memory;
    private final int offset;

    SharedValue(Mutex lock) {
        this(Arena.allocate(1), lock);
    }

    SharedValue(Arena.Block block, Mutex lock) {
        Line line = block.line(0);
        this.block = block;
        this.lock = lock;
        this.memory = line.memory();
        this.offset = line.data();
    }

    static Mutex required(Mutex lock) {
        return Objects.requireNonNull(lock, "lock; without one use raw");
    }

    final void enter() {
        if (lock != null) {
            lock.lock();
        }
    }

    final void leave() {
        if (lock != null) {
            lock.release();
        }
    }

    final long lockedBits() {
        enter();
        try {
            return bits();
        } finally {
            leave();
        }
    }

    final void setLockedBits(long bits) {
        enter();
        try {
            setBits(bits);
        } finally {
            leave();
        }
    }

    final boolean exchangeLockedBits(long expected, long bits) {
        enter();
        try {
            return exchangeBits(expected, bits);
        } finally {
            leave();
        }
    }

    final long bits() {
        return Words.getLongVolatile(memory, offset);
    }

    final void setBits(long bits) {
        Words.putLongVolatile(memory, offset, bits);
    }

    final boolean exchangeBits(long expected, long bits) {
        return Words.casLong(memory, offset, expected, bits);
    }

    /**
     * @return the lock; Python's {@code get_lock()}
     * @throws IllegalStateException if it has none
     */
    public final Mutex getLock() {
        return present(lock, this);
    }

    static Mutex present(Mutex lock, Object owner) {
        if (lock == null) {
            throw new IllegalStateException(owner.getClass().getSimpleName() + " has no lock: make it with a constructor instead of raw()");
        }
        return lock;
    }

    /**
     * Acquires the lock, to be released by {@link Held#close}. Blocks.
     *
     * @return for try-with-resources
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws IllegalStateException if it has no lock
     */
    public final Held hold() throws InterruptedException {
        return getLock().hold();
    }

    /**
     * Writes its place and its lock's.
     *
     * @param out the message under way
     */
    @Override
    public final void writeTransfer(TransferOutput out) {
        block.write(out);
        writeLock(lock, out);
    }

    static void writeLock(Mutex lock, TransferOutput out) {
        out.writeInt(lock == null ? NO_LOCK : lock instanceof RLock ? RLOCK : LOCK);
        if (lock != null) {
            lock.writeTransfer(out);
        }
    }

    static Mutex readLock(TransferInput in) {
        int kind = in.readInt();
        if (kind == NO_LOCK) {
            return null;
        }
        if (kind != RLOCK && kind != LOCK) {
            throw new SerializationException("there is no lock of kind " + kind);
        }
        return (Mutex) Transferable.reader(kind == RLOCK ? RLock.class : Lock.class).readTransfer(in);
    }
}
