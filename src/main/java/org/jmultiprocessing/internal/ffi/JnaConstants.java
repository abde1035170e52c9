package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Platform;
import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.linux.Fcntl;
import java.lang.reflect.Field;

/**
 * The numbers that the C headers of Linux and macOS give to names: the one place for them in Java. Those without a choice are the same on both.
 * From {@code jna-platform} where it has them.
 */
final class JnaConstants {
    static final boolean MAC = Platform.isMac();
    private static final boolean POWER = Platform.ARCH.startsWith("ppc");

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int EAGAIN = MAC ? 35 : ErrNo.EAGAIN;
    static final int ENOTSUP = MAC ? 45 : ErrNo.EOPNOTSUPP;
    static final int EINPROGRESS = MAC ? 36 : ErrNo.EINPROGRESS;
    static final int ECONNABORTED = MAC ? 53 : ErrNo.ECONNABORTED;
    static final int ETIMEDOUT = MAC ? 60 : ErrNo.ETIMEDOUT;
    static final int EAFNOSUPPORT = MAC ? 47 : ErrNo.EAFNOSUPPORT;

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = MAC ? 0x200 : Fcntl.O_CREAT;
    static final int O_EXCL = MAC ? 0x800 : Fcntl.O_EXCL;
    static final int O_TRUNC = MAC ? 0x400 : Fcntl.O_TRUNC;
    static final int O_APPEND = MAC ? 0x8 : Fcntl.O_APPEND;
    static final int O_NONBLOCK = MAC ? 0x4 : Fcntl.O_NONBLOCK;
    static final int O_CLOEXEC = MAC ? 0x100_0000 : Fcntl.O_CLOEXEC;
    static final int O_NOFOLLOW = MAC ? 0x100 : POWER || Platform.isARM() ? 0x8000 : 0x2_0000;

    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    static final int F_GETFD = 1;
    static final int F_SETFD = 2;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = MAC ? 67 : 1030;
    static final int F_SETPIPE_SZ = 1031;
    static final int FD_CLOEXEC = 1;
    static final int X_OK = 1;
    static final int MFD_CLOEXEC = 1;

    static final int POLLIN = 0x1;
    static final int POLLOUT = 0x4;
    static final int POLLERR = 0x8;
    static final int POLLHUP = 0x10;
    static final int POLLNVAL = 0x20;

    static final int EFD_FLAGS = O_CLOEXEC | O_NONBLOCK;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;
    static final int EPOLLONESHOT = 1 << 30;
    /** struct epoll_event is packed on one architecture only. */
    static final int EPOLL_EVENT_DATA = Platform.is64Bit() && Platform.isIntel() ? 4 : 8;
    static final int EPOLL_EVENT_SIZE = EPOLL_EVENT_DATA + 8;

    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = MAC ? 30 : 10;
    static final int SOCK_STREAM = 1;
    /** Or-ed to the type of a socket: close-on-exec and non-blocking from birth, where the platform can. */
    static final int SOCK_FLAGS = MAC ? 0 : O_CLOEXEC | O_NONBLOCK;
    static final int SOL_SOCKET = MAC ? 0xffff : 1;
    static final int SO_REUSEADDR = MAC ? 0x4 : 2;
    static final int SO_ERROR = MAC ? 0x1007 : 4;
    static final int SO_PEERCRED = POWER ? 21 : 17;
    static final int IPPROTO_TCP = 6;
    static final int TCP_NODELAY = 1;
    static final int SCM_RIGHTS = 1;
    static final int MSG_NOSIGNAL = MAC ? 0 : 0x4000;
    static final int MSG_CMSG_CLOEXEC = MAC ? 0 : 0x4000_0000;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;

    static final int WNOHANG = 1;
    static final int SIGKILL = 9;
    static final int SIGCHLD = MAC ? 20 : 17;
    static final int POSIX_SPAWN_SETSIGDEF = 0x4;
    static final int POSIX_SPAWN_SETSIGMASK = 0x8;
    static final int POSIX_SPAWN_CLOEXEC_DEFAULT = MAC ? 0x4000 : 0;

    /** System calls of Linux; 0 where we do not know the number. Those from 424 on have one number on all architectures. */
    static final int SYS_FUTEX = MAC ? 0 : futexNumber(Platform.ARCH);
    static final int SYS_PIDFD_SEND_SIGNAL = MAC ? 0 : 424;
    static final int SYS_PIDFD_OPEN = MAC ? 0 : 434;
    static final int FUTEX_WAIT = 0;
    static final int FUTEX_WAKE = 1;

    private static final String[] LINUX_SIGNALS = ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP"
            + " TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS").split(" ");
    private static final String[] MAC_SIGNALS = ("HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT CHLD"
            + " TTIN TTOU IO XCPU XFSZ VTALRM PROF WINCH INFO USR1 USR2").split(" ");
    private static final String[] MAC_ERRORS = ("PERM NOENT SRCH INTR IO NXIO 2BIG NOEXEC BADF CHILD DEADLK NOMEM ACCES FAULT NOTBLK BUSY EXIST XDEV"
            + " NODEV NOTDIR ISDIR INVAL NFILE MFILE NOTTY TXTBSY FBIG NOSPC SPIPE ROFS MLINK PIPE DOM RANGE AGAIN INPROGRESS ALREADY NOTSOCK"
            + " DESTADDRREQ MSGSIZE PROTOTYPE NOPROTOOPT PROTONOSUPPORT SOCKTNOSUPPORT NOTSUP PFNOSUPPORT AFNOSUPPORT ADDRINUSE ADDRNOTAVAIL"
            + " NETDOWN NETUNREACH NETRESET CONNABORTED CONNRESET NOBUFS ISCONN NOTCONN SHUTDOWN TOOMANYREFS TIMEDOUT CONNREFUSED LOOP NAMETOOLONG"
            + " HOSTDOWN HOSTUNREACH NOTEMPTY PROCLIM USERS DQUOT STALE REMOTE BADRPC RPCMISMATCH PROGUNAVAIL PROGMISMATCH PROCUNAVAIL NOLCK NOSYS"
            + " FTYPE AUTH NEEDAUTH PWROFF DEVERR OVERFLOW BADEXEC BADARCH SHLIBVERS BADMACHO CANCELED IDRM NOMSG ILSEQ NOATTR BADMSG MULTIHOP"
            + " NODATA NOLINK NOSR NOSTR PROTO TIME OPNOTSUPP NOPOLICY NOTRECOVERABLE OWNERDEAD QFULL").split(" ");

    private static final String[] SIGNALS = MAC ? MAC_SIGNALS : LINUX_SIGNALS;
    private static final String[] ERRORS = MAC ? MAC_ERRORS : linuxErrors();

    private JnaConstants() {
    }

    static String errnoName(int errno) {
        String name = errno > 0 && errno <= ERRORS.length ? ERRORS[errno - 1] : null;
        return "E" + (name == null ? errno : name);
    }

    static String signalName(int signal) {
        return "SIG" + (signal > 0 && signal <= SIGNALS.length ? SIGNALS[signal - 1] : signal);
    }

    /** The number of a signal by its name without SIG; 0 if there is none. */
    static int signalNumber(String name) {
        for (int i = 0; i < SIGNALS.length; i++) {
            if (SIGNALS[i].equals(name)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static int futexNumber(String architecture) {
        switch (architecture) {
            case "x86-64":
                return 202;
            case "aarch64":
            case "riscv64":
            case "loongarch64":
                return 98;
            case "ppc64le":
                return 221;
            case "s390x":
                return 238;
            default:
                return 0;
        }
    }

    private static String[] linuxErrors() {
        String[] names = new String[133];
        names[132 - 1] = "RFKILL";
        names[133 - 1] = "HWPOISON";
        try {
            for (Field field : ErrNo.class.getFields()) {
                if (field.getType() == int.class) {
                    names[field.getInt(null) - 1] = field.getName().substring(1);
                }
            }
            // Two names of one number there; this is the one that POSIX uses for what we do.
            names[ENOTSUP - 1] = "NOTSUP";
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("jna-platform keeps its errno numbers to itself: use version 5.19 or later", impossible);
        }
        return names;
    }
}
