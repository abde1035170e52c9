#include "spawn.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef JMP_HAVE_CLONE
#include <sched.h>
#include <sys/mman.h>
#endif

/* The child needs little: the deepest is a directory block of 4 KiB. */
#define CHILD_STACK ((size_t)64 * 1024)

int jmp__split(const char *block, size_t length, int count, char **out) {
    for (int i = 0; i < count; i++) {
        const char *nul = length > 0 ? memchr(block, '\0', length) : NULL;
        if (nul == NULL) {
            return -EINVAL;
        }
        out[i] = (char *)(uintptr_t)block; /* execve takes pointers to char but does not write */
        length -= (size_t)(nul + 1 - block);
        block = nul + 1;
    }
    out[count] = NULL;
    return 0;
}

static rlim_t limit_value(int high, int low) {
    uint64_t value = (uint64_t)(uint32_t)high << 32 | (uint32_t)low;
    return value == UINT64_MAX ? RLIM_INFINITY : (rlim_t)value;
}

static int add_limit(struct jmp__plan *plan, const int *words) {
    static const int resources[JMP_RLIMIT_COUNT] = {
        [JMP_RLIMIT_AS] = RLIMIT_AS,         [JMP_RLIMIT_CORE] = RLIMIT_CORE,   [JMP_RLIMIT_CPU] = RLIMIT_CPU,
        [JMP_RLIMIT_DATA] = RLIMIT_DATA,     [JMP_RLIMIT_FSIZE] = RLIMIT_FSIZE, [JMP_RLIMIT_MEMLOCK] = RLIMIT_MEMLOCK,
        [JMP_RLIMIT_NOFILE] = RLIMIT_NOFILE, [JMP_RLIMIT_NPROC] = RLIMIT_NPROC, [JMP_RLIMIT_RSS] = RLIMIT_RSS,
        [JMP_RLIMIT_STACK] = RLIMIT_STACK,
    };
    if (words[0] < 0 || words[0] >= JMP_RLIMIT_COUNT) {
        return -EINVAL;
    }
    plan->limits[words[0]] = (struct jmp__limit){
        .set = true,
        .resource = resources[words[0]],
        .value = {.rlim_cur = limit_value(words[1], words[2]), .rlim_max = limit_value(words[3], words[4])},
    };
    return 0;
}

static int add_affinity(struct jmp__plan *plan, const int *cpus, int count) {
#ifdef JMP_HAVE_SCHED_SETAFFINITY
    for (int i = 0; i < count; i++) {
        if (cpus[i] < 0 || cpus[i] >= JMP__MAX_CPU) {
            return -EINVAL;
        }
        plan->cpus[(unsigned)cpus[i] / JMP__CPU_WORD_BITS] |= 1UL << ((unsigned)cpus[i] % JMP__CPU_WORD_BITS);
    }
    plan->has_affinity = true;
    return 0;
#else
    (void)plan;
    (void)cpus;
    (void)count;
    return -ENOTSUP;
#endif
}

int jmp__read_options(struct jmp__plan *plan, const int *words, int count, int *step) {
    int at = 0;
    while (at < count) {
        int left = count - at - 1;
        const int *payload = words + at + 1;
        int used = 0;
        int result = 0;
        switch (words[at]) {
        case JMP_OPTION_RLIMIT:
            *step = JMP_STEP_RLIMIT;
            used = 5;
            result = left >= used ? add_limit(plan, payload) : -EINVAL;
            break;
        case JMP_OPTION_NICE:
            *step = JMP_STEP_NICE;
            used = 1;
            if (left >= used) {
                plan->has_nice = true;
                plan->nice = payload[0];
            } else {
                result = -EINVAL;
            }
            break;
        case JMP_OPTION_AFFINITY:
            *step = JMP_STEP_AFFINITY;
            if (left >= 1 && payload[0] >= 1 && payload[0] <= left - 1) {
                used = 1 + payload[0];
                result = add_affinity(plan, payload + 1, payload[0]);
            } else {
                result = -EINVAL;
            }
            break;
        default:
            result = -EINVAL;
        }
        if (result != 0) {
            return result;
        }
        at += 1 + used;
    }
    *step = JMP_STEP_PREPARE;
    return 0;
}

#ifdef JMP_HAVE_CLONE
/*
 * As vfork, but with a stack of its own, so that the child cannot disturb the frames of the thread that is waiting for it. No page tables are
 * copied: with a heap of many gigabytes that is most of the cost of a fork. Kernels before 5.2 ignore CLONE_PIDFD and leave *pidfd alone.
 */
static int start_by_clone(struct jmp__plan *plan, int *pidfd) {
    size_t guard = (size_t)sysconf(_SC_PAGESIZE);
    char *stack = mmap(NULL, CHILD_STACK + guard, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    int pid;
    if (stack == MAP_FAILED) {
        return -errno;
    }
    if (mprotect(stack, guard, PROT_NONE) != 0) {
        pid = -errno;
    } else {
        pid = clone(jmp__child, stack + guard + CHILD_STACK, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, plan, pidfd);
        pid = pid < 0 ? -errno : pid;
    }
    munmap(stack, CHILD_STACK + guard);
    return pid;
}

/* What sandboxes (seccomp, gVisor, emulators) say to flags that they do not like. */
static bool is_refusal(int result) { return result == -EINVAL || result == -EPERM || result == -ENOSYS; }
#endif

static int start_by_fork(struct jmp__plan *plan) {
    int pid = fork();
    if (pid == 0) {
        jmp__child(plan);
    }
    return pid < 0 ? -errno : pid;
}

/* Returns the pid. No signal may run a handler of the parent in the child, so none comes through until the child has reset them. */
static int start(struct jmp__plan *plan, int *pidfd) {
    sigset_t all;
    sigset_t before;
    int pid;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
#ifdef JMP_HAVE_CLONE
    pid = start_by_clone(plan, pidfd);
    if (is_refusal(pid)) {
        pid = start_by_fork(plan);
    }
#else
    pid = start_by_fork(plan);
#endif
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid > 0 && *pidfd < 0) {
        int opened = jmp__pidfd_open(pid); /* it is our unreaped child, so the pid is still its own */
        *pidfd = opened >= 0 ? opened : -1;
    }
    return pid;
}

/* Starts the child and waits for exec. fail_pipe[1] is closed here. */
static int run(struct jmp__plan *plan, int fail_pipe[2], int result[3]) {
    struct jmp__failure failure = {0};
    int pidfd = -1;
    int pid;
    int64_t length;
    plan->fail_fd = fail_pipe[1];
    pid = start(plan, &pidfd);
    jmp_close(fail_pipe[1]);
    fail_pipe[1] = -1;
    if (pid < 0) {
        result[2] = JMP_STEP_FORK;
        return pid;
    }
    /* exec closes the other end: the end of the pipe means that it has happened. */
    length = jmp_read(fail_pipe[0], &failure, sizeof failure, 0);
    if (length == (int64_t)sizeof failure) {
        int unused[3];
        jmp_reap(pid, 1, unused);
        jmp__close_quietly(pidfd);
        result[2] = failure.step;
        return -failure.error;
    }
    result[0] = pid;
    result[1] = pidfd;
    result[2] = JMP_STEP_NONE;
    return 0;
}

int jmp_spawn(const char *path, const char *arguments, size_t arguments_length, int argument_count, const char *environment,
              size_t environment_length, int environment_count, const char *directory, const int *fds, int fd_count, const int *options,
              int option_count, int result[3]) {
    struct jmp__plan *plan = NULL;
    char **strings = NULL;
    int fail_pipe[2] = {-1, -1};
    int error = -ENOMEM;
    result[0] = -1;
    result[1] = -1;
    result[2] = JMP_STEP_PREPARE;
    if (argument_count < 1 || environment_count < 0 || fd_count < 3) {
        return -EINVAL;
    }
    plan = calloc(1, sizeof *plan);
    strings = calloc((size_t)argument_count + (size_t)environment_count + 2, sizeof *strings);
    if (plan == NULL || strings == NULL || (plan->fds = calloc((size_t)fd_count, sizeof *fds)) == NULL) {
        goto done;
    }
    memcpy(plan->fds, fds, (size_t)fd_count * sizeof *fds);
    plan->fd_count = fd_count;
    plan->path = path;
    plan->directory = directory;
    plan->argv = strings;
    plan->envp = strings + argument_count + 1;
    if ((error = jmp__split(arguments, arguments_length, argument_count, strings)) == 0
        && (error = jmp__split(environment, environment_length, environment_count, strings + argument_count + 1)) == 0
        && (error = jmp__read_options(plan, options, options != NULL ? option_count : 0, &result[2])) == 0 && (error = jmp_pipe(fail_pipe, 0)) == 0) {
        error = run(plan, fail_pipe, result);
    }
done:
    jmp__close_quietly(fail_pipe[0]);
    jmp__close_quietly(fail_pipe[1]);
    if (plan != NULL) {
        free(plan->fds);
    }
    free(plan);
    free(strings);
    return error;
}
