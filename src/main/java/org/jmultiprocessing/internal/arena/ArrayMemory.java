package org.jmultiprocessing.internal.arena;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jmultiprocessing.internal.os.Cleaning;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;

/**
 * The elements of an array, in a segment of their own behind its header line. Each process that has it holds a lock on the file; who lets it go last
 * removes it, unless a handle is under way to a process that does not have it yet. After deaths the tracker does.
 */
public final class ArrayMemory implements AutoCloseable {
    /** The most bytes that an array has: a buffer takes no more. */
    public static final int MOST_BYTES = Integer.MAX_VALUE - Line.BYTES;

    /** After those of {@link Arena} and {@link QueueLayout}. */
    private static final int KIND = 3;
    private static final int UNDER_WAY_AT = Segment.OWN;

    private final Segment segment;
    private final ByteBuffer elements;
    private final Cleaner.Cleanable share;

    private ArrayMemory(Segment segment) {
        this.segment = segment;
        this.elements = segment.memory().slice(Line.BYTES, segment.memory().limit() - Line.BYTES).order(ByteOrder.nativeOrder());
        this.share = Cleaning.register(this,
                new Share(segment.tree(), segment.file(), segment.memory(), UNDER_WAY_AT, new Removal(segment)));
        Words.addInt(segment.memory(), UNDER_WAY_AT, -1);
    }

    private record Removal(Segment segment) implements Runnable {
        @Override
        public void run() {
            segment.tree().remove(segment.file());
        }
    }

    /**
     * Makes one in this process's tree, filled with zeros.
     *
     * @param bytes its size, 0 or more
     * @return the memory
     * @throws org.jmultiprocessing.errors.OsException if there is no room (ENOSPC)
     */
    public static ArrayMemory create(int bytes) {
        Segment segment = Segment.create("arena", KIND, 1, Line.BYTES + bytes);
        // This process's own handle: until it has its share nobody may take the memory for some that is left behind.
        Words.putInt(segment.memory(), UNDER_WAY_AT, 1);
        return segment.published(ArrayMemory::new);
    }

    /**
     * Finds one that {@link #write} told of.
     *
     * @param in what it wrote
     * @return the memory
     * @throws org.jmultiprocessing.errors.OsException if it is gone
     */
    public static ArrayMemory read(TransferInput in) {
        return new ArrayMemory(Segment.attach(in.readString(), in.readString(), KIND));
    }

    /** @param out gets what another process needs to find this */
    public void write(TransferOutput out) {
        Words.addInt(segment.memory(), UNDER_WAY_AT, 1);
        out.writeString(segment.tree().id());
        out.writeString(segment.file());
    }

    /** @return the elements' bytes, in the machine's byte order; they stay mapped while this buffer is reachable */
    public ByteBuffer elements() {
        return elements;
    }

    /** Lets it go. Buffers stay valid. */
    @Override
    public void close() {
        share.clean();
    }
}
