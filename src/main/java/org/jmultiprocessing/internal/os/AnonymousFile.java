package org.jmultiprocessing.internal.os;

import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/** A file without a name, to hand bytes to a child that reads them when it likes: the parent does not wait for it. */
public final class AnonymousFile {
    private static final int CHUNK = 1 << 20;

    private AnonymousFile() { }

    /**
     * @param bytes the content
     * @param length how much of it
     * @return a descriptor of a file that holds the content
     * @throws org.jmultiprocessing.errors.OsException if there is no room for it
     */
    public static Fd containing(byte[] bytes, int length) {
        Posix posix = Binding.posix();
        Fd file = empty("start data");
        int raw = file.acquire();
        try {
            for (int written = 0; written < length;) {
                written += OsErrors.check("write", file.name(), posix.write(raw, bytes, written, Math.min(CHUNK, length - written)));
            }
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        } finally {
            file.release();
        }
    }

    /**
     * @param name for messages
     * @return a descriptor of an empty file
     * @throws org.jmultiprocessing.errors.OsException if there is no room for it
     */
    public static Fd empty(String name) {
        return Fd.lasting(OsErrors.check("memfd_create", name, Binding.posix().anonymousFile()), name);
    }

    /**
     * @param file an open file, which stays the caller's
     * @return another descriptor of it
     * @throws org.jmultiprocessing.errors.OsException if there are too many
     */
    public static Fd another(Fd file) {
        int raw = file.acquire();
        try {
            return Fd.lasting(Io.duplicate(raw), file.name());
        } finally {
            file.release();
        }
    }

    /**
     * Reads a file that was made by {@link #containing}, and closes it.
     *
     * @param raw its descriptor
     * @return the content
     */
    public static byte[] readAndClose(int raw) {
        Posix posix = Binding.posix();
        long size = posix.fileSize(raw);
        if (size <= 0) {
            throw OsErrors.of("fstat", "start data", size);
        }
        // Mapped, because the offset belongs to the open file, which the parent left at the end.
        long address = posix.map(raw, 0, size, false);
        if (address < 0) {
            throw OsErrors.of("mmap", "start data", address);
        }
        ByteBuffer mapped = posix.buffer(address, Math.toIntExact(size));
        byte[] bytes = new byte[mapped.capacity()];
        mapped.get(bytes);
        posix.unmap(address, size);
        posix.close(raw);
        return bytes;
    }
}
