/*
 * Stops all threads but one. Each gets a queued signal whose value says which attempt and which slot it is for; the handler notes what its twin
 * will need, and waits. A signal may arrive after its attempt was given up: the handler then sees another attempt's number, and goes.
 */
#include "fork.h"

#ifdef JMP__CAN_FORK

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <linux/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* Threads answer within microseconds, or milliseconds where there are more of them than processors. */
#define PATIENCE_NANOS INT64_C(3000000000)
/* How long to wait before asking the kernel about threads that have not answered. */
#define LOOK_NANOS INT64_C(2000000)
#define SLOT_BITS 16
#define PAGE 4096

/* The instruction. */
static const unsigned char system_call[] = {0x0f, 0x05};

struct jmp__thread *jmp__threads;
int jmp__thread_count;
const struct jmp__layout *jmp__layout_used;

static int stop_signal;
/* The attempt for which threads wait; another number than theirs lets them go. */
static atomic_int attempt;
static int last_attempt;
static atomic_int stopped_count;
/* Threads inside the handler beyond its first check: their slots are in use. */
static atomic_int inside;

static void wait_while(atomic_int *word, int value, int64_t nanos) {
    struct timespec time = {.tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, nanos < 0 ? NULL : &time, NULL, 0);
}

static void wake_all(atomic_int *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

/*
 * Whether the signal came to a system call that waits: one that fails by it, or that the kernel begins again when the handler returns. The latter is
 * at the instruction itself, with its number in rax. A private futex is a lock of this process's own, which the child's twin has to get.
 */
static bool is_in_call(const greg_t *registers) {
    const unsigned char *at = (const unsigned char *)(uintptr_t)registers[REG_RIP];
    bool behind = (uintptr_t)at % PAGE >= sizeof system_call && memcmp(at - sizeof system_call, system_call, sizeof system_call) == 0;
    if (behind && registers[REG_RAX] == -EINTR) {
        return true;
    }
    return (uintptr_t)at % PAGE <= PAGE - sizeof system_call && memcmp(at, system_call, sizeof system_call) == 0
        && (registers[REG_RAX] != SYS_futex || (registers[REG_RSI] & FUTEX_PRIVATE_FLAG) == 0);
}

static void note_self(struct jmp__thread *self, const ucontext_t *interrupted) {
    self->at = (uintptr_t)interrupted->uc_mcontext.gregs[REG_RIP];
    self->in_call = is_in_call(interrupted->uc_mcontext.gregs);
    self->first_argument = (uintptr_t)interrupted->uc_mcontext.gregs[REG_RDI];
    self->pthread = __builtin_thread_pointer();
    syscall(SYS_get_robust_list, 0, &self->robust_list, &self->robust_length);
    syscall(SYS_prctl, PR_GET_NAME, self->name, 0, 0, 0);
    self->has_rseq = false;
    if (jmp__layout_used->rseq_length > 0) {
        int cpu; /* negative: not registered, or refused */
        memcpy(&cpu, self->pthread + jmp__layout_used->rseq_at + sizeof cpu, sizeof cpu);
        self->has_rseq = cpu >= 0;
    }
}

static void wait_for_release(struct jmp__thread *self, int mine) {
    atomic_store(&self->stopped, 1);
    atomic_fetch_add(&stopped_count, 1);
    wake_all(&stopped_count);
    while (atomic_load(&attempt) == mine) {
        wait_while(&attempt, mine, -1);
    }
}

/* Comes back once in the parent and once in the child. A frame of its own, in which nothing changes after the context is saved. */
__attribute__((noinline)) static void stand(struct jmp__thread *self, int mine) {
    if (jmp__save_context(&self->context) == 0) {
        wait_for_release(self, mine);
    } else {
        jmp__become_twin(self);
    }
}

static void on_stop(int signal, siginfo_t *info, void *interrupted) {
    int saved = errno;
    uintptr_t value = (uintptr_t)info->si_value.sival_ptr;
    int mine = (int)(value >> SLOT_BITS);
    struct jmp__thread *self = &jmp__threads[value & ((1U << SLOT_BITS) - 1)];
    (void)signal;
    if (info->si_code != SI_QUEUE) {
        return; /* not ours */
    }
    atomic_fetch_add(&inside, 1);
    if (atomic_load(&attempt) == mine) {
        note_self(self, interrupted);
        stand(self, mine);
    }
    atomic_fetch_sub(&inside, 1);
    errno = saved;
}

void jmp__park(void) {
    sigset_t stop;
    atomic_fetch_sub(&inside, 1);
    sigemptyset(&stop);
    sigaddset(&stop, stop_signal);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
    for (;;) {
        pause();
    }
}

static bool is_ours(int signal) {
    struct sigaction action;
    return signal != 0 && sigaction(signal, NULL, &action) == 0 && action.sa_flags & SA_SIGINFO && action.sa_sigaction == on_stop;
}

/* Takes a real-time signal that nobody handles. Ours stays installed: a late signal would otherwise end the process. */
static int take_signal(void) {
    if (is_ours(stop_signal)) {
        return 0;
    }
    for (int signal = SIGRTMAX - 1; signal > SIGRTMIN; signal--) {
        struct sigaction action;
        if (sigaction(signal, NULL, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL) {
            action = (struct sigaction){.sa_sigaction = on_stop, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
            sigfillset(&action.sa_mask);
            if (sigaction(signal, &action, NULL) != 0) {
                return -errno;
            }
            stop_signal = signal;
            return 0;
        }
    }
    return -EBUSY;
}

int jmp__await_released(int64_t nanos) {
    int64_t deadline = jmp__deadline(PATIENCE_NANOS);
    do {
        struct timespec moment = {.tv_nsec = (long)nanos};
        nanosleep(&moment, NULL);
        if (atomic_load(&inside) == 0) {
            return 0;
        }
    } while (jmp__left(deadline) != 0);
    return -ETIMEDOUT;
}

/* What is not known to be allowed is asked of the kernel while nothing is at stake: a sandbox may forbid any of it. */
static int check_calls(void) {
    siginfo_t info = {.si_code = SI_QUEUE};
    pid_t self = (pid_t)syscall(SYS_gettid);
    void *robust_list;
    size_t length;
    bool allowed;
    info.si_pid = getpid();
    allowed = syscall(SYS_get_robust_list, 0, &robust_list, &length) == 0 && syscall(SYS_set_robust_list, robust_list, length) == 0
           && syscall(SYS_tgkill, getpid(), self, 0) == 0 && syscall(SYS_rt_tgsigqueueinfo, getpid(), self, 0, &info) == 0;
    return allowed ? 0 : -errno;
}

int jmp__prepare_stop(const struct jmp__layout *layout) {
    int result = check_calls();
    if (result != 0) {
        return result;
    }
    if (jmp__threads == NULL) {
        void *memory = mmap(NULL, JMP__MOST_THREADS * sizeof *jmp__threads, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            return -errno;
        }
        jmp__threads = memory;
    }
    jmp__layout_used = layout;
    /* Stragglers of the last attempt still use their slots. */
    result = atomic_load(&inside) != 0 ? jmp__await_released(100000) : 0;
    return result != 0 ? result : take_signal();
}

void jmp__release_threads(void) {
    atomic_store(&attempt, 0);
    wake_all(&attempt);
}

void jmp__adopt_stopped(void) {
    int twins = 0;
    for (int i = 0; i < jmp__thread_count; i++) {
        twins += !jmp__threads[i].gone;
    }
    atomic_store(&inside, twins);
    atomic_store(&attempt, 0);
}

static bool is_known(pid_t tid) {
    for (int i = 0; i < jmp__thread_count; i++) {
        if (jmp__threads[i].tid == tid) {
            return true;
        }
    }
    return false;
}

/* Sends the signal to a thread that has none yet. 1: sent; 0: it has ended meanwhile. */
static int stop_one(pid_t tid) {
    struct jmp__thread *thread = &jmp__threads[jmp__thread_count];
    siginfo_t info = {.si_code = SI_QUEUE};
    if (jmp__thread_count == JMP__MOST_THREADS) {
        return -E2BIG;
    }
    memset(thread, 0, sizeof *thread);
    thread->tid = tid;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_ptr = (void *)((uintptr_t)last_attempt << SLOT_BITS | (uintptr_t)jmp__thread_count);
    if (syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, stop_signal, &info) != 0) {
        return errno == ESRCH ? 0 : -errno; /* EAGAIN: no room for a queued signal (ulimit -i) */
    }
    jmp__thread_count++;
    return 1;
}

struct pass {
    pid_t self;
    int fresh;
    int *who;
};

static int stop_if_new(int tid, void *context) {
    struct pass *pass = context;
    int result;
    if (tid == pass->self || is_known(tid)) {
        return 0;
    }
    result = stop_one(tid);
    if (result < 0) {
        *pass->who = tid;
        return result;
    }
    pass->fresh += result;
    return 0;
}

/* One pass over the threads of this process. Returns how many were new. */
static int stop_new_ones(pid_t self, int *who) {
    struct pass pass = {.self = self, .who = who};
    int result = jmp__each_number("/proc/self/task", stop_if_new, &pass);
    return result < 0 ? result : pass.fresh;
}

/* Waits until everyone who got the signal stands. */
static int await_stopped(int64_t deadline, int *who) {
    for (;;) {
        int seen = atomic_load(&stopped_count);
        int wanted = 0;
        for (int i = 0; i < jmp__thread_count; i++) {
            wanted += !jmp__threads[i].gone;
        }
        if (seen >= wanted) {
            return 0;
        }
        wait_while(&stopped_count, seen, LOOK_NANOS);
        if (atomic_load(&stopped_count) != seen) {
            continue;
        }
        for (int i = 0; i < jmp__thread_count; i++) {
            struct jmp__thread *thread = &jmp__threads[i];
            if (!thread->gone && !atomic_load(&thread->stopped) && jmp__has_ended(thread->tid)) {
                thread->gone = !atomic_load(&thread->stopped);
            } else if (!thread->gone && !atomic_load(&thread->stopped)) {
                *who = thread->tid;
            }
        }
        if (jmp__left(deadline) == 0) {
            return -ETIMEDOUT;
        }
    }
}

/* Threads that stand cannot start others: once the kernel counts as many as stand, there are no more. */
static bool is_complete(int counted) {
    int standing = 1;
    for (int i = 0; i < jmp__thread_count; i++) {
        standing += !jmp__threads[i].gone || syscall(SYS_tgkill, getpid(), jmp__threads[i].tid, 0) == 0;
    }
    return counted == standing;
}

static int stop_all(int *step, int *who) {
    pid_t self = (pid_t)syscall(SYS_gettid);
    int64_t deadline = jmp__deadline(PATIENCE_NANOS);
    for (;;) {
        int fresh;
        int result;
        *step = JMP_FORK_SEND;
        fresh = (result = jmp__fault(JMP_FORK_SEND)) != 0 ? result : stop_new_ones(self, who);
        if (fresh < 0) {
            return fresh;
        }
        *step = JMP_FORK_STOP;
        result = jmp__fault(JMP_FORK_STOP);
        if (result != 0 || (result = await_stopped(deadline, who)) != 0) {
            return result;
        }
        *step = JMP_FORK_COUNT;
        result = jmp__fault(JMP_FORK_COUNT);
        result = result != 0 ? result : jmp__count_threads();
        if (result < 0) {
            return result;
        }
        if (fresh == 0 && is_complete(result)) {
            return 0;
        }
        if (jmp__left(deadline) == 0) {
            return -ETIMEDOUT;
        }
    }
}

int jmp__stop_threads(int *step, int *who) {
    int result;
    jmp__thread_count = 0;
    atomic_store(&stopped_count, 0);
    last_attempt = last_attempt % INT_MAX + 1;
    atomic_store(&attempt, last_attempt);
    result = stop_all(step, who);
    if (result != 0) {
        jmp__release_threads();
    }
    return result;
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_stop;

#endif
