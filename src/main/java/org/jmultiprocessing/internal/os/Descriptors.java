package org.jmultiprocessing.internal.os;

import java.util.Arrays;
import org.jmultiprocessing.internal.ffi.Binding;

/** Duplicates of descriptors on their way to another process; owned here until they are handed over or closed. Belongs to one thread. */
public final class Descriptors implements AutoCloseable {
    private static final int[] NONE = {};

    private int[] raw = NONE;
    private int size;

    /**
     * Duplicates a descriptor.
     *
     * @param fd an open descriptor, which stays the caller's
     * @return its index here
     * @throws org.jmultiprocessing.errors.OsException if it is closed, or this process has too many
     */
    public int add(int fd) {
        if (size == raw.length) {
            raw = Arrays.copyOf(raw, size + 4);
        }
        raw[size] = OsErrors.check("dup", "fd " + fd, Binding.posix().duplicate(fd));
        return size++;
    }

    /** @return how many there are */
    public int size() {
        return size;
    }

    /** @return the duplicates, still owned here */
    public int[] toArray() {
        return size == 0 ? NONE : Arrays.copyOf(raw, size);
    }

    /**
     * Replaces a descriptor that was inherited at a fixed number by a duplicate that no further program inherits.
     *
     * @param fd closed here
     * @return the duplicate
     */
    public static int adopt(int fd) {
        int mine = OsErrors.check("dup", "inherited descriptor", Binding.posix().duplicate(fd));
        Binding.posix().close(fd);
        return mine;
    }

    /**
     * Closes a descriptor that nobody took.
     *
     * @param fd a descriptor of this process
     */
    public static void discard(int fd) {
        Binding.posix().close(fd);
    }

    @Override
    public void close() {
        for (int i = 0; i < size; i++) {
            Binding.posix().close(raw[i]);
        }
        size = 0;
    }
}
