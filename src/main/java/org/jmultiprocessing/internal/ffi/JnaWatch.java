package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Watches: epoll on Linux; elsewhere a set of descriptors that is polled, with a wake descriptor for those who change it meanwhile. */
final class JnaWatch {
    private static final List<PollSet> SETS = new CopyOnWriteArrayList<>();

    private JnaWatch() {
    }

    static int create() {
        return JnaConstants.MAC ? createPollSet() : JnaLibc.checked(JnaLinux.epoll_create1(JnaConstants.O_CLOEXEC));
    }

    static int add(int watch, int fd, int events) {
        if (JnaConstants.MAC) {
            return SETS.get(watch).change(fd, events);
        }
        // Most descriptors are added again and again, and stay in the set between.
        int result = control(watch, JnaConstants.EPOLL_CTL_MOD, fd, events);
        if (result == -JnaConstants.ENOENT) {
            result = control(watch, JnaConstants.EPOLL_CTL_ADD, fd, events);
        }
        // Another thread added it in between.
        return result == -JnaConstants.EEXIST ? control(watch, JnaConstants.EPOLL_CTL_MOD, fd, events) : result;
    }

    static int remove(int watch, int fd) {
        if (JnaConstants.MAC) {
            return SETS.get(watch).change(fd, 0);
        }
        int result = control(watch, JnaConstants.EPOLL_CTL_DEL, fd, 0);
        return result == -JnaConstants.ENOENT || result == -JnaConstants.EBADF || result == -JnaConstants.EPERM ? 0 : result;
    }

    static int await(int watch, int[] fds, int[] events, long timeoutNanos) {
        int room = Math.min(fds.length, events.length);
        if (room == 0) {
            return -JnaConstants.EINVAL;
        }
        if (JnaConstants.MAC) {
            return SETS.get(watch).await(fds, events, timeoutNanos);
        }
        long start = System.nanoTime();
        try (Memory memory = new Memory((long) room * JnaConstants.EPOLL_EVENT_SIZE)) {
            int count;
            do {
                int milliseconds = JnaWaits.millisecondsLeft(start, timeoutNanos);
                count = JnaLibc.checked(JnaLinux.epoll_wait(watch, Pointer.nativeValue(memory), room, milliseconds));
            } while (count == -JnaConstants.EINTR || count == 0 && !JnaWaits.isOver(start, timeoutNanos));
            for (int i = 0; i < count; i++) {
                long at = (long) i * JnaConstants.EPOLL_EVENT_SIZE;
                // The kernel gives back what we put there: the descriptor, and above it the events asked for.
                long data = memory.getLong(at + JnaConstants.EPOLL_EVENT_DATA);
                fds[i] = (int) data;
                events[i] = JnaWaits.events(memory.getInt(at), (int) (data >>> 32));
            }
            return count;
        }
    }

    private static int control(int epoll, int operation, int fd, int events) {
        try (JnaBuffer buffer = JnaBuffer.take()) {
            int wanted = JnaConstants.EPOLLONESHOT | ((events & Posix.READABLE) == 0 ? 0 : JnaConstants.POLLIN)
                    | ((events & Posix.WRITABLE) == 0 ? 0 : JnaConstants.POLLOUT);
            buffer.memory.setInt(0, wanted);
            buffer.memory.setLong(JnaConstants.EPOLL_EVENT_DATA, (long) events << 32 | fd & 0xffff_ffffL);
            return JnaLibc.checked(JnaLinux.epoll_ctl(epoll, operation, fd, buffer.address));
        }
    }

    private static int createPollSet() {
        int[] wake = new int[2];
        int result = JnaWaits.wakeCreate(wake);
        if (result < 0) {
            return result;
        }
        synchronized (SETS) {
            SETS.add(new PollSet(wake));
            return SETS.size() - 1;
        }
    }

    /** The replacement for epoll. */
    static final class PollSet {
        private final int[] wake;
        private final Map<Integer, Integer> wanted = new LinkedHashMap<>();

        /** @param wake as from {@link Posix#wakeCreate} */
        PollSet(int[] wake) {
            this.wake = wake;
        }

        int change(int fd, int events) {
            synchronized (wanted) {
                if (events == 0) {
                    wanted.remove(fd);
                } else {
                    wanted.put(fd, events);
                }
            }
            return JnaWaits.wakeSignal(wake[1]);
        }

        int await(int[] fds, int[] events, long timeoutNanos) {
            long start = System.nanoTime();
            while (true) {
                int[][] entries = entries();
                int[] asked = entries[1].clone();
                long left = timeoutNanos < 0 ? timeoutNanos : Math.max(0, timeoutNanos - (System.nanoTime() - start));
                int ready = JnaWaits.poll(entries[0], entries[1], asked.length, left);
                if (ready == -JnaConstants.EBADF) {
                    forgetClosed();
                    continue;
                }
                if (ready < 0) {
                    return ready;
                }
                if (entries[1][0] != 0) {
                    JnaWaits.wakeClear(wake[0]);
                }
                int count = take(entries[0], asked, entries[1], fds, events);
                if (count > 0 || JnaWaits.isOver(start, timeoutNanos)) {
                    return count;
                }
            }
        }

        /** The wake descriptor and what is wanted now, as poll takes it. */
        private int[][] entries() {
            synchronized (wanted) {
                int[] fds = new int[wanted.size() + 1];
                int[] events = new int[fds.length];
                fds[0] = wake[0];
                events[0] = Posix.READABLE;
                int i = 1;
                for (Map.Entry<Integer, Integer> entry : wanted.entrySet()) {
                    fds[i] = entry.getKey();
                    events[i++] = entry.getValue();
                }
                return new int[][] {fds, events};
            }
        }

        /** As epoll does by itself. */
        private void forgetClosed() {
            synchronized (wanted) {
                wanted.keySet().removeIf(fd -> JnaLibc.VARIADIC.fcntl(fd, JnaConstants.F_GETFD) < 0);
            }
        }

        /** Moves what is ready, and still wanted, to the caller's arrays and out of the set. */
        private int take(int[] polled, int[] asked, int[] found, int[] fds, int[] events) {
            int count = 0;
            synchronized (wanted) {
                for (int i = 1; i < polled.length && count < fds.length; i++) {
                    if (found[i] != 0 && wanted.remove(polled[i], asked[i])) {
                        fds[count] = polled[i];
                        events[count++] = found[i];
                    }
                }
            }
            return count;
        }
    }
}
