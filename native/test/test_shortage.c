/* Starts for which the kernel has no memory or no process: the exact error and step, and nothing is left. Linux only. */
#include "check.h"
#include "sandbox.h"

#include <limits.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef SYS_fork
#define REFUSE_FORK(error) REFUSE(SYS_fork, error), REFUSE(SYS_vfork, error),
#else
#define REFUSE_FORK(error)
#endif

static const struct sock_filter fork_without_memory[] = {LOAD_NUMBER, REFUSE_FORK(ENOMEM) REFUSE(SYS_clone, ENOMEM), REFUSE(SYS_clone3, ENOMEM),
                                                         ALLOW};
static const struct sock_filter too_many_processes[] = {LOAD_NUMBER, REFUSE_FORK(EAGAIN) REFUSE(SYS_clone, EAGAIN), REFUSE(SYS_clone3, EAGAIN),
                                                        ALLOW};
static const struct sock_filter exec_without_memory[] = {LOAD_NUMBER, REFUSE(SYS_execve, ENOMEM), ALLOW};

static const struct request request = {ARGUMENTS("x\0echo")};

static void no_memory_for_fork(void) { check_failure(&request, -ENOMEM, JMP_STEP_FORK); }

static void no_process(void) { check_failure(&request, -EAGAIN, JMP_STEP_FORK); }

static void no_memory_for_exec(void) { check_failure(&request, -ENOMEM, JMP_STEP_EXEC); }

static void calls_fail(void) {
    run_refusing(FILTER(fork_without_memory), no_memory_for_fork);
    run_refusing(FILTER(too_many_processes), no_process);
    run_refusing(FILTER(exec_without_memory), no_memory_for_exec);
}

#ifdef JMP_HAVE_CLONE
static const struct sock_filter no_stack[] = {LOAD_NUMBER,
                                              BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3),
                                              LOAD_ARGUMENT(3),
                                              BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_STACK, 0, 1),
                                              BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOMEM),
                                              ALLOW};
static const struct sock_filter no_guard[] = {LOAD_NUMBER, REFUSE(SYS_mprotect, ENOMEM), ALLOW};

static void the_childs_stack_fails(void) {
    run_refusing(FILTER(no_stack), no_memory_for_fork);
    run_refusing(FILTER(no_guard), no_memory_for_fork);
}
#endif

#ifndef JMP_SANITIZED
/* The address space itself is used up: no filter, but the kernel's own refusal. */
static void no_address_space(void) {
    static const int standard[] = {0, 1, 2};
    struct rlimit before;
    struct rlimit none;
    int result[3];
    char text[64];
    CHECK_IS(getrlimit(RLIMIT_AS, &before), 0);
    none = before;
    none.rlim_cur = 1 << 20;
    CHECK_IS(spawn_and_read(&request, text, sizeof text), 0);
    CHECK_IS(setrlimit(RLIMIT_AS, &none), 0);
    CHECK_IS(jmp_spawn("/bin/true", "x", 2, INT_MAX, NULL, 0, 0, NULL, standard, 3, NULL, 0, result), -ENOMEM);
    CHECK_IS(result[2], JMP_STEP_PREPARE);
#ifdef JMP_HAVE_CLONE
    CHECK_IS(spawn_request(&request, result), -ENOMEM);
    CHECK_IS(result[2], JMP_STEP_FORK);
#endif
    CHECK_IS(setrlimit(RLIMIT_AS, &before), 0);
    CHECK_IS(spawn_and_read(&request, text, sizeof text), 0);
}
#endif

int main(void) {
    for (int fd = 3; fd < 20; fd++) {
        close(fd); /* whatever the test runner left open */
    }
    CHECK_IS(jmp_load(), 0);
    RUN(calls_fail);
#ifdef JMP_HAVE_CLONE
    RUN(the_childs_stack_fails);
#endif
#ifndef JMP_SANITIZED
    RUN(no_address_space);
#endif
    return 0;
}
