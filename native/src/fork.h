/*
 * Forking a live JVM: what the files of that topic share. POSIX's fork copies only the calling thread, and a JVM without its VM, GC and compiler
 * threads is dead. So every other thread is stopped inside a signal handler (fork_stop.c), the process is forked by the raw system call
 * (fork.c), and the child creates each thread again on the stack, with the thread-local storage and at the point where its twin in the parent
 * stands (fork_twins.c). The handler then returns, and the kernel's rt_sigreturn restores all registers, the floating-point state and the signal
 * mask from the copied stack. As every thread goes on, no lock of malloc, of the VM or of the C library is left behind for ever.
 *
 * From the first stop to the release nothing is called that could take a lock: a stopped thread may hold it. That means system calls on memory
 * that was there before.
 */
#ifndef JMP_FORK_H
#define JMP_FORK_H

#include "spawn.h"

#if defined(__linux__) && defined(__x86_64__) && defined(__GLIBC__)
#define JMP__CAN_FORK 1
#endif

#ifdef JMP__CAN_FORK

#include <signal.h>
#include <stdatomic.h>
#include <sys/types.h>

/* More threads than this are an error; the kernel's default limit is 32768, and a JVM that forks has some dozens. */
#define JMP__MOST_THREADS 4096
#define JMP__NAME_LENGTH 16
#define JMP__IN_NATIVE 4 /* JavaThreadState::_thread_in_native */

/* What a function call preserves; fork_twins.c knows the order. */
struct jmp__context {
    uint64_t rbx, rbp, r12, r13, r14, r15, rsp, rip;
};

/* A thread that is to be stopped. Written by itself between `claimed` and `stopped`, else by the forking thread. */
struct jmp__thread {
    struct jmp__context context;
    pid_t tid;
    uintptr_t at;             /* the instruction at which it was stopped */
    uintptr_t first_argument; /* the register that holds a system call's or a function's, if it is in one */
    char *pthread; /* the thread's struct pthread, which is also its thread pointer */
    void *robust_list;
    size_t robust_length;
    int *os_tid; /* where the VM keeps the thread's id; NULL for a thread that is no Java thread */
    char name[JMP__NAME_LENGTH + 1];
    bool has_rseq;
    bool gone; /* ended before it could be stopped */
    bool in_call;     /* was in a system call that waits for somebody else, or may be in it again */
    bool application; /* one of those of jmp__set_applications */
    bool parks;       /* its twin stays in the handler for ever */
    atomic_int stopped;
};

#define JMP__LIBRARIES 2
#define JMP__LOCKERS 4

struct jmp__range {
    uintptr_t from;
    uintptr_t to;
};

/* Where things are in the C library and in the VM of this process; looked up at run time and checked, never assumed. */
struct jmp__layout {
    long tid_at;      /* of pthread::tid, which glibc reads for the ownership of mutexes, pthread_kill and the like */
    long rseq_at;     /* of the restartable sequences' area, from the thread pointer */
    unsigned rseq_length; /* 0: this C library registers none */
    struct jmp__range lock_data[JMP__LIBRARIES]; /* the variables of the C library and of the dynamic loader, locks among them */
    struct jmp__range lockers[JMP__LOCKERS];     /* the functions that take a lock which notes its owner */
    struct jmp__range lock_code;                 /* the library that they are in */
    char **java_threads;  /* ThreadsSMRSupport::_java_thread_list, a ThreadsList *; NULL in a process without a VM */
    long list_length_at;  /* ThreadsList::_length, an unsigned int */
    long list_threads_at; /* ThreadsList::_threads, a JavaThread ** */
    long os_thread_at;    /* JavaThread::_osthread */
    long os_tid_at;       /* OSThread::_thread_id */
    long state_at;        /* JavaThread::_thread_state */
    uint64_t java_thread_size; /* of a JavaThread */
};

/* fork_layout.c */
/* Looks everything up; -ENOTSUP where the C library or the VM is not as expected. */
int jmp__find_layout(struct jmp__layout *layout);

/* As jmp__find_layout found it; NULL before. */
const struct jmp__layout *jmp__known_layout(void);

/* fork_stop.c: everything about the stopped threads. One fork at a time uses it. */
extern struct jmp__thread *jmp__threads;
extern int jmp__thread_count;
extern const struct jmp__layout *jmp__layout_used;

/*
 * Memory and a signal for the handler. Not between the first stop and the release. -EBUSY: every signal has somebody else's handler; -EPERM or
 * whatever a sandbox answers: it forbids a system call that all this takes.
 */
int jmp__prepare_stop(const struct jmp__layout *layout);
/* Stops every thread but the caller's. step and who (a thread's id) say what failed; then nothing is stopped, or will be. */
int jmp__stop_threads(int *step, int *who);
/*
 * While all threads stand: finds the VM's records of them, and with them whether the layout is right: the caller must be in the VM's list, under its
 * own id, in the state that it is in. Else -ENOTSUP. Where applications
 * are known, -EPERM if there is a thread that no VM owns, *who, unless that is allowed.
 */
int jmp__find_java_threads(bool natives_allowed, int *who);
/*
 * Says which of the VM's threads, JavaThread *, are the application's, which the VM has suspended: their twins touch none of this process's
 * descriptors. A twin of any Java thread that is in native code and waits there in a system call parks: it would take from its twin in the parent
 * what both wait for. NULL: no thread is treated so. For the next fork only.
 */
int jmp__set_applications(const uintptr_t *java_threads, int count);
/* Lets the stopped threads go on. */
void jmp__release_threads(void);
/* Waits until they have left the handler, and that long in any case. -ETIMEDOUT if they do not. */
int jmp__await_released(int64_t nanos);
/* In the child, a twin: leaves its slot, and stays where it is for ever. It can be stopped there, as any thread, when the child forks. */
_Noreturn void jmp__park(void);
/* In the child: as the twins are about to leave the handler, they count as inside it. */
void jmp__adopt_stopped(void);

/* fork_locks.c */
/* Notes where the locks are. -ENOTSUP if the C library is not as expected. */
int jmp__find_locks(struct jmp__layout *layout);
/* While all threads stand: the id of one that has to do with a lock which the child could never release; else 0. */
pid_t jmp__find_locker(void);

/* fork_twins.c */
/* Returns 0, and once more 1 in the child's twin: what lies in the caller's frame must not change in between. */
int jmp__save_context(struct jmp__context *context) __attribute__((returns_twice));
/* What a twin does in the handler before it goes on: tell the kernel what a fork does not carry over. */
void jmp__become_twin(const struct jmp__thread *thread);
/* In the child: creates all threads anew, standing until they are let go. -errno if one cannot be. */
int jmp__create_twins(void);
/* Gives the VM the new ids, and lets the twins go. */
void jmp__start_twins(void);

/* fork_proc.c */
typedef int (*jmp__visit)(int number, void *context);
/*
 * Calls visit for each number that a folder of /proc lists, until that gives another number than 0. Returns what it gave last, or -errno. opendir
 * would allocate. The folder's own descriptor is among those of this process.
 */
int jmp__each_number(const char *path, jmp__visit visit, void *context);
/* 0 if /proc is there and knows this process; else -ESRCH. */
int jmp__check_proc(void);
/* Whether a thread is gone, or only waits to be. */
bool jmp__has_ended(pid_t tid);
/* What the kernel says of the system call in which a thread of this process waits (proc(5)), NUL-terminated. Its length, or -errno. */
long jmp__read_syscall(pid_t tid, char *text, size_t size);
/* How many threads the kernel counts in this process; -errno. */
int jmp__count_threads(void);

/* fork_files.c */
/* In the child, before its other threads run: opens anew what the JVM reads at positions that it would share with its parent. -errno. */
int jmp__reopen_archives(void);

/* fork_faults.c: -errno if the tests want this step to fail now, else 0. */
int jmp__fault(int step);

#endif
#endif
