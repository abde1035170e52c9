#include "sandbox.h"

#include "check.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void refuse(const struct sock_filter *code, size_t length) {
    const struct sock_fprog program = {.len = (unsigned short)length, .filter = (struct sock_filter *)(uintptr_t)code};
    CHECK_IS(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    CHECK_IS(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

void run_refusing(const struct sock_filter *code, size_t length, void (*test)(void)) {
    int status;
    int pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        refuse(code, length);
        test();
        _exit(0); /* without what sanitizers do at the exit, which the filter may not let them do */
    }
    CHECK_IS(waitpid(pid, &status, 0), pid);
    CHECK_IS(status, 0);
}
