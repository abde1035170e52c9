/* Forks this process with all its threads: the order of things, and what is undone when one of them fails. fork.h says how it works. */
#include "fork.h"

#include <errno.h>

#ifdef JMP__CAN_FORK

#include <linux/sched.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How long to try for a moment without such locks (fork_locks.c): they are held for microseconds, the loader's while a library is being loaded. */
#define LOCK_NANOS INT64_C(3000000000)
/*
 * How long to try for a moment without threads that no VM owns: one of Java's is none of the VM's any more when it ends, and not yet when it begins.
 * Longer than a thread takes for that where others have the processors.
 */
#define NATIVE_NANOS INT64_C(300000000)
/* How long threads go on between two attempts: longer each time, as the one that has the lock may wait for a processor; then again. */
#define FIRST_REST_NANOS INT64_C(50000)
#define LONGEST_REST_NANOS INT64_C(6400000)

extern char **environ;

static struct jmp__layout layout;
static bool layout_found;
static atomic_flag busy = ATOMIC_FLAG_INIT;

/* What SIGINT does in children, if this process ignores it. */
static struct sigaction interrupt;
static atomic_bool interrupt_ignored;

static int prepare(int *step) {
    int result;
    *step = JMP_FORK_LAYOUT;
    result = jmp__fault(JMP_FORK_LAYOUT);
    if (result == 0 && !layout_found) {
        result = jmp__find_layout(&layout);
        layout_found = result == 0;
    }
    if (result == 0) {
        *step = JMP_FORK_PREPARE;
        result = jmp__fault(JMP_FORK_PREPARE);
        result = result != 0 ? result : jmp__check_proc();
        result = result != 0 ? result : jmp__prepare_stop(&layout);
    }
    return result;
}

const struct jmp__layout *jmp__known_layout(void) { return layout_found ? &layout : NULL; }

int jmp_fork_check(void) {
    int step;
    int result = -EBUSY;
    if (!atomic_flag_test_and_set(&busy)) {
        result = prepare(&step);
        atomic_flag_clear(&busy);
    }
    return result;
}

/* Not glibc's fork(): it takes locks of malloc that a stopped thread may hold. */
static int clone_process(unsigned long flags) {
    char *tid = (char *)__builtin_thread_pointer() + layout.tid_at;
    long pid = syscall(SYS_clone, flags | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, NULL, NULL, tid, NULL);
    return pid < 0 ? -errno : (int)pid;
}

static _Noreturn void give_up(const struct jmp__plan *plan, int error) {
    errno = -error;
    jmp__fail(plan, JMP_STEP_FORK);
}

static void heed_interrupt(void) {
    if (atomic_load(&interrupt_ignored)) {
        sigaction(SIGINT, &interrupt, NULL);
        atomic_store(&interrupt_ignored, false);
    }
}

static void settle(struct jmp__plan *plan) {
    jmp__settle(plan);
    if (plan->envp != NULL) {
        environ = (char **)(uintptr_t)plan->envp;
    }
}

/* In the child, in which there is only this thread yet. */
static void become_child(struct jmp__plan *plan, int flags) {
    int result;
    jmp__adopt_stopped();
    if ((flags & JMP_FORK_SPARE) == 0) {
        heed_interrupt();
    }
    settle(plan);
    result = jmp__reopen_archives();
    result = result < 0 ? result : jmp__create_twins();
    if (result < 0) {
        give_up(plan, result);
    }
    jmp__start_twins();
}

/* With all threads stopped: whether they are where a child could go on with them. -EDEADLK and -EPERM may be over in a moment. */
static int check_threads(int flags, int result[JMP_FORK_RESULTS]) {
    int error;
    result[2] = JMP_FORK_LOCKS;
    error = jmp__fault(JMP_FORK_LOCKS);
    if (error != 0) {
        return error;
    }
    result[3] = jmp__find_locker();
    if (result[3] != 0) {
        return -EDEADLK;
    }
    result[2] = JMP_FORK_VM;
    error = jmp__fault(JMP_FORK_VM);
    return error != 0 ? error : jmp__find_java_threads((flags & JMP_FORK_NATIVES) != 0, &result[3]);
}

/* Stops all threads at a moment at which check_threads objects to none; *begin is when they were stopped. */
static int stop_threads(int flags, int result[JMP_FORK_RESULTS], int64_t *begin) {
    int64_t locks_deadline = jmp__deadline(LOCK_NANOS);
    int64_t natives_deadline = jmp__deadline(NATIVE_NANOS);
    for (int64_t rest = FIRST_REST_NANOS;; rest = rest < LONGEST_REST_NANOS ? 2 * rest : FIRST_REST_NANOS) {
        int error;
        result[3] = 0;
        *begin = jmp__now();
        error = jmp__stop_threads(&result[2], &result[3]);
        if (error != 0 || (error = check_threads(flags, result)) == 0) {
            return error;
        }
        jmp__release_threads();
        if ((error != -EDEADLK || jmp__left(locks_deadline) == 0) && (error != -EPERM || jmp__left(natives_deadline) == 0)) {
            return error;
        }
        if ((error = jmp__await_released(rest)) != 0) {
            return error;
        }
    }
}

/* With all signals blocked. Returns the child's pid, or 0 in the child. */
static int run(struct jmp__plan *plan, int flags, int result[JMP_FORK_RESULTS], int64_t *begin) {
    int pid = stop_threads(flags, result, begin);
    if (pid < 0) {
        return pid;
    }
    result[2] = JMP_FORK_CLONE;
    result[3] = 0;
    pid = jmp__fault(JMP_FORK_CLONE);
    pid = pid != 0 ? pid : clone_process(flags & JMP_FORK_SIBLING ? CLONE_PARENT : 0);
    if (pid == 0) {
        become_child(plan, flags);
        return 0;
    }
    jmp__release_threads();
    return pid;
}

static int fork_planned(struct jmp__plan *plan, int flags, int result[JMP_FORK_RESULTS]) {
    sigset_t all;
    sigset_t before;
    int64_t begin;
    int pid;
    if (atomic_flag_test_and_set(&busy)) {
        return -EBUSY;
    }
    pid = prepare(&result[2]);
    if (pid == 0) {
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pid = run(plan, flags, result, &begin);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        result[4] = (int)((jmp__now() - begin) / 1000);
    }
    atomic_flag_clear(&busy);
    return pid;
}

/* What a child is given, and the memory that it keeps for ever: its environment. The parent frees its copy. */
struct given {
    struct jmp__plan plan;
    int places[3];
    char **strings;
    char *block;
};

static void forget(struct given *given) {
    if (given != NULL) {
        free(given->block);
        free(given->strings);
    }
    free(given);
}

/* *step is what an error belongs to. On success *given is the caller's to forget. */
static int take(const int stdio[3], const char *environment, size_t environment_length, int environment_count, const char *directory,
                const int *options, int option_count, int report_fd, int *step, struct given **taken) {
    struct given *given = calloc(1, sizeof *given);
    int result = 0;
    if (given == NULL) {
        return -ENOMEM;
    }
    if (stdio != NULL) {
        memcpy(given->places, stdio, sizeof given->places);
        given->plan.fds = given->places;
        given->plan.fd_count = 3;
    }
    given->plan.directory = directory;
    given->plan.fail_fd = report_fd;
    if (environment != NULL) {
        given->strings = calloc((size_t)environment_count + 1, sizeof *given->strings);
        given->block = malloc(environment_length > 0 ? environment_length : 1);
        result = -ENOMEM;
        if (given->strings != NULL && given->block != NULL) {
            memcpy(given->block, environment, environment_length);
            result = jmp__split(given->block, environment_length, environment_count, given->strings);
            given->plan.envp = given->strings;
        }
    }
    if (result == 0) {
        result = jmp__read_options(&given->plan, options, options != NULL ? option_count : 0, step);
    }
    if (result != 0) {
        forget(given);
        return result;
    }
    *taken = given;
    return 0;
}

int jmp_fork(int flags, const int stdio[3], const char *environment, size_t environment_length, int environment_count, const char *directory,
             const int *options, int option_count, int report_fd, int result[JMP_FORK_RESULTS]) {
    struct given *given;
    int pid;
    memset(result, 0, sizeof(int) * JMP_FORK_RESULTS);
    result[0] = -1;
    result[1] = -1;
    result[2] = JMP_FORK_PREPARE;
    pid = take(stdio, environment, environment_length, environment_count, directory, options, option_count, report_fd, &result[2], &given);
    if (pid != 0) {
        return pid;
    }
    pid = fork_planned(&given->plan, flags, result);
    if (pid == 0) {
        result[0] = 0;
        return 0;
    }
    forget(given);
    if (pid > 0) {
        int pidfd = flags & JMP_FORK_SIBLING ? -1 : jmp__pidfd_open(pid);
        result[0] = pid;
        result[1] = pidfd >= 0 ? pidfd : -1;
        result[2] = JMP_FORK_NONE;
        result[3] = 0;
    }
    return pid;
}

int jmp_fork_settle(const int stdio[3], const char *environment, size_t environment_length, int environment_count, const char *directory,
                    const int *options, int option_count, int report_fd) {
    struct given *given;
    int step;
    int result = take(stdio, environment, environment_length, environment_count, directory, options, option_count, report_fd, &step, &given);
    if (result != 0) {
        return result;
    }
    if (given->plan.has_nice || given->plan.has_affinity) {
        forget(given);
        return -EINVAL;
    }
    heed_interrupt();
    settle(&given->plan);
    return 0;
}

int jmp_fork_ignore_interrupt(int heirs) {
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    if (atomic_load(&interrupt_ignored)) {
        return 0;
    }
    if (sigaction(SIGINT, &ignore, &interrupt) != 0) {
        return -errno;
    }
    atomic_store(&interrupt_ignored, heirs == 0);
    return 0;
}

#else

int jmp_fork_ignore_interrupt(int heirs) { (void)heirs; return -ENOSYS; }

int jmp_fork_check(void) { return -ENOSYS; }

int jmp_fork(int flags, const int stdio[3], const char *environment, size_t environment_length, int environment_count, const char *directory,
             const int *options, int option_count, int report_fd, int result[JMP_FORK_RESULTS]) {
    (void)flags, (void)stdio, (void)environment, (void)environment_length, (void)environment_count, (void)directory;
    (void)options, (void)option_count, (void)report_fd;
    result[0] = -1;
    result[1] = -1;
    result[2] = JMP_FORK_LAYOUT;
    return -ENOSYS;
}

int jmp_fork_settle(const int stdio[3], const char *environment, size_t environment_length, int environment_count, const char *directory,
                    const int *options, int option_count, int report_fd) {
    (void)stdio, (void)environment, (void)environment_length, (void)environment_count, (void)directory;
    (void)options, (void)option_count, (void)report_fd;
    return -ENOSYS;
}

#endif
