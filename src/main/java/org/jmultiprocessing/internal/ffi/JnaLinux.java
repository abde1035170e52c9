package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** What Linux's C libraries have beyond {@link JnaLibc}, in the same form. Loading this class elsewhere fails. */
final class JnaLinux {
    static {
        Native.register(JnaLinux.class, NativeLibrary.getProcess());
    }

    private JnaLinux() {
    }

    static native int pipe2(int[] fds, int flags);

    static native int accept4(int fd, long address, long length, int flags);

    static native int memfd_create(byte[] name, int flags);

    static native int posix_fallocate(int fd, long offset, long length);

    static native int eventfd(int value, int flags);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, long event);

    static native int epoll_wait(int epoll, long events, int count, int milliseconds);
}
