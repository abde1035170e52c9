package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import com.sun.jna.platform.mac.SystemB;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Descriptors: flags, pipes, files, reading and writing by address. */
final class JnaDescriptors {
    /** st_ino and st_size in macOS's struct stat with 64-bit inodes. */
    private static final int MAC_STAT_INO_AT = 8;
    private static final int MAC_STAT_SIZE_AT = 96;
    private static final String MAC_STAT = "fstat" + (Platform.isIntel() ? "$INODE64" : "");

    /** See {@link #moved}. */
    static final long AGAIN = Long.MIN_VALUE;

    private JnaDescriptors() {
    }

    static int duplicate(int fd, int atLeast) {
        return JnaLibc.checked(JnaLibc.VARIADIC.fcntl(fd, JnaConstants.F_DUPFD_CLOEXEC, atLeast));
    }

    static int closeOnExec(int fd) {
        return JnaLibc.checked(JnaLibc.VARIADIC.fcntl(fd, JnaConstants.F_SETFD, JnaConstants.FD_CLOEXEC));
    }

    static int setNonBlocking(int fd, boolean nonBlocking) {
        int flags = JnaLibc.checked(JnaLibc.VARIADIC.fcntl(fd, JnaConstants.F_GETFL));
        if (flags < 0) {
            return flags;
        }
        int wanted = nonBlocking ? flags | JnaConstants.O_NONBLOCK : flags & ~JnaConstants.O_NONBLOCK;
        return wanted == flags ? 0 : JnaLibc.checked(JnaLibc.VARIADIC.fcntl(fd, JnaConstants.F_SETFL, wanted));
    }

    /** Closes descriptors because of an error, which is returned. */
    static int closing(int error, int... fds) {
        for (int fd : fds) {
            JnaLibc.close(fd);
        }
        return error;
    }

    static int pipe(int[] fds, int nonBlocking) {
        int result = JnaLibc.checked(JnaConstants.MAC ? JnaLibc.pipe(fds) : JnaLinux.pipe2(fds, JnaConstants.O_CLOEXEC));
        for (int end = 0; end < 2 && result >= 0; end++) {
            result = JnaConstants.MAC ? closeOnExec(fds[end]) : 0;
            if (result >= 0 && (nonBlocking >> end & 1) != 0) {
                result = setNonBlocking(fds[end], true);
            }
            if (result < 0) {
                closing(result, fds[0], fds[1]);
            }
        }
        return Math.min(result, 0);
    }

    static int pipeCapacity(int fd, int bytes) {
        return JnaConstants.MAC ? -JnaConstants.ENOTSUP : JnaLibc.checked(JnaLibc.VARIADIC.fcntl(fd, JnaConstants.F_SETPIPE_SZ, bytes));
    }

    static int openFile(byte[] path, int mode) {
        int[] flags = {JnaConstants.O_RDONLY, JnaConstants.O_WRONLY | JnaConstants.O_CREAT | JnaConstants.O_TRUNC,
            JnaConstants.O_WRONLY | JnaConstants.O_CREAT | JnaConstants.O_APPEND, JnaConstants.O_RDWR | JnaConstants.O_NOFOLLOW,
            JnaConstants.O_RDWR | JnaConstants.O_CREAT | JnaConstants.O_EXCL};
        int fd;
        do {
            fd = JnaLibc.checked(JnaLibc.VARIADIC.open(path, flags[mode] | JnaConstants.O_CLOEXEC, mode < Posix.OPEN_SHARED ? 0666 : 0600));
        } while (fd == -JnaConstants.EINTR);
        return fd;
    }

    static int lockFile(int fd, boolean exclusive, boolean block) {
        int operation = (exclusive ? JnaConstants.LOCK_EX : JnaConstants.LOCK_SH) | (block ? 0 : JnaConstants.LOCK_NB);
        int result;
        do {
            result = JnaLibc.checked(JnaLibc.flock(fd, operation));
        } while (result == -JnaConstants.EINTR);
        return result == -JnaConstants.EAGAIN ? Posix.WOULD_BLOCK : result;
    }

    static int anonymousFile() {
        if (!JnaConstants.MAC) {
            return JnaLibc.checked(JnaLinux.memfd_create(terminated("jmultiprocessing"), JnaConstants.MFD_CLOEXEC));
        }
        byte[] name = terminated(System.getProperty("java.io.tmpdir") + "/jmp-XXXXXX");
        int fd = JnaLibc.checked(JnaLibc.mkstemp(name));
        if (fd < 0) {
            return fd;
        }
        JnaLibc.unlink(name);
        int result = closeOnExec(fd);
        return result < 0 ? closing(result, fd) : fd;
    }

    static byte[] terminated(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** At most {@link JnaBuffer#DATA} bytes. */
    static int read(int fd, long address, int length, long spinNanos) {
        return (int) readTo(fd, address, length, spinNanos);
    }

    static long readTo(int fd, long address, long length, long spinNanos) {
        long start = spinNanos > 0 ? System.nanoTime() : 0;
        long count;
        do {
            count = moved(JnaLibc.read(fd, address, length), start, spinNanos);
        } while (count == AGAIN);
        return count;
    }

    /**
     * What a call that moves bytes comes to: how many, an error, {@link Posix#WOULD_BLOCK}, or {@link #AGAIN} when it is to be made once more.
     *
     * @param result the call's
     * @param start when the first one was made
     * @param spinNanos how long from then on to insist where it would block
     */
    static long moved(long result, long start, long spinNanos) {
        int error = result < 0 ? JnaLibc.error() : 0;
        if (error == -JnaConstants.EINTR) {
            return AGAIN;
        }
        if (error != -JnaConstants.EAGAIN) {
            return error < 0 ? error : result;
        }
        if (spinNanos <= 0 || System.nanoTime() - start >= spinNanos) {
            return Posix.WOULD_BLOCK;
        }
        Thread.onSpinWait();
        return AGAIN;
    }

    /** At most {@link JnaBuffer#DATA} bytes. */
    static int write(int fd, long address, int length) {
        return (int) writeFrom(fd, address, length);
    }

    static long writeFrom(int fd, long address, long length) {
        long count;
        do {
            count = moved(JnaLibc.write(fd, address, length), 0, 0);
        } while (count == AGAIN);
        return count;
    }

    static long fileSize(int fd) {
        return fileAttribute(fd, "size", MAC_STAT_SIZE_AT);
    }

    static long fileId(int fd) {
        return fileAttribute(fd, "unix:ino", MAC_STAT_INO_AT);
    }

    private static long fileAttribute(int fd, String linuxName, int macOffset) {
        return JnaConstants.MAC ? macFileAttribute(fd, macOffset) : linuxFileAttribute(fd, linuxName);
    }

    /** Struct stat differs on each architecture of Linux, seeking would move the offset, but this link leads to the file even without a name. */
    private static long linuxFileAttribute(int fd, String name) {
        int open = JnaLibc.checked(JnaLibc.VARIADIC.fcntl(fd, JnaConstants.F_GETFD));
        if (open < 0) {
            return open;
        }
        try {
            return ((Number) Files.getAttribute(Path.of("/proc/self/fd", Integer.toString(fd)), name)).longValue();
        } catch (IOException noProc) {
            return -JnaConstants.EIO;
        }
    }

    private static long macFileAttribute(int fd, int offset) {
        Function stat = JnaLibc.optional(MAC_STAT);
        try (JnaBuffer buffer = JnaBuffer.take()) {
            int result = stat.invokeInt(new Object[] {fd, buffer.memory});
            return result == 0 ? buffer.memory.getLong(offset) : JnaLibc.error();
        }
    }

    static int resize(int fd, long bytes, boolean reserve) {
        long before = fileSize(fd);
        int result = (int) Math.min(before, 0);
        // macOS has no call that reserves pages of a shared memory object.
        if (result == 0 && reserve && bytes > 0 && !JnaConstants.MAC) {
            do {
                result = -JnaLinux.posix_fallocate(fd, 0, bytes);
            } while (result == -JnaConstants.EINTR);
            if (result < 0) {
                // What libc does for file systems that cannot reserve may have made it longer.
                truncate(fd, before);
            }
        }
        return result < 0 ? result : truncate(fd, bytes);
    }

    private static int truncate(int fd, long bytes) {
        int result;
        do {
            result = JnaLibc.checked(JnaLibc.ftruncate(fd, bytes));
        } while (result == -JnaConstants.EINTR);
        return result;
    }

    /** When a process started: clock ticks since boot on Linux, microseconds since 1970 on macOS. */
    static long startTime(int pid) {
        if (JnaConstants.MAC) {
            SystemB.ProcBsdInfo info = new SystemB.ProcBsdInfo();
            int size = SystemB.INSTANCE.proc_pidinfo(pid, SystemB.PROC_PIDTBSDINFO, 0, info, info.size());
            return size == info.size() ? info.pbi_start_tvsec * 1_000_000 + info.pbi_start_tvusec : -JnaConstants.ESRCH;
        }
        try {
            String line = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // The second field is the program's name, with whatever blanks and brackets it has; the start time is the 22nd.
            return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ")[22 - 3]);
        } catch (IOException gone) {
            return -JnaConstants.ESRCH;
        }
    }
}
