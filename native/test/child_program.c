/* What the spawn tests start: reports what it was given. Built without sanitizers, whose own needs would disturb. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

/* Open descriptors and whether they are close-on-exec; without /proc and without opening anything. */
static void report_descriptors(void) {
    for (int fd = 0; fd < 4096; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags >= 0) {
            dprintf(1, "%d%s ", fd, flags & FD_CLOEXEC ? "c" : "");
        }
    }
}

/* The signals that are not default, or are blocked. */
static void report_signals(void) {
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    for (int signal = 1; signal < NSIG; signal++) {
        struct sigaction action;
        if (sigaction(signal, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
            dprintf(1, "%d:handled ", signal);
        }
        if (sigismember(&blocked, signal) == 1) {
            dprintf(1, "%d:blocked ", signal);
        }
    }
}

static void report_limits(void) {
    struct rlimit files;
    struct rlimit core;
    getrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_CORE, &core);
    dprintf(1, "nofile %lld %lld core %lld nice %d", (long long)files.rlim_cur, (long long)files.rlim_max, (long long)core.rlim_cur,
            getpriority(PRIO_PROCESS, 0));
#ifdef __linux__
    {
        cpu_set_t cpus;
        sched_getaffinity(0, sizeof cpus, &cpus);
        dprintf(1, " cpus %d first %d", CPU_COUNT(&cpus), CPU_ISSET(0, &cpus) != 0);
    }
#endif
}

/* Writes each descriptor's number to it, for a parent that looks where it arrives. */
static void mark_descriptors(int count) {
    for (int fd = 0; fd < count; fd++) {
        dprintf(fd, "%d;", fd);
    }
}

int main(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "";
    if (strcmp(what, "fds") == 0) {
        report_descriptors();
    } else if (strcmp(what, "signals") == 0) {
        report_signals();
    } else if (strcmp(what, "limits") == 0) {
        report_limits();
    } else if (strcmp(what, "mark") == 0) {
        mark_descriptors(atoi(arguments[2]));
    } else if (strcmp(what, "exit") == 0) {
        return atoi(arguments[2]);
    } else if (strcmp(what, "raise") == 0) {
        raise(atoi(arguments[2]));
    } else if (strcmp(what, "read") == 0) {
        char byte;
        while (read(0, &byte, 1) > 0) {
        }
    } else if (strcmp(what, "echo") == 0) {
        char folder[1024];
        extern char **environ;
        for (int i = 0; i < count; i++) {
            dprintf(1, "[%s]", i == 0 ? "program" : arguments[i]);
        }
        for (char **entry = environ; *entry != NULL; entry++) {
            dprintf(1, "{%s}", *entry);
        }
        dprintf(1, "%s", getcwd(folder, sizeof folder) != NULL ? folder : "?");
    }
    return 0;
}
