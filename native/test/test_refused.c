/* What happens under a sandbox that refuses the newer system calls: everything works by other means. Linux only. */
#include "check.h"
#include "sandbox.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <unistd.h>

static const struct sock_filter newer_calls[] = {
    LOAD_NUMBER,
    REFUSE(SYS_close_range, EPERM),
    REFUSE(SYS_pidfd_open, ENOSYS),
    REFUSE(SYS_pidfd_send_signal, ENOSYS),
    REFUSE(SYS_memfd_create, ENOSYS),
    /* clone, if it is like vfork */
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
    LOAD_ARGUMENT(0),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_VFORK, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    ALLOW,
};

static const struct sock_filter directories[] = {
    LOAD_NUMBER,
    REFUSE(SYS_getdents64, ENOSYS),
    ALLOW,
};

static void children_start_and_end(void) {
    char text[256];
    int result[3];
    int status[3];
    int in[2];
    int fds[3] = {0, 1, 2};
    int inherited = dup(0);
    int far = fcntl(0, F_DUPFD, 700);
    CHECK(inherited > 2 && far >= 700);
    CHECK_IS(spawn_and_read(&(struct request){ARGUMENTS("x\0fds")}, text, sizeof text), 0);
    CHECK(strcmp(text, "0 1 2 ") == 0);
    CHECK_IS(spawn_request(&(struct request){.program = "/nonexistent/program", ARGUMENTS("x")}, result), -ENOENT);
    CHECK_IS(result[2], JMP_STEP_EXEC);
    CHECK_IS(jmp_pipe(in, 0), 0);
    fds[0] = in[0];
    CHECK_IS(spawn_request(&(struct request){ARGUMENTS("x\0read"), FDS(fds)}, result), 0);
    CHECK_IS(result[1], -1);
    CHECK_IS(jmp_kill(result[0], 0, "KILL"), 0); /* any pidfd: the call is refused, the pid serves */
    CHECK_IS(jmp_reap(result[0], 1, status), 1);
    CHECK_IS(status[1], SIGKILL);
    jmp_close(in[0]);
    jmp_close(in[1]);
    close(inherited);
    close(far);
}

static void files_have_another_home(void) {
    int fd = jmp_anonymous_file();
    CHECK(fd >= 0);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_IS(jmp_write(fd, "x", 1), 1);
    jmp_close(fd);
}

static void capabilities_say_so(void) { CHECK_IS(jmp_capabilities() & JMP_CAN_PIDFD, 0); }

int main(void) {
    for (int fd = 3; fd < 20; fd++) {
        close(fd); /* whatever the test runner left open */
    }
    CHECK_IS(jmp_load(), 0);
    refuse(FILTER(newer_calls));
    RUN(children_start_and_end);
    RUN(files_have_another_home);
    RUN(capabilities_say_so);
    refuse(FILTER(directories));
    fprintf(stderr, "children_start_and_end, without /proc\n");
    children_start_and_end();
    return 0;
}
