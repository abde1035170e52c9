#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef JMP_HAVE_GETENTROPY_IN_RANDOM_H
#include <sys/random.h>
#endif
#ifdef __linux__
#include <sys/syscall.h>
#endif
#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

/* The most that getentropy gives at once. */
#define ENTROPY_CHUNK 256

int jmp_abi_version(void) { return JMP_ABI_VERSION; }

int jmp_load(void) {
    struct sigaction action;
    if (sigaction(SIGCHLD, NULL, &action) != 0) {
        return -errno;
    }
    if ((action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_IGN) {
        action = (struct sigaction){.sa_handler = SIG_DFL};
        if (sigaction(SIGCHLD, &action, NULL) != 0) {
            return -errno;
        }
    }
    jmp__look_at_sigpipe();
    return 0;
}

int jmp_capabilities(void) {
    int bits = JMP_CAN_LIMITS | JMP_CAN_NOTE_SIGNALS | JMP_CAN_CHANNEL_DESCRIPTOR;
    int pidfd = jmp__pidfd_open(getpid());
    if (pidfd >= 0) {
        close(pidfd);
        bits |= JMP_CAN_PIDFD;
    }
#if defined(__linux__) && defined(__x86_64__) && defined(__GLIBC__)
    bits |= JMP_CAN_FORK;
#endif
#if defined(JMP_HAVE_FUTEX)
    bits |= JMP_CAN_FUTEX;
#elif defined(JMP_HAVE_OS_SYNC)
    if (__builtin_available(macOS 14.4, *)) {
        bits |= JMP_CAN_FUTEX;
    }
#endif
    return bits;
}

int jmp_pid(void) { return getpid(); }

int jmp_parent_pid(void) { return getppid(); }

int jmp_uid(void) {
    uid_t uid = geteuid();
    return uid <= (uid_t)INT32_MAX ? (int)uid : -EOVERFLOW;
}

int jmp_page_size(void) { return (int)sysconf(_SC_PAGESIZE); }

void jmp_exit_now(int code) { _exit(code); }

int jmp_random(void *out, size_t length) {
    char *at = out;
    while (length > 0) {
        size_t part = length < ENTROPY_CHUNK ? length : ENTROPY_CHUNK;
        if (getentropy(at, part) != 0) {
            if (errno != EINTR) {
                return -errno;
            }
            continue;
        }
        at += part;
        length -= part;
    }
    return 0;
}

#ifdef __APPLE__
int64_t jmp_start_time(int pid) {
    struct kinfo_proc info;
    size_t length = sizeof info;
    int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, pid};
    if (sysctl(name, 4, &info, &length, NULL, 0) != 0) {
        return -errno;
    }
    if (length == 0 || pid <= 0) {
        return -ESRCH;
    }
    return (int64_t)info.kp_proc.p_starttime.tv_sec * 1000000 + info.kp_proc.p_starttime.tv_usec;
}
#else
/* Field 22 of /proc/PID/stat, counted from the last ')': the program's name, field 2, may contain anything. */
static int64_t start_time_in(const char *stat) {
    const char *at = strrchr(stat, ')');
    for (int field = 2; at != NULL && field < 22; field++) {
        at = strchr(at + 1, ' ');
    }
    return at != NULL ? strtoll(at, NULL, 10) : -EIO;
}

int64_t jmp_start_time(int pid) {
    char path[32] = "/proc/";
    char stat[1024];
    int64_t length;
    int fd;
    if (pid <= 0) {
        return -ESRCH;
    }
    strcpy(path + strlen("/proc/") + jmp__decimal((unsigned)pid, path + strlen("/proc/")), "/stat");
    fd = jmp_open_file(path, 0);
    if (fd < 0) {
        return fd == -ENOENT ? -ESRCH : fd;
    }
    length = jmp_read(fd, stat, sizeof stat - 1, 0);
    close(fd);
    if (length <= 0) {
        return length == 0 ? -ESRCH : length;
    }
    stat[length] = '\0';
    return start_time_in(stat);
}
#endif

int jmp__pidfd_open(int pid) {
#ifdef SYS_pidfd_open
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    return fd >= 0 ? fd : -errno;
#else
    (void)pid;
    return -ENOSYS;
#endif
}

int jmp_reap(int pid, int block, int status[3]) {
    int raw;
    int reaped;
    if (pid <= 0) {
        return -EINVAL; /* for waitpid those mean "any child" or a group */
    }
    do {
        reaped = waitpid(pid, &raw, block ? 0 : WNOHANG);
    } while (reaped < 0 && errno == EINTR);
    if (reaped <= 0) {
        return reaped == 0 ? 0 : -errno;
    }
    if (WIFEXITED(raw)) {
        status[0] = 0;
        status[1] = WEXITSTATUS(raw);
        status[2] = 0;
    } else {
        status[0] = 1;
        status[1] = WTERMSIG(raw);
        status[2] = WCOREDUMP(raw) != 0;
    }
    return 1;
}

int jmp_kill(int pid, int pidfd, const char *signal) {
    int number = jmp__signal_number(signal);
    if (number < 0 || pid <= 0) {
        return -EINVAL;
    }
#ifdef SYS_pidfd_send_signal
    if (pidfd >= 0) {
        if (syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0) == 0) {
            return 0;
        }
        if (errno != ENOSYS) {
            return -errno;
        }
    }
#else
    (void)pidfd;
#endif
    return kill(pid, number) == 0 ? 0 : -errno;
}
