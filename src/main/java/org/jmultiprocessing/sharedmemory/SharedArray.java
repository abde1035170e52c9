package org.jmultiprocessing.sharedmemory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jmultiprocessing.internal.arena.ArrayMemory;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.sync.Held;
import org.jmultiprocessing.sync.Mutex;

/**
 * An array of primitives that several processes see; Python's {@code multiprocessing.Array}, and {@code RawArray} where it has no lock. One class for
 * each type: {@link SharedIntArray}, {@link SharedLongArray}, {@link SharedShortArray}, {@link SharedByteArray}, {@link SharedCharArray},
 * {@link SharedFloatArray}, {@link SharedDoubleArray}, {@link SharedBooleanArray}. Safe for any number of processes and threads; travels to another
 * process. Its length is fixed. Indices out of bounds are an {@link IndexOutOfBoundsException}.
 *
 * <p>With a lock each method holds it meanwhile, blocking uninterruptibly while somebody else has it; hold it yourself for more than one step.
 * Without one ({@code raw}) nothing blocks. Then no element is ever seen half written, who sees an element sees all that its writer wrote before it,
 * and copies of several elements may mix old and new ones.
 *
 * <p>Its memory is reserved when it is made, and goes when the last process has let it go: by {@link #close}, when it is unreachable, or by its end.
 */
public abstract class SharedArray implements Transferable, AutoCloseable {
    private final ArrayMemory memory;
    private final Mutex lock;
    private final int length;
    private volatile ByteBuffer data;

    SharedArray(ArrayMemory memory, int bytesPerElement, Mutex lock) {
        this.memory = memory;
        this.lock = lock;
        this.data = memory.elements();
        this.length = data.limit() / bytesPerElement;
    }

    static Mutex required(Mutex lock) {
        return Objects.requireNonNull(lock, "lock; without one use raw");
    }

    static int bytes(int length, int bytesPerElement) {
        if (length < 0) {
            throw new IllegalArgumentException("an array cannot have " + length + " elements");
        }
        if (length > ArrayMemory.MOST_BYTES / bytesPerElement) {
            throw new IllegalArgumentException(length + " elements of " + bytesPerElement + " bytes are more than a shared array can have, "
                    + ArrayMemory.MOST_BYTES / bytesPerElement + ": use SharedMemory");
        }
        return length * bytesPerElement;
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

    final ByteBuffer data() {
        ByteBuffer open = data;
        if (open == null) {
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
        return open;
    }

    final int at(int index, int bytesPerElement) {
        return Objects.checkIndex(index, length) * bytesPerElement;
    }

    /** @return how many elements it has */
    public final int length() {
        return length;
    }

    /**
     * @return the lock; Python's {@code get_lock()}
     * @throws IllegalStateException if it has none
     */
    public final Mutex getLock() {
        return SharedValue.present(lock, this);
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
     * The elements themselves, with no lock; Python's {@code get_obj()}.
     *
     * @return a new direct buffer over their bytes in the machine's byte order; valid as long as it is reachable
     * @throws IllegalStateException if the array is closed
     */
    public final ByteBuffer buffer() {
        return data().duplicate().order(ByteOrder.nativeOrder());
    }

    /** Lets the array go in this process; the others keep it. Afterwards other methods throw an {@link IllegalStateException}. */
    @Override
    public final void close() {
        data = null;
        memory.close();
    }

    /**
     * Writes its place and its lock's.
     *
     * @param out the message under way
     * @throws IllegalStateException if it is closed
     */
    @Override
    public final void writeTransfer(TransferOutput out) {
        data();
        memory.write(out);
        SharedValue.writeLock(lock, out);
    }

    /** @return its class and length */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[length=" + length + "]";
    }
}
