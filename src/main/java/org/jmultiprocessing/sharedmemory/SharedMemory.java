package org.jmultiprocessing.sharedmemory;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Mapping;
import org.jmultiprocessing.internal.os.SharedFile;
import org.jmultiprocessing.internal.os.SharedObject;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A block of memory with a name, which any process of this user can map: Python's {@code multiprocessing.shared_memory.SharedMemory}, and the same
 * thing in the system, so that either language attaches by name to what the other created.
 *
 * <p>One process creates a block, others {@linkplain #attach attach} to it or receive it: a {@code SharedMemory} travels as an argument of a process,
 * over a connection and through a queue, by its name. Each closes its own. One of them, whichever, {@linkplain #unlink unlinks} the name in the end,
 * once; the memory itself goes when the last process has closed it or ended. What is not unlinked when the last process of the tree that created it
 * has ended, also by SIGKILL, is unlinked then. Attaching takes no part in that.
 *
 * <p><b>Python before 3.13 beside us.</b> Such a Python, when it attaches, takes the block for its own and <em>unlinks it at its exit</em>, with a
 * warning about leaked objects (CPython issue 82300): who attaches afterwards finds no such name, and those who have mapped it go on. In the Python
 * program say {@code resource_tracker.unregister(block._name, "shared_memory")} (from {@code multiprocessing}) after attaching; from 3.13 on say
 * {@code SharedMemory(name, track=False)}.
 *
 * <p><b>Threads and processes.</b> All methods may be called from any thread. The bytes are nobody's: who writes and reads at the same time has to
 * agree with the others, by a lock, a queue, or a {@code VarHandle} over the buffer.
 *
 * <p><b>Closing.</b> After {@link #close} every method that touches the memory throws an {@link IllegalStateException} at once. Buffers taken earlier
 * stay usable: the memory stays mapped until no buffer of it can be reached. A use that meets a close is therefore never a crash. A block that is not
 * closed is closed when it becomes unreachable. Another process that makes the object smaller ({@code ftruncate}, which neither Python nor this
 * class does) makes what lies beyond the end unusable: SIGBUS.
 *
 * <p>Nothing here blocks, other than for the kernel to fill reserved pages, and nothing can be interrupted.
 */
public final class SharedMemory implements Closeable, Transferable {
    private static final String NO_EMPTY_MAPPING =
            "cannot mmap an empty file: its creator has not given it its size yet; attach when it says that it has";

    static {
        Transferable.register(SharedMemory.class, new Reader());
    }

    private final String name;
    private final Mapping mapping;

    private SharedMemory(String name, Mapping mapping) {
        this.name = name;
        this.mapping = mapping;
    }

    /** A class, not a lambda: see {@link Transferable}. */
    private static final class Reader implements Transferable.Reader<SharedMemory> {
        @Override
        public SharedMemory readTransfer(TransferInput in) {
            return attach(in.readString());
        }
    }

    /**
     * Creates a block with a random name, its pages reserved.
     *
     * @param size in bytes, at least 1
     * @return the block, filled with zeros
     * @throws IllegalArgumentException if the size is not positive
     * @throws OsException as from {@link #create(String, long, Reserve)}
     */
    public static SharedMemory create(long size) {
        return create(size, Reserve.PAGES);
    }

    /**
     * Creates a block with a random name, {@code psm_} and eight hexadecimal digits as CPython's.
     *
     * @param size in bytes, at least 1
     * @param reserve when it gets its pages
     * @return the block, filled with zeros
     * @throws IllegalArgumentException if the size is not positive
     * @throws OsException as from {@link #create(String, long, Reserve)}
     */
    public static SharedMemory create(long size, Reserve reserve) {
        checkSize(size, reserve);
        while (true) {
            String name = SegmentName.random();
            Registration registration = Registration.ofRandom(name);
            try {
                if (registration != null) {
                    return created(registration, name, size, reserve);
                }
            } catch (OsException e) {
                if (!e.errnoName().equals("EEXIST")) {
                    throw e;
                }
            }
        }
    }

    /**
     * Creates a block, its pages reserved.
     *
     * @param name a name that nobody else uses
     * @param size in bytes, at least 1
     * @return the block, filled with zeros
     * @throws IllegalArgumentException if the size is not positive or the name is none
     * @throws OsException as from {@link #create(String, long, Reserve)}
     */
    public static SharedMemory create(String name, long size) {
        return create(name, size, Reserve.PAGES);
    }

    /**
     * Creates a block that only processes of this user can open (mode 0600).
     *
     * @param name a name that nobody else uses: one word of at most 30 bytes, counting a leading slash, which may be left out
     * @param size in bytes, at least 1
     * @param reserve when it gets its pages
     * @return the block, filled with zeros
     * @throws IllegalArgumentException if the size is not positive or the name is none
     * @throws OsException with {@code EEXIST} if there is a block of that name; with {@code ENOSPC} if the pages do not fit into {@code /dev/shm} and
     *     {@code ENOMEM} if they do not fit into the memory cgroup of this process or one above it (both only with {@link Reserve#PAGES}, and nothing
     *     has been created then); or if the system refuses otherwise
     */
    public static SharedMemory create(String name, long size, Reserve reserve) {
        String word = SegmentName.toCreate(name);
        checkSize(size, reserve);
        return created(Registration.ofChosen(word), word, size, reserve);
    }

    private static void checkSize(long size, Reserve reserve) {
        if (size == 0) {
            throw new IllegalArgumentException("'size' must be a positive number different from zero");
        }
        if (size < 0) {
            throw new IllegalArgumentException("'size' must be a positive integer");
        }
        if (Objects.requireNonNull(reserve, "reserve") == Reserve.PAGES) {
            Refusal.ifCgroupIsTooSmall(size);
        }
    }

    /** The name is registered before it exists, so that no instant at which this process may be killed leaves a name that nobody unlinks. */
    private static SharedMemory created(Registration registration, String name, long size, Reserve reserve) {
        Fd fd;
        try {
            fd = SharedObject.create(name);
        } catch (RuntimeException e) {
            registration.withdraw();
            throw e instanceof OsException ? Refusal.ofCreate((OsException) e, name) : e;
        }
        try (fd) {
            registration.confirm(fd);
            resize(fd, size, reserve == Reserve.PAGES);
            return mapped(name, fd);
        } catch (RuntimeException | Error e) {
            undo(name, e);
            throw e;
        }
    }

    private static void undo(String name, Throwable why) {
        try {
            SharedObject.unlink(name);
            Registration.end(name);
        } catch (OsException e) {
            why.addSuppressed(e);
        }
    }

    private static void resize(Fd fd, long size, boolean reserve) {
        try {
            SharedFile.resize(fd, size, reserve);
        } catch (OsException e) {
            throw Refusal.ofResize(e, fd.name());
        }
    }

    private static SharedMemory mapped(String name, Fd fd) {
        long size = SharedFile.size(fd);
        if (size == 0) {
            throw new OsException("mmap", fd.name(), "EINVAL", NO_EMPTY_MAPPING);
        }
        return new SharedMemory(name, Mapping.map(fd, size));
    }

    /**
     * Opens a block that exists, whoever created it. Its creator stays the one who sees to its end.
     *
     * @param name its name, with or without the leading slash
     * @return the block
     * @throws IllegalArgumentException if it is no name
     * @throws OsException with {@code ENOENT} if there is none of that name, {@code EINVAL} if it has no bytes yet, {@code EACCES} if it is another
     *     user's
     */
    public static SharedMemory attach(String name) {
        String word = SegmentName.existing(name);
        Fd fd;
        try {
            fd = SharedObject.open(word);
        } catch (OsException e) {
            throw Refusal.ofMissing(e, word);
        }
        try {
            return mapped(word, fd);
        } finally {
            fd.close();
        }
    }

    /** @return its name, without the leading slash, also after {@link #close} */
    public String name() {
        return name;
    }

    /** @return its size in bytes, also after {@link #close}; a platform may have rounded up what its creator asked for (macOS does) */
    public long size() {
        return mapping.bytes();
    }

    /**
     * All of it.
     *
     * @return a new direct buffer in the machine's byte order, as that is how Python's {@code struct} and NumPy read and write by default; it stays
     *     valid memory after {@link #close} and {@link #unlink}
     * @throws IllegalStateException if this is closed, or has more bytes than a buffer can hold
     */
    public ByteBuffer buffer() {
        if (size() > Integer.MAX_VALUE) {
            mapping.address();   // says so if this is closed
            throw new IllegalStateException(this + " has more bytes than one ByteBuffer holds: take buffer(offset, length), or get and put");
        }
        return mapping.buffer(0, (int) size());
    }

    /**
     * A part of it, wherever it lies.
     *
     * @param offset of the first byte
     * @param length how many bytes
     * @return a new direct buffer over them in the machine's byte order; it stays valid memory after {@link #close} and {@link #unlink}
     * @throws IllegalStateException if this is closed
     * @throws IndexOutOfBoundsException if the range is not within the block
     */
    public ByteBuffer buffer(long offset, int length) {
        return mapping.buffer(offset, length);
    }

    /**
     * Copies bytes out of it.
     *
     * @param offset of the first byte here
     * @param target filled with bytes from there on
     * @throws IllegalStateException if this is closed
     * @throws IndexOutOfBoundsException if the range is not within the block
     */
    public void get(long offset, byte[] target) {
        get(offset, target, 0, target.length);
    }

    /**
     * Copies bytes out of it.
     *
     * @param offset of the first byte here
     * @param target where to
     * @param index of the first byte there
     * @param length how many bytes
     * @throws IllegalStateException if this is closed
     * @throws IndexOutOfBoundsException if one of the ranges is not within its object
     */
    public void get(long offset, byte[] target, int index, int length) {
        Objects.checkFromIndexSize(index, length, target.length);
        mapping.buffer(offset, length).get(0, target, index, length);
    }

    /**
     * Copies bytes into it.
     *
     * @param offset of the first byte here
     * @param source the bytes
     * @throws IllegalStateException if this is closed
     * @throws IndexOutOfBoundsException if the range is not within the block
     */
    public void put(long offset, byte[] source) {
        put(offset, source, 0, source.length);
    }

    /**
     * Copies bytes into it.
     *
     * @param offset of the first byte here
     * @param source where from
     * @param index of the first byte there
     * @param length how many bytes
     * @throws IllegalStateException if this is closed
     * @throws IndexOutOfBoundsException if one of the ranges is not within its object
     */
    public void put(long offset, byte[] source, int index, int length) {
        Objects.checkFromIndexSize(index, length, source.length);
        mapping.buffer(offset, length).put(0, source, index, length);
    }

    /** Ends this object's access. The block and its name stay, and buffers taken earlier stay valid. Does nothing the second time. */
    @Override
    public void close() {
        mapping.close();
    }

    /**
     * Removes the name, so that nobody can attach any more. Who has the block goes on, this process included. Call it once, from any process, before
     * or after {@link #close}.
     *
     * @throws OsException with {@code ENOENT} if the name is gone already, {@code EACCES} or {@code EPERM} if it is another user's
     */
    public void unlink() {
        try {
            SharedObject.unlink(name);
        } catch (OsException e) {
            throw Refusal.ofMissing(e, name);
        } finally {
            Registration.end(name);
        }
    }

    /**
     * Sends the name, not the bytes. Possible after {@link #close} too: what arrives is open, while the name is there.
     *
     * @param out the message under way
     */
    @Override
    public void writeTransfer(TransferOutput out) {
        out.writeString(name);
    }

    /** @return as in Python: {@code SharedMemory('psm_1a2b3c4d', size=4096)} */
    @Override
    public String toString() {
        return "SharedMemory('" + name + "', size=" + size() + ")";
    }
}
