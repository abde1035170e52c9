package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** Waiting for descriptors and for words in memory. */
final class JnaWaits {
    private static final int POLLFD = 8;
    /** Between two looks at a word where no futex is: short at first, for locks that change hands at once, then sparing the processor. */
    private static final int FIRST_PAUSE_MICROS = 20;
    private static final int LAST_PAUSE_MICROS = 2000;

    private JnaWaits() {
    }

    static int await(int fd, int events, int wakeFd, long timeoutNanos) {
        try (JnaBuffer buffer = JnaBuffer.take()) {
            Memory memory = buffer.memory;
            entry(memory, 0, fd, events);
            entry(memory, 1, wakeFd, Posix.READABLE);
            int ready = poll(buffer.address, 2, timeoutNanos);
            if (ready <= 0) {
                return ready;
            }
            int found = found(memory, 0, events);
            int woken = found(memory, 1, Posix.READABLE);
            if (found < 0 || woken < 0) {
                return Math.min(found, woken);
            }
            return found | (woken == 0 ? 0 : Posix.WOKEN);
        }
    }

    static int poll(int[] fds, int[] events, int count, long timeoutNanos) {
        try (Memory memory = new Memory(Math.max(1, count) * (long) POLLFD)) {
            for (int i = 0; i < count; i++) {
                entry(memory, i, fds[i], events[i]);
            }
            int ready = poll(Pointer.nativeValue(memory), count, timeoutNanos);
            for (int i = 0; i < count && ready >= 0; i++) {
                int found = found(memory, i, events[i]);
                if (found < 0) {
                    return found;
                }
                events[i] = found;
            }
            return ready;
        }
    }

    private static void entry(Memory memory, int index, int fd, int events) {
        long at = (long) index * POLLFD;
        int wanted = ((events & Posix.READABLE) == 0 ? 0 : JnaConstants.POLLIN) | ((events & Posix.WRITABLE) == 0 ? 0 : JnaConstants.POLLOUT);
        memory.setInt(at, fd);
        memory.setShort(at + 4, (short) wanted);
        memory.setShort(at + 6, (short) 0);
    }

    private static int found(Memory memory, int index, int events) {
        int bits = memory.getShort((long) index * POLLFD + 6);
        return (bits & JnaConstants.POLLNVAL) == 0 ? events(bits, events) : -JnaConstants.EBADF;
    }

    /** Poll's bits, which are epoll's too, as ours. A descriptor whose end has come is ready for whatever was asked. */
    static int events(int bits, int asked) {
        if ((bits & (JnaConstants.POLLERR | JnaConstants.POLLHUP)) != 0) {
            return asked;
        }
        return ((bits & JnaConstants.POLLIN) == 0 ? 0 : Posix.READABLE) | ((bits & JnaConstants.POLLOUT) == 0 ? 0 : Posix.WRITABLE);
    }

    private static int poll(long entries, int count, long timeoutNanos) {
        long start = System.nanoTime();
        while (true) {
            int milliseconds = millisecondsLeft(start, timeoutNanos);
            int ready = JnaLibc.checked(JnaLibc.poll(entries, count, milliseconds));
            if (ready > 0 || ready < 0 && ready != -JnaConstants.EINTR || ready == 0 && isOver(start, timeoutNanos)) {
                return ready;
            }
        }
    }

    static boolean isOver(long start, long timeoutNanos) {
        return timeoutNanos >= 0 && System.nanoTime() - start >= timeoutNanos;
    }

    /** What poll(2) and its like take: rounded up, -1 for ever. */
    static int millisecondsLeft(long start, long timeoutNanos) {
        if (timeoutNanos < 0) {
            return -1;
        }
        long left = Math.max(0, timeoutNanos - (System.nanoTime() - start));
        return (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + (left % 1_000_000 == 0 ? 0 : 1));
    }

    static int wakeCreate(int[] fds) {
        if (JnaConstants.MAC) {
            return JnaDescriptors.pipe(fds, 3);
        }
        int fd = JnaLibc.checked(JnaLinux.eventfd(0, JnaConstants.EFD_FLAGS));
        if (fd < 0) {
            return fd;
        }
        fds[0] = fd;
        fds[1] = fd;
        return 0;
    }

    static int wakeSignal(int fd) {
        try (JnaBuffer buffer = JnaBuffer.take()) {
            buffer.memory.setLong(0, 1);
            int written = JnaDescriptors.write(fd, buffer.address, Long.BYTES);
            return written >= 0 || written == Posix.WOULD_BLOCK ? 0 : written;
        }
    }

    static int wakeClear(int fd) {
        try (JnaBuffer buffer = JnaBuffer.take()) {
            int count;
            do {
                count = JnaDescriptors.read(fd, buffer.address, JnaBuffer.DATA, 0);
            } while (count > 0);
            return count == Posix.WOULD_BLOCK ? 0 : count;
        }
    }

    static int waitWord(long address, int expected, long timeoutNanos) {
        return JnaConstants.SYS_FUTEX == 0 ? waitByLooking(address, expected, timeoutNanos) : futexWait(address, expected, timeoutNanos);
    }

    private static int futexWait(long address, int expected, long timeoutNanos) {
        long start = System.nanoTime();
        try (JnaBuffer buffer = JnaBuffer.take()) {
            while (true) {
                long timeout = 0;
                if (timeoutNanos >= 0) {
                    long left = Math.max(0, timeoutNanos - (System.nanoTime() - start));
                    buffer.memory.setLong(0, left / 1_000_000_000);
                    buffer.memory.setLong(8, left % 1_000_000_000);
                    timeout = buffer.address;
                }
                long result = JnaLibc.VARIADIC.syscall(JnaConstants.SYS_FUTEX, address, (long) JnaConstants.FUTEX_WAIT, (long) expected, timeout, 0L,
                        0L);
                int error = result == -1 ? -JnaLibc.error() : 0;
                if (error == 0 || error == JnaConstants.EAGAIN) {
                    return 0;
                }
                if (error == JnaConstants.ETIMEDOUT) {
                    return 1;
                }
                if (error != JnaConstants.EINTR) {
                    return -error;
                }
            }
        }
    }

    /** No kernel help: looks again, ever more seldom. */
    static int waitByLooking(long address, int expected, long timeoutNanos) {
        long start = System.nanoTime();
        Pointer word = new Pointer(address);
        for (int pause = FIRST_PAUSE_MICROS; word.getInt(0) == expected; pause = Math.min(2 * pause, LAST_PAUSE_MICROS)) {
            if (isOver(start, timeoutNanos)) {
                return 1;
            }
            JnaLibc.usleep(pause);
        }
        return 0;
    }

    static int wakeWord(long address, int count) {
        if (JnaConstants.SYS_FUTEX == 0) {
            return 0;
        }
        long woken = JnaLibc.VARIADIC.syscall(JnaConstants.SYS_FUTEX, address, (long) JnaConstants.FUTEX_WAKE, (long) count, 0L, 0L, 0L);
        return woken == -1 ? JnaLibc.error() : (int) woken;
    }
}
