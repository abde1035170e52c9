package org.jmultiprocessing.internal.ffi;

/** Processes that are there: their end, signals to them, handles of them. */
final class JnaChildren {
    private JnaChildren() {
    }

    static boolean hasPidfd() {
        int pidfd = JnaConstants.MAC ? -1 : openPidfd(JnaLibc.getpid());
        if (pidfd >= 0) {
            JnaLibc.close(pidfd);
        }
        return pidfd >= 0;
    }

    /** Close-on-exec by nature. */
    static int openPidfd(int pid) {
        long fd = JnaLibc.VARIADIC.syscall(JnaConstants.SYS_PIDFD_OPEN, (long) pid, 0L);
        return fd == -1 ? JnaLibc.error() : (int) fd;
    }

    static int reap(int pid, boolean block, int[] status) {
        if (pid <= 0) {
            return -JnaConstants.EINVAL;
        }
        int[] raw = new int[1];
        int reaped = await(pid, raw, block ? 0 : JnaConstants.WNOHANG);
        if (reaped <= 0) {
            return reaped;
        }
        int signal = raw[0] & 0x7f;
        status[0] = signal == 0 ? 0 : 1;
        status[1] = signal == 0 ? raw[0] >> 8 & 0xff : signal;
        status[2] = signal == 0 ? 0 : raw[0] >> 7 & 1;
        return 1;
    }

    private static int await(int pid, int[] status, int options) {
        int reaped;
        do {
            reaped = JnaLibc.checked(JnaLibc.waitpid(pid, status, options));
        } while (reaped == -JnaConstants.EINTR);
        return reaped;
    }

    static void killAndReap(int pid) {
        JnaLibc.kill(pid, JnaConstants.SIGKILL);
        await(pid, new int[1], 0);
    }

    static int kill(int pid, int pidfd, String name) {
        int signal = JnaConstants.signalNumber(name);
        // 0 and negative numbers mean process groups.
        if (signal == 0 || pid <= 0) {
            return -JnaConstants.EINVAL;
        }
        if (pidfd < 0) {
            return JnaLibc.checked(JnaLibc.kill(pid, signal));
        }
        long result = JnaLibc.VARIADIC.syscall(JnaConstants.SYS_PIDFD_SEND_SIGNAL, (long) pidfd, (long) signal, 0L, 0L);
        return result == -1 ? JnaLibc.error() : 0;
    }
}
