package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/** Files that processes of one user map or lock together. A symbolic link in the place of such a file is refused. */
public final class SharedFile {
    private SharedFile() { }

    /**
     * Creates a file of its own, for this user only (0600), and empty.
     *
     * @param path must not exist
     * @return a descriptor for reading and writing, meant to live as long as the process
     * @throws org.jmultiprocessing.errors.OsException if it exists ({@code EEXIST}) or cannot be made
     */
    public static Fd create(String path) {
        return opened(path, Posix.CREATE_EXCLUSIVE);
    }

    /**
     * @param path an existing file
     * @return a descriptor for reading and writing, meant to live as long as the process
     * @throws org.jmultiprocessing.errors.OsException if there is none ({@code ENOENT}) or it cannot be opened
     */
    public static Fd open(String path) {
        return opened(path, Posix.OPEN_SHARED);
    }

    /**
     * @param path a file
     * @return as {@link #open}; null if there is none
     * @throws org.jmultiprocessing.errors.OsException if it cannot be opened
     */
    public static Fd openIfThere(String path) {
        int raw = Binding.posix().openFile(CStrings.of(path), Posix.OPEN_SHARED);
        return OsErrors.is(raw, "ENOENT") ? null : Fd.lasting(OsErrors.check("open", path, raw), path);
    }

    private static Fd opened(String path, int mode) {
        return Fd.lasting(OsErrors.check("open", path, Binding.posix().openFile(CStrings.of(path), mode)), path);
    }

    /**
     * @param fd an open file or shared memory object
     * @return its size in bytes
     * @throws org.jmultiprocessing.errors.OsException if it is closed
     */
    public static long size(Fd fd) {
        int raw = fd.acquire();
        try {
            long size = Binding.posix().fileSize(raw);
            if (size < 0) {
                throw OsErrors.of("fstat", fd.name(), size);
            }
            return size;
        } finally {
            fd.release();
        }
    }

    /**
     * @param fd an open file or shared memory object
     * @return its inode number
     * @throws org.jmultiprocessing.errors.OsException if it is closed
     */
    public static long id(Fd fd) {
        int raw = fd.acquire();
        try {
            long id = Binding.posix().fileId(raw);
            if (id < 0) {
                throw OsErrors.of("fstat", fd.name(), id);
            }
            return id;
        } finally {
            fd.release();
        }
    }

    /**
     * @param fd an open file or shared memory object
     * @param bytes its new size
     * @param reserve whether all its pages are to be there now, so that touching them cannot fail later
     * @throws org.jmultiprocessing.errors.OsException if there is no room ({@code ENOSPC})
     */
    public static void resize(Fd fd, long bytes, boolean reserve) {
        int raw = fd.acquire();
        try {
            OsErrors.check(reserve ? "reserve " + bytes + " bytes for" : "ftruncate", fd.name(), Binding.posix().resize(raw, bytes, reserve));
        } finally {
            fd.release();
        }
    }

    /**
     * Removes the name of a shared memory object (shm_unlink(3)), if it is there.
     *
     * @param name its name without a slash
     * @throws org.jmultiprocessing.errors.OsException if the system refuses
     */
    public static void unlinkObject(String name) {
        int result = Binding.posix().sharedUnlink(CStrings.of("/" + name));
        if (!OsErrors.is(result, "ENOENT")) {
            OsErrors.check("shm_unlink", name, result);
        }
    }

    /**
     * Makes a symbolic link, as a note of a few words that is there all at once.
     *
     * @param text what it says
     * @param path where
     * @return false if there is something already
     * @throws org.jmultiprocessing.errors.OsException if it cannot be made otherwise
     */
    public static boolean link(String text, String path) {
        int result = Binding.posix().symbolicLink(CStrings.of(text), CStrings.of(path));
        return !OsErrors.is(result, "EEXIST") && OsErrors.check("symlink", path, result) == 0;
    }

    /**
     * @param path of a file or symbolic link, whose name is removed
     * @return false if there is none
     * @throws org.jmultiprocessing.errors.OsException if it cannot be removed otherwise
     */
    public static boolean remove(String path) {
        int result = Binding.posix().removeFile(CStrings.of(path));
        return !OsErrors.is(result, "ENOENT") && OsErrors.check("unlink", path, result) == 0;
    }

    /**
     * Locks a file (flock(2)) until the descriptor and all its duplicates are closed, or it is locked otherwise. The lock is that of the open file:
     * another opening of the same file, in this process too, has another.
     *
     * @param fd an open file
     * @param exclusive against all others; else shared with those that lock it so
     * @param block whether to wait, uninterruptibly; only where nobody holds the lock for long
     * @return false if somebody else holds it
     * @throws org.jmultiprocessing.errors.OsException if the file system knows no locks
     */
    public static boolean lock(Fd fd, boolean exclusive, boolean block) {
        int raw = fd.acquire();
        try {
            int result = Binding.posix().lockFile(raw, exclusive, block);
            return result != Posix.WOULD_BLOCK && OsErrors.check("flock", fd.name(), result) == 0;
        } finally {
            fd.release();
        }
    }
}
