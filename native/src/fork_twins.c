/*
 * The child's side: makes each thread anew where its twin in the parent stands. The stopped handler's frame is part of the copied stack; the new
 * thread starts just below it, and returns from jmp__save_context a second time.
 */
#include "fork.h"

#ifdef JMP__CAN_FORK

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <string.h>
#include <linux/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What kernel and C library agree on for x86-64; sys/rseq.h has it in a newer C library. */
#define RSEQ_SIGNATURE 0x53053053
#define RSEQ_UNINITIALIZED (-1)
#define RSEQ_REFUSED (-2)

/* Clear of the handler's frame and of what the ABI lets it use below its stack pointer. */
#define BELOW_FRAME 512

/* close_range(2), Linux 5.9, which takes the table away from the others first. */
#define JMP_CLOSE_RANGE 436
#define JMP_UNSHARE_FIRST 2U
#define MOST_DESCRIPTORS 65536

static uintptr_t applications[JMP__MOST_THREADS];
/* -1: nothing is known of applications. */
static int application_count = -1;

/* Where the VM keeps the id of the thread that forks. */
static int *own_os_tid;
/* 0 while twins are being made; each waits until all are there. */
static atomic_int started;
/* Whether twins of the application's threads begin with a table of descriptors of their own, as they cannot leave that of the others later. */
static bool has_own_table;

/* jmp__start_context never returns here: it makes jmp__save_context return 1 to its caller. */
long jmp__clone_into(const struct jmp__context *context, unsigned long flags, void *stack, void *parent_tid, void *child_tid, void *tls);

__asm__(".pushsection .text\n"
        ".globl jmp__save_context\n"
        ".hidden jmp__save_context\n"
        ".type jmp__save_context, @function\n"
        "jmp__save_context:\n"
        "  mov %rbx, 0(%rdi)\n"
        "  mov %rbp, 8(%rdi)\n"
        "  mov %r12, 16(%rdi)\n"
        "  mov %r13, 24(%rdi)\n"
        "  mov %r14, 32(%rdi)\n"
        "  mov %r15, 40(%rdi)\n"
        "  lea 8(%rsp), %rdx\n" /* as it will be after the return */
        "  mov %rdx, 48(%rdi)\n"
        "  mov (%rsp), %rdx\n" /* the return address */
        "  mov %rdx, 56(%rdi)\n"
        "  xor %eax, %eax\n"
        "  ret\n"
        ".size jmp__save_context, . - jmp__save_context\n"
        ".globl jmp__clone_into\n"
        ".hidden jmp__clone_into\n"
        ".type jmp__clone_into, @function\n"
        "jmp__clone_into:\n"
        "  push %rbx\n"
        "  mov %rdi, %rbx\n" /* the context: the new thread has our registers but for rax, rcx, r11 and the stack */
        "  mov %rsi, %rdi\n"
        "  mov %rdx, %rsi\n"
        "  mov %rcx, %rdx\n"
        "  mov %r8, %r10\n"
        "  mov %r9, %r8\n"
        "  mov $56, %eax\n" /* clone(flags, stack, parent_tid, child_tid, tls) */
        "  syscall\n"
        "  test %rax, %rax\n"
        "  jz 1f\n"
        "  pop %rbx\n"
        "  ret\n"
        "1:\n"
        "  mov %rbx, %rdi\n"
        "  mov $1, %eax\n"
        "  mov 0(%rdi), %rbx\n"
        "  mov 8(%rdi), %rbp\n"
        "  mov 16(%rdi), %r12\n"
        "  mov 24(%rdi), %r13\n"
        "  mov 32(%rdi), %r14\n"
        "  mov 40(%rdi), %r15\n"
        "  mov 48(%rdi), %rsp\n"
        "  jmp *56(%rdi)\n"
        ".size jmp__clone_into, . - jmp__clone_into\n"
        ".popsection\n");

_Static_assert(offsetof(struct jmp__context, r12) == 16 && offsetof(struct jmp__context, rip) == 56, "the assembly above knows these");

/* The kernel forgets the registration in a new thread, and the C library does not look again. */
static void register_rseq(const struct jmp__thread *thread) {
    char *area = thread->pthread + jmp__layout_used->rseq_at;
    int32_t cpus[2] = {0, RSEQ_UNINITIALIZED}; /* cpu_id_start, cpu_id */
    memcpy(area, cpus, sizeof cpus);
    if (syscall(SYS_rseq, area, jmp__layout_used->rseq_length, 0, RSEQ_SIGNATURE) != 0) {
        cpus[1] = RSEQ_REFUSED;
        memcpy(area, cpus, sizeof cpus);
    }
}

int jmp__set_applications(const uintptr_t *java_threads, int count) {
    if (count > JMP__MOST_THREADS) {
        return -E2BIG;
    }
    application_count = java_threads != NULL ? count : -1;
    for (int i = 0; i < application_count; i++) {
        applications[i] = java_threads[i];
    }
    return 0;
}

static bool is_application(const char *java_thread) {
    for (int i = 0; i < application_count; i++) {
        if (applications[i] == (uintptr_t)java_thread) {
            return true;
        }
    }
    return false;
}

/* An older kernel does not have the call, and a sandbox may forbid it. */
static bool can_close_range(void) { return syscall(JMP_CLOSE_RANGE, ~0U, ~0U, 0) == 0; }

/* From native code it goes on until the VM stops it: a write that it is about to make must not happen once more. */
static void lose_descriptors(void) {
    if (has_own_table) {
        for (int fd = 0; fd < MOST_DESCRIPTORS; fd++) {
            close(fd);
        }
    } else {
        syscall(JMP_CLOSE_RANGE, 0, ~0U, JMP_UNSHARE_FIRST);
    }
}

void jmp__become_twin(const struct jmp__thread *thread) {
    while (atomic_load(&started) == 0) {
        syscall(SYS_futex, &started, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    }
    syscall(SYS_set_robust_list, thread->robust_list, thread->robust_length);
    if (thread->has_rseq) {
        register_rseq(thread);
    }
    syscall(SYS_prctl, PR_SET_NAME, thread->name, 0, 0, 0);
    if (thread->parks) {
        jmp__park();
    }
    if (thread->application) {
        lose_descriptors();
    }
}

static pid_t tid_of(const struct jmp__thread *thread) {
    pid_t tid;
    memcpy(&tid, thread->pthread + jmp__layout_used->tid_at, sizeof tid);
    return tid;
}

/* Notes one Java thread's record; false where it contradicts what is known. */
static bool note_java_thread(const char *java_thread, pid_t self) {
    char *os_thread;
    int tid;
    int state;
    memcpy(&os_thread, java_thread + jmp__layout_used->os_thread_at, sizeof os_thread);
    if (os_thread == NULL) {
        return true; /* being born */
    }
    memcpy(&tid, os_thread + jmp__layout_used->os_tid_at, sizeof tid);
    memcpy(&state, java_thread + jmp__layout_used->state_at, sizeof state);
    if (tid == self) {
        own_os_tid = (int *)(void *)(os_thread + jmp__layout_used->os_tid_at);
        return state == JMP__IN_NATIVE;
    }
    for (int i = 0; i < jmp__thread_count; i++) {
        if (jmp__threads[i].tid == tid && !jmp__threads[i].gone) {
            jmp__threads[i].os_tid = (int *)(void *)(os_thread + jmp__layout_used->os_tid_at);
            jmp__threads[i].parks = application_count >= 0 && jmp__threads[i].in_call && state == JMP__IN_NATIVE;
            jmp__threads[i].application = is_application(java_thread);
        }
    }
    return true;
}

/* What the VM's own threads that run no Java are called. */
static const char *const vm_names[] = {"VM ", "GC ", "G1 ", "Shenandoah ", "ZDirector", "ZWorker", "ZDriver", "ZStat", "ZUncommitter", "JFR "};

static bool is_vms(const struct jmp__thread *thread) {
    for (size_t i = 0; i < sizeof vm_names / sizeof vm_names[0]; i++) {
        if (strncmp(thread->name, vm_names[i], strlen(vm_names[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* The thread that the process began with is nobody's, and waits for the others to end. Any other was made by a native library. */
static int find_natives(int *who) {
    int count = 0;
    for (int i = 0; i < jmp__thread_count; i++) {
        const struct jmp__thread *thread = &jmp__threads[i];
        if (!thread->gone && thread->os_tid == NULL && !is_vms(thread)) {
            count++;
            *who = thread->tid != getpid() || *who == 0 ? thread->tid : *who;
        }
    }
    return count > 1 ? -EPERM : 0;
}

int jmp__find_java_threads(bool natives_allowed, int *who) {
    const struct jmp__layout *layout = jmp__layout_used;
    const char *list;
    unsigned count;
    char *const *threads;
    pid_t self = (pid_t)syscall(SYS_gettid);
    own_os_tid = NULL;
    if (layout->java_threads == NULL) {
        return 0;
    }
    list = *layout->java_threads;
    memcpy(&count, list + layout->list_length_at, sizeof count);
    memcpy(&threads, list + layout->list_threads_at, sizeof threads);
    if (count > JMP__MOST_THREADS) {
        return -ENOTSUP;
    }
    for (unsigned i = 0; i < count; i++) {
        if (!note_java_thread(threads[i], self)) {
            return -ENOTSUP;
        }
    }
    *who = 0;
    return own_os_tid == NULL ? -ENOTSUP : application_count >= 0 && !natives_allowed ? find_natives(who) : 0;
}

int jmp__create_twins(void) {
    const unsigned long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND | CLONE_THREAD | CLONE_SETTLS
                              | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    atomic_store(&started, 0);
    has_own_table = !can_close_range();
    for (int i = 0; i < jmp__thread_count; i++) {
        const struct jmp__thread *thread = &jmp__threads[i];
        if (!thread->gone) {
            void *stack = (void *)(uintptr_t)((thread->context.rsp - BELOW_FRAME) & ~UINT64_C(15));
            void *tid = thread->pthread + jmp__layout_used->tid_at;
            unsigned long its = has_own_table && thread->application && !thread->parks ? flags & ~(unsigned long)CLONE_FILES : flags;
            long result = jmp__fault(JMP_FORK_TWIN);
            result = result != 0 ? result : jmp__clone_into(&thread->context, its, stack, tid, tid, thread->pthread);
            if (result < 0) {
                return (int)result;
            }
        }
    }
    return 0;
}

void jmp__start_twins(void) {
    for (int i = 0; i < jmp__thread_count; i++) {
        if (jmp__threads[i].os_tid != NULL) {
            *jmp__threads[i].os_tid = tid_of(&jmp__threads[i]);
        }
    }
    if (own_os_tid != NULL) {
        *own_os_tid = (int)syscall(SYS_gettid);
    }
    atomic_store(&started, 1);
    syscall(SYS_futex, &started, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_twins;

#endif
