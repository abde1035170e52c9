package org.jmultiprocessing.internal.os;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/**
 * Owns a range of shared memory that is mapped into this process. Whoever holds a buffer of it holds the memory: it is unmapped when this is closed
 * or unreachable, and every buffer, with all its slices and duplicates, is unreachable too. So no use of a buffer can meet memory that is gone,
 * whoever closes what meanwhile. {@link #address} gives no such promise: who uses it holds a buffer meanwhile. Safe for any number of threads.
 */
public final class Mapping implements AutoCloseable {
    /** A buffer has at most 2^31-1 bytes. Roots so far apart, and as long as can be, hold any range of up to this length in one of them. */
    private static final int STRIDE = 1 << 30;
    /** How often, and how long each time, a full address space or table of mappings waits for the collector. Doubled each time: 1 s in all. */
    private static final int ATTEMPTS = 7;
    private static final long FIRST_WAIT_MILLIS = 8;

    /** The part that the cleaner reaches: it must not reach the {@link Mapping} or a root. */
    private static final class Memory implements Runnable {
        /** Guards {@link #unmappings}, and tells that it has grown. */
        private static final Object UNMAPPED = new Object();
        private static long unmappings;

        private final long address;
        private final long bytes;
        /** The {@link Mapping} itself, and each root that has been made and can still be reached. */
        private int holders = 1;

        Memory(long address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        synchronized void hold() {
            holders++;
        }

        /** One holder less. Called once for each. */
        @Override
        public void run() {
            synchronized (this) {
                holders--;
                if (holders > 0) {
                    return;
                }
            }
            Binding.posix().unmap(address, bytes);
            synchronized (UNMAPPED) {
                unmappings++;
                UNMAPPED.notifyAll();
            }
        }

        static long unmappings() {
            synchronized (UNMAPPED) {
                return unmappings;
            }
        }

        /** Waits until something has been unmapped since there were so many, or for the time. */
        static void awaitUnmapping(long before, long millis) {
            boolean interrupted = false;
            Deadline deadline = Deadline.after(Duration.ofMillis(millis));
            synchronized (UNMAPPED) {
                while (unmappings == before && !deadline.isOver()) {
                    try {
                        UNMAPPED.wait(Math.max(1, deadline.remaining() / 1_000_000));
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final String name;
    private final Memory memory;
    private final boolean lasting;
    private final Cleaner.Cleanable cleanable;
    private ByteBuffer[] roots;
    private boolean closed;

    private Mapping(String name, Memory memory, boolean lasting) {
        this.name = name;
        this.memory = memory;
        this.lasting = lasting;
        this.roots = new ByteBuffer[Math.toIntExact((memory.bytes - 1) / STRIDE + 1)];
        this.cleanable = lasting ? null : Cleaning.cleaner().register(this, memory);
    }

    /**
     * Maps a file or shared memory object from its beginning, for reading and writing. Where too many mappings wait for the collector it is asked
     * to run, which blocks for up to a second.
     *
     * @param fd the object, which stays the caller's and may be closed afterwards
     * @param bytes how much of it, more than 0; it has to be as long
     * @return the mapping
     * @throws OsException if it cannot be mapped
     */
    public static Mapping map(Fd fd, long bytes) {
        Memory memory = new Memory(mapped(fd, bytes), bytes);
        boolean watched = false;
        try {
            Mapping mapping = new Mapping(fd.name(), memory, false);
            watched = true;
            return mapping;
        } finally {
            if (!watched) {
                memory.run();
            }
        }
    }

    /**
     * As {@link #map}, of what is to stay mapped for as long as the process lives: nothing watches over it, and {@link #close} must not be called.
     *
     * @param fd the object
     * @param bytes how much of it, more than 0
     * @return the mapping
     * @throws OsException if it cannot be mapped
     */
    public static Mapping lasting(Fd fd, long bytes) {
        return new Mapping(fd.name(), new Memory(mapped(fd, bytes), bytes), true);
    }

    private static long mapped(Fd fd, long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException(fd.name() + " cannot be mapped: it has " + bytes + " bytes");
        }
        Posix posix = Binding.posix();
        int raw = fd.acquire();
        try {
            long wait = FIRST_WAIT_MILLIS;
            for (int attempt = 1;; attempt++) {
                long before = Memory.unmappings();
                long address = posix.map(raw, 0, bytes, true);
                if (address >= 0) {
                    return address;
                }
                if (attempt == ATTEMPTS || !OsErrors.is(address, "ENOMEM")) {
                    throw OsErrors.of("mmap", fd.name() + ", " + bytes + " bytes", address);
                }
                System.gc();
                Memory.awaitUnmapping(before, wait);
                wait *= 2;
            }
        } finally {
            fd.release();
        }
    }

    /**
     * @return where it begins, good while this is open or a buffer of it can be reached
     * @throws IllegalStateException if this is closed
     */
    public synchronized long address() {
        checkOpen();
        return memory.address;
    }

    /** @return how many bytes it has */
    public long bytes() {
        return memory.bytes;
    }

    /**
     * @param offset of the first byte
     * @param length how many bytes
     * @return a new direct buffer over them in the machine's byte order, which keeps the memory mapped
     * @throws IllegalStateException if this is closed
     * @throws IndexOutOfBoundsException if the range is not within the mapping
     */
    public synchronized ByteBuffer buffer(long offset, int length) {
        checkOpen();
        Objects.checkFromIndexSize(offset, length, memory.bytes);
        int index = (int) Math.min(offset / STRIDE, roots.length - 1);
        long start = (long) index * STRIDE;
        if (offset - start + length > Integer.MAX_VALUE) {
            return root(offset, length).order(ByteOrder.nativeOrder());
        }
        if (roots[index] == null) {
            roots[index] = root(start, (int) Math.min(Integer.MAX_VALUE, memory.bytes - start));
        }
        return roots[index].slice((int) (offset - start), length).order(ByteOrder.nativeOrder());
    }

    /** A buffer that is no slice of another. Slices and duplicates refer to it, so it is unreachable when the last of them is. */
    private ByteBuffer root(long offset, int length) {
        ByteBuffer root = Binding.posix().buffer(memory.address + offset, length);
        if (!lasting) {
            memory.hold();
            boolean watched = false;
            try {
                Cleaning.cleaner().register(root, memory);
                watched = true;
            } finally {
                if (!watched) {
                    memory.run();
                }
            }
        }
        return root;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
    }

    /** Hands out no more buffers. The memory is unmapped at once if there was never a buffer, else when none can be reached. */
    @Override
    public synchronized void close() {
        if (lasting) {
            throw new IllegalStateException(name + " is mapped for as long as the process lives");
        }
        closed = true;
        roots = null;
        cleanable.clean();
    }
}
