package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/**
 * Reading and writing of non-blocking descriptors by their owners. None of it blocks; a result of {@link #WOULD_BLOCK} asks the caller to
 * {@link Fd#await} and come back. All of it throws {@link OsException} for a closed owner or what the system refuses, and is safe for any thread.
 */
public final class Io {
    /** Not ready: nothing was moved. */
    public static final int WOULD_BLOCK = Posix.WOULD_BLOCK;
    /** The most descriptors that one message can carry (SCM_MAX_FD). */
    public static final int MAX_DESCRIPTORS = 253;

    private Io() { }

    /**
     * @param fd where from; the caller holds a use of it ({@link Fd#acquire}), one for all reads of a message
     * @param buffer where to
     * @param offset first index
     * @param length at most so many bytes, inside the buffer
     * @param spinNanos how long to insist before saying {@link #WOULD_BLOCK}; 0 in a virtual thread
     * @return bytes read, 0 at the end, or {@link #WOULD_BLOCK}
     * @throws OsException if it cannot be read
     */
    public static int read(Fd fd, byte[] buffer, int offset, int length, long spinNanos) {
        int result = Binding.posix().read(fd.number(), buffer, offset, length, spinNanos);
        return result >= 0 || result == WOULD_BLOCK ? result : failed("read", fd, result);
    }

    /**
     * As {@link #read} from a Unix socket, with the descriptors that come along.
     *
     * @param fd where from; the caller holds a use of it
     * @param buffer where to
     * @param offset first index
     * @param length at most so many bytes, inside the buffer
     * @param received receives {@code {count, fd, fd, ...}}; the descriptors belong to the caller
     * @param spinNanos as for {@link #read}
     * @return bytes read, 0 at the end, or {@link #WOULD_BLOCK}
     * @throws OsException if it cannot be read
     */
    public static int receive(Fd fd, byte[] buffer, int offset, int length, int[] received, long spinNanos) {
        received[0] = 0;
        int result = Binding.posix().receiveDescriptors(fd.number(), buffer, offset, length, received, spinNanos);
        return result >= 0 || result == WOULD_BLOCK ? result : failed("recvmsg", fd, result);
    }

    /**
     * @param fd where to
     * @param buffer what
     * @param offset first index
     * @param length how much, inside the buffer
     * @return bytes written, or {@link #WOULD_BLOCK}
     * @throws OsException if it is closed or cannot be written; a BrokenPipeException if nobody reads any more
     */
    public static int write(Fd fd, byte[] buffer, int offset, int length) {
        int raw = fd.acquire();
        try {
            int result = Binding.posix().write(raw, buffer, offset, length);
            return result >= 0 || result == WOULD_BLOCK ? result : failed("write", fd, result);
        } finally {
            fd.release();
        }
    }

    /**
     * Writes to a Unix socket, with descriptors that go with the first byte.
     *
     * @param fd where to
     * @param buffer what, at least one byte
     * @param offset first index
     * @param length how much, inside the buffer
     * @param descriptors what to send along; they stay the caller's
     * @param count how many of them, at most {@link #MAX_DESCRIPTORS}
     * @return bytes written, or {@link #WOULD_BLOCK}: then no descriptor went either
     * @throws OsException if it is closed or cannot be written; a BrokenPipeException if nobody reads any more
     */
    public static int send(Fd fd, byte[] buffer, int offset, int length, int[] descriptors, int count) {
        int raw = fd.acquire();
        try {
            int result = Binding.posix().sendDescriptors(raw, buffer, offset, length, descriptors, count);
            return result >= 0 || result == WOULD_BLOCK ? result : failed("sendmsg", fd, result);
        } finally {
            fd.release();
        }
    }

    private static int failed(String operation, Fd fd, int result) {
        throw OsErrors.of(operation, fd.toString(), result);
    }

    /**
     * Looks without waiting.
     *
     * @param fd a descriptor
     * @return whether there is something to read, or the end
     * @throws OsException if it is closed
     */
    public static boolean isReadable(Fd fd) {
        int raw = fd.acquire();
        try {
            return OsErrors.check("poll", fd.toString(), Binding.posix().await(raw, Posix.READABLE, -1, 0)) != 0;
        } finally {
            fd.release();
        }
    }

    /**
     * Makes a pipe hold more, as far as the system allows; what it refuses stays as it was.
     *
     * @param fd either end
     * @param bytes the room wanted
     */
    public static void enlarge(Fd fd, int bytes) {
        int raw = fd.acquire();
        try {
            Binding.posix().pipeCapacity(raw, bytes);
        } finally {
            fd.release();
        }
    }

    /**
     * @param descriptor an open descriptor without an owner object
     * @return a duplicate, close-on-exec, which belongs to the caller
     * @throws OsException if it is not open, or the process has no more descriptors
     */
    public static int duplicate(int descriptor) {
        return OsErrors.check("dup", "fd " + descriptor, Binding.posix().duplicate(descriptor));
    }

    /**
     * Closes descriptors that never got an owner object.
     *
     * @param descriptors them
     * @param from first index
     * @param to end index
     */
    public static void close(int[] descriptors, int from, int to) {
        for (int i = from; i < to; i++) {
            Binding.posix().close(descriptors[i]);
        }
    }

    /**
     * @param descriptor made non-blocking, as everything here needs it
     * @throws OsException if it is not open
     */
    public static void makeNonBlocking(int descriptor) {
        OsErrors.check("fcntl", "fd " + descriptor, Binding.posix().setNonBlocking(descriptor, true));
    }

    /**
     * @param descriptor made blocking: for a process in which one thread waits for nothing else
     * @throws OsException if it is not open
     */
    public static void makeBlocking(int descriptor) {
        OsErrors.check("fcntl", "fd " + descriptor, Binding.posix().setNonBlocking(descriptor, false));
    }
}
