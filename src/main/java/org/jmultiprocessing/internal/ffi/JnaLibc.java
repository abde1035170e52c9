package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library, as it is: each method is the function of its name, returns what that returns, and errors are those of {@link #error()}. Pointers
 * and sizes are longs, so 64-bit platforms only. Functions that only Linux has are in {@link JnaLinux}.
 */
final class JnaLibc {
    /** Functions with a variable part, for which some platforms have another calling convention. Integer arguments of a syscall are Longs. */
    static final Variadic VARIADIC = Native.load(null, Variadic.class);

    static {
        Native.register(JnaLibc.class, NativeLibrary.getProcess());
    }

    private JnaLibc() {
    }

    /** See {@link #VARIADIC}. */
    interface Variadic extends Library {
        int fcntl(int fd, int command, Object... argument);

        int open(byte[] path, int flags, Object... mode);

        long syscall(long number, Object... arguments);
    }

    /** As {@link Variadic}, in a library that differs. */
    interface SharedMemory extends Library {
        int shm_open(byte[] name, int flags, Object... mode);

        int shm_unlink(byte[] name);
    }

    /** @return minus the errno of this thread's last call here */
    static int error() {
        return -Native.getLastError();
    }

    /** @return a result that is not -1, or else {@link #error()} */
    static int checked(int result) {
        return result == -1 ? error() : result;
    }

    /** @return a function that not every version of the C library has; null if this one does not */
    static Function optional(String name) {
        try {
            return NativeLibrary.getProcess().getFunction(name);
        } catch (UnsatisfiedLinkError absent) {
            return null;
        }
    }

    static native String strerror(int errno);

    static native int getpid();

    static native int getppid();

    static native int geteuid();

    static native int getpagesize();

    static native int getentropy(byte[] out, long length);

    static native void _exit(int code);

    static native int close(int fd);

    static native int pipe(int[] fds);

    static native long read(int fd, long address, long length);

    static native long write(int fd, long address, long length);

    static native int mkstemp(byte[] template);

    static native int unlink(byte[] path);

    static native int symlink(byte[] text, byte[] path);

    static native int chmod(byte[] path, int mode);

    static native int access(byte[] path, int mode);

    static native int ftruncate(int fd, long length);

    static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long length);

    static native int poll(long fds, long count, int milliseconds);

    static native int usleep(int microseconds);

    static native int socket(int domain, int type, int protocol);

    static native int socketpair(int domain, int type, int protocol, int[] fds);

    static native int bind(int fd, byte[] address, int length);

    static native int listen(int fd, int backlog);

    static native int flock(int fd, int operation);

    static native int connect(int fd, byte[] address, int length);

    static native int accept(int fd, long address, long length);

    static native int getsockname(int fd, byte[] address, int[] length);

    static native int getpeername(int fd, byte[] address, int[] length);

    static native int getsockopt(int fd, int level, int name, int[] value, int[] length);

    static native int setsockopt(int fd, int level, int name, int[] value, int length);

    static native long sendmsg(int fd, long message, int flags);

    static native long recvmsg(int fd, long message, int flags);

    static native int kill(int pid, int signal);

    static native int waitpid(int pid, int[] status, int options);

    static native long signal(int signal, long handler);

    static native int sigaction(int signal, long action, long old);

    static native int sigemptyset(long set);

    static native int sigfillset(long set);

    static native int sigdelset(long set, int signal);

    static native int posix_spawn(int[] pid, byte[] path, long actions, long attributes, long argv, long envp);

    static native int posix_spawn_file_actions_init(long actions);

    static native int posix_spawn_file_actions_destroy(long actions);

    static native int posix_spawn_file_actions_adddup2(long actions, int fd, int target);

    static native int posix_spawn_file_actions_addclose(long actions, int fd);

    static native int posix_spawnattr_init(long attributes);

    static native int posix_spawnattr_destroy(long attributes);

    static native int posix_spawnattr_setflags(long attributes, short flags);

    static native int posix_spawnattr_setsigdefault(long attributes, long set);

    static native int posix_spawnattr_setsigmask(long attributes, long set);
}
