/*
 * Everything between fork and exec. The other threads of the parent are gone, or (CLONE_VM) run on the very same memory, holding whatever locks
 * they hold: so only async-signal-safe calls and plain system calls. A test compares the symbols that this file needs with a list.
 */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#include <sys/syscall.h>
#endif

/* Where a close loop ends when the limit of descriptors does not say. */
#define MANY_DESCRIPTORS (1U << 20)

/* Also the exit code that shells use for a program that could not be started; nobody sees it, as the parent reaps this child itself. */
#define EXIT_NOT_STARTED 127

_Noreturn void jmp__fail(const struct jmp__plan *plan, int step) {
    struct jmp__failure failure = {.step = step, .error = errno};
    ssize_t written;
    do {
        written = write(plan->fail_fd, &failure, sizeof failure);
    } while (written < 0 && errno == EINTR);
    _exit(EXIT_NOT_STARTED);
}

static int above(int fd, int lowest) { return fcntl(fd, F_DUPFD_CLOEXEC, lowest); }

/*
 * Makes fds[i] descriptor i. First everything that lies among the places, but not on its own one, moves above them; afterwards a place that is
 * overwritten holds nothing that is still needed, whatever the permutation.
 */
static void arrange(struct jmp__plan *plan) {
    int count = plan->fd_count;
    int *fds = plan->fds;
    if (plan->fail_fd < count) {
        int moved = above(plan->fail_fd, count);
        if (moved < 0) {
            jmp__fail(plan, JMP_STEP_STDIO);
        }
        plan->fail_fd = moved;
    }
    for (int i = 0; i < count; i++) {
        if (fds[i] < count && fds[i] != i && (fds[i] = above(fds[i], count)) < 0) {
            jmp__fail(plan, JMP_STEP_STDIO);
        }
    }
    for (int i = 0; i < count; i++) {
        int result;
        if (fds[i] == i) {
            result = fcntl(i, F_SETFD, 0);
        } else {
            do {
                result = dup2(fds[i], i);
            } while (result < 0 && (errno == EINTR || errno == EBUSY));
        }
        if (result < 0) {
            jmp__fail(plan, JMP_STEP_STDIO);
        }
    }
}

static void close_by_counting(unsigned first, unsigned last) {
    struct rlimit limit;
    unsigned end = MANY_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < end) {
        end = (unsigned)limit.rlim_cur;
    }
    for (unsigned fd = first; fd < end && fd <= last; fd++) {
        close((int)fd);
    }
}

#ifdef SYS_getdents64
struct entry { /* linux_dirent64 */
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

/* Closes the descriptors that /proc/self/fd lists; opendir would allocate. False if it could not be read. */
static bool close_by_listing(unsigned first, unsigned last) {
    _Alignas(struct entry) char entries[4096];
    int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long length;
    if (folder < 0) {
        return false;
    }
    while ((length = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long at = 0; at < length;) {
            const struct entry *entry = (const struct entry *)(const void *)(entries + at);
            unsigned fd = 0;
            const char *digit = entry->name;
            while (*digit >= '0' && *digit <= '9') {
                fd = fd * 10 + (unsigned)(*digit++ - '0');
            }
            if (digit != entry->name && *digit == '\0' && fd >= first && fd <= last && fd != (unsigned)folder) {
                close((int)fd);
            }
            at += entry->length;
        }
    }
    close(folder);
    return length == 0;
}
#endif

static void close_between(unsigned first, unsigned last) {
    if (first > last) {
        return;
    }
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, last, 0) == 0) {
        return;
    }
#endif
#ifdef SYS_getdents64
    if (close_by_listing(first, last)) {
        return;
    }
#endif
    close_by_counting(first, last);
}

static void limit_resources(const struct jmp__plan *plan) {
    for (int i = 0; i < JMP_RLIMIT_COUNT; i++) {
        /* RLIMIT_ is an enumeration in glibc and int elsewhere; only this cast suits both. */
        if (plan->limits[i].set && setrlimit((__typeof__(RLIMIT_CORE))plan->limits[i].resource, &plan->limits[i].value) != 0) {
            jmp__fail(plan, JMP_STEP_RLIMIT);
        }
    }
    if (plan->has_nice) {
        errno = 0; /* -1 is also a niceness */
        if (nice(plan->nice) == -1 && errno != 0) {
            jmp__fail(plan, JMP_STEP_NICE);
        }
    }
#ifdef JMP_HAVE_SCHED_SETAFFINITY
    if (plan->has_affinity && sched_setaffinity(0, sizeof plan->cpus, (const cpu_set_t *)(const void *)plan->cpus) != 0) {
        jmp__fail(plan, JMP_STEP_AFFINITY);
    }
#endif
}

/* Who ignores these from its start wants its children left alone too: nohup, and background jobs of a shell without job control. */
static bool stays_ignored(int signal) {
    struct sigaction action;
    return (signal == SIGHUP || signal == SIGINT || signal == SIGQUIT) && sigaction(signal, NULL, &action) == 0
        && (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_IGN;
}

/* exec keeps ignored signals ignored, and the mask. Handlers must be gone before a signal may come: they belong to the parent. */
static void reset_signals(const struct jmp__plan *plan) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int signal = 1; signal < NSIG; signal++) {
        if (!stays_ignored(signal)) {
            sigaction(signal, &action, NULL); /* fails for KILL, STOP and the two that libc keeps to itself */
        }
    }
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) {
        jmp__fail(plan, JMP_STEP_SIGNALS);
    }
}

void jmp__settle(struct jmp__plan *plan) {
    if (plan->fd_count > 0) {
        int sources[3] = {plan->fds[0], plan->fds[1], plan->fds[2]};
        arrange(plan);
        for (int i = 0; i < 3; i++) {
            if (sources[i] > 2) {
                close(sources[i]);
            }
        }
    }
    if (plan->directory != NULL && chdir(plan->directory) != 0) {
        jmp__fail(plan, JMP_STEP_CHDIR);
    }
    limit_resources(plan);
}

int jmp__child(void *argument) {
    struct jmp__plan *plan = argument;
    arrange(plan);
    close_between((unsigned)plan->fd_count, (unsigned)plan->fail_fd - 1);
    close_between((unsigned)plan->fail_fd + 1, UINT_MAX);
    if (plan->directory != NULL && chdir(plan->directory) != 0) {
        jmp__fail(plan, JMP_STEP_CHDIR);
    }
    limit_resources(plan);
    reset_signals(plan);
    execve(plan->path, plan->argv, plan->envp);
    jmp__fail(plan, JMP_STEP_EXEC);
}
