#include "check.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void spawn_child(const struct request *request, int result[3]) {
    CHECK_IS(spawn_request(request, result), 0);
    CHECK(result[0] > 0);
    CHECK_IS(result[1] >= 0, (jmp_capabilities() & JMP_CAN_PIDFD) != 0);
}

static void exit_codes_and_signals_differ(void) {
    int result[3];
    int status[3];
    spawn_child(&(struct request){ARGUMENTS("x\0exit\0"
                                            "143")},
                result);
    reap_surely(result[0], result[1], status);
    CHECK_IS(status[0], 0);
    CHECK_IS(status[1], 143);
    CHECK_IS(jmp_reap(result[0], 0, status), -ECHILD);
    spawn_child(&(struct request){ARGUMENTS("x\0raise\0"
                                            "15")},
                result);
    reap_surely(result[0], result[1], status);
    CHECK_IS(status[0], 1);
    CHECK_IS(status[1], SIGTERM);
    CHECK_IS(status[2], 0);
    CHECK_IS(jmp_reap(0, 0, status), -EINVAL);
    CHECK_IS(jmp_reap(-1, 0, status), -EINVAL);
}

static void signals_reach_the_child(void) {
    for (int with_pidfd = 0; with_pidfd < 2; with_pidfd++) {
        int in[2];
        int result[3];
        int status[3];
        int fds[3] = {0, 1, 2};
        CHECK_IS(jmp_pipe(in, 0), 0);
        fds[0] = in[0];
        spawn_child(&(struct request){ARGUMENTS("x\0read"), FDS(fds)}, result);
        jmp_close(in[0]);
        CHECK_IS(jmp_reap(result[0], 0, status), 0);
        CHECK_IS(jmp_kill(result[0], -1, "NONSENSE"), -EINVAL);
        CHECK_IS(jmp_kill(result[0], -1, "SIGKILL"), -EINVAL);
        CHECK_IS(jmp_kill(-1, -1, "KILL"), -EINVAL);
        CHECK_IS(jmp_kill(0, -1, "KILL"), -EINVAL);
        CHECK_IS(jmp_kill(result[0], with_pidfd ? result[1] : -1, "STOP"), 0);
        CHECK_IS(jmp_kill(result[0], with_pidfd ? result[1] : -1, "CONT"), 0);
        CHECK_IS(jmp_kill(result[0], with_pidfd ? result[1] : -1, "KILL"), 0);
        if (result[1] >= 0) {
            CHECK_IS(jmp_await(result[1], JMP_READABLE, -1, MILLIS(10000)), JMP_READABLE);
        }
        CHECK_IS(jmp_reap(result[0], 1, status), 1);
        CHECK_IS(status[0], 1);
        CHECK_IS(status[1], SIGKILL);
        if (result[1] >= 0) {
            CHECK_IS(jmp_kill(result[0], result[1], "KILL"), -ESRCH);
            jmp_close(result[1]);
        }
        jmp_close(in[1]);
    }
}

static void start_times_tell_processes_apart(void) {
    int64_t mine = jmp_start_time(getpid());
    int in[2];
    int result[3];
    int status[3];
    int fds[3] = {0, 1, 2};
    int64_t theirs;
    CHECK(mine > 0);
    CHECK_IS(jmp_start_time(getpid()), mine);
    CHECK_IS(jmp_start_time(0), -ESRCH);
    CHECK_IS(jmp_start_time(-5), -ESRCH);
    usleep(30000); /* longer than the unit of any platform */
    CHECK_IS(jmp_pipe(in, 0), 0);
    fds[0] = in[0];
    spawn_child(&(struct request){ARGUMENTS("x\0read"), FDS(fds)}, result);
    theirs = jmp_start_time(result[0]);
    CHECK(theirs > mine);
    jmp_close(in[0]);
    jmp_close(in[1]);
    reap_surely(result[0], result[1], status);
    CHECK_IS(jmp_start_time(result[0]), -ESRCH);
}

#ifdef __linux__
static void start_time_survives_odd_names(void) {
    char folder[] = "/tmp/jmp-test-XXXXXX";
    char path[64];
    int in[2];
    int result[3];
    int status[3];
    int fds[3] = {0, 1, 2};
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/) R 1 (2) 3", folder);
    CHECK_IS(symlink(JMP_TEST_CHILD, path), 0);
    CHECK_IS(jmp_pipe(in, 0), 0);
    fds[0] = in[0];
    spawn_child(&(struct request){.program = path, ARGUMENTS("x\0read"), FDS(fds)}, result);
    CHECK(jmp_start_time(result[0]) >= jmp_start_time(getpid()));
    jmp_close(in[0]);
    jmp_close(in[1]);
    reap_surely(result[0], result[1], status);
    unlink(path);
    rmdir(folder);
}
#endif

static void identity_is_right(void) {
    uint8_t one[1000] = {0};
    uint8_t two[1000] = {0};
    CHECK_IS(jmp_abi_version(), JMP_ABI_VERSION);
    CHECK_IS(jmp_pid(), getpid());
    CHECK_IS(jmp_parent_pid(), getppid());
    CHECK_IS(jmp_uid(), geteuid());
    CHECK_IS(jmp_page_size(), sysconf(_SC_PAGESIZE));
    CHECK_IS(jmp_random(one, sizeof one), 0);
    CHECK_IS(jmp_random(two, sizeof two), 0);
    CHECK(memcmp(one, two, sizeof one) != 0);
    CHECK(memcmp(one + 900, two + 900, 100) != 0);
    CHECK_IS(jmp_random(one, 0), 0);
}

static void names_are_symbolic(void) {
    char text[64];
    static const struct {
        int number;
        const char *name;
    } errnos[] = {{ENOENT, "ENOENT"}, {EAGAIN, "EAGAIN"}, {ENOTSUP, "ENOTSUP"}, {E2BIG, "E2BIG"}, {99999, "E99999"}, {-7, "E-7"}};
    for (size_t i = 0; i < sizeof errnos / sizeof errnos[0]; i++) {
        CHECK_IS(jmp_errno_name(errnos[i].number, text, sizeof text), 0);
        CHECK(strcmp(text, errnos[i].name) == 0);
    }
    for (int number = 1; number < 32; number++) {
        jmp_signal_name(number, text, sizeof text);
        CHECK(strncmp(text, "SIG", 3) == 0);
        CHECK(text[3] > '9');
    }
    jmp_signal_name(SIGKILL, text, sizeof text);
    CHECK(strcmp(text, "SIGKILL") == 0);
    jmp_signal_name(50, text, sizeof text);
    CHECK(strcmp(text, "SIG50") == 0);
    jmp_errno_name(ENOENT, text, 4);
    CHECK(strcmp(text, "ENO") == 0);
    jmp_errno_text(ENOENT, text, sizeof text);
    CHECK(strcmp(text, strerror(ENOENT)) == 0);
    jmp_errno_text(99999, text, sizeof text);
    CHECK(strlen(text) > 0);
}

static volatile sig_atomic_t plain_calls;
static volatile sig_atomic_t info_calls;
static volatile sig_atomic_t sender;

static void plain(int signal) {
    plain_calls = signal;
    errno = ENOENT;
}

static void with_info(int signal, siginfo_t *info, void *context) {
    info_calls = signal;
    sender = context != NULL ? info->si_pid : 0;
}

static void signals_are_noted(void) {
    int fds[2];
    struct sigaction action = {.sa_handler = plain, .sa_flags = SA_RESTART | SA_ONSTACK};
    struct sigaction info = {.sa_sigaction = with_info, .sa_flags = SA_SIGINFO};
    struct sigaction ignoring = {.sa_handler = SIG_IGN};
    struct sigaction found;
    char byte;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &info, NULL);
    sigaction(SIGHUP, &ignoring, NULL);
    CHECK_IS(jmp_pipe(fds, 3), 0);
    CHECK_IS(jmp_note_signals(fds[1]), 0);
    CHECK_IS(jmp_note_signals(fds[1]), 0); /* must not chain to itself */
    sigaction(SIGTERM, NULL, &found);
    CHECK_IS(found.sa_flags & (SA_RESTART | SA_ONSTACK | SA_SIGINFO), SA_RESTART | SA_ONSTACK | SA_SIGINFO);
    raise(SIGTERM);
    CHECK_IS(plain_calls, SIGTERM);
    CHECK_IS(jmp_read(fds[0], &byte, 1, 0), 1);
    CHECK_IS(byte, SIGTERM);
    CHECK_IS(jmp_kill(getpid(), -1, "INT"), 0);
    CHECK_IS(info_calls, SIGINT);
    CHECK_IS(sender, getpid());
    CHECK_IS(jmp_read(fds[0], &byte, 1, 0), 1);
    CHECK_IS(byte, SIGINT);
    raise(SIGHUP);
    CHECK_IS(jmp_read(fds[0], &byte, 1, 0), JMP_WOULD_BLOCK);
    sigaction(SIGHUP, NULL, &found);
    CHECK(found.sa_handler == SIG_IGN);
    jmp_close(fds[0]);
    jmp_close(fds[1]);
}

static void ignored_children_are_reaped_again(void) {
    struct sigaction ignoring = {.sa_handler = SIG_IGN};
    int result[3];
    int status[3];
    sigaction(SIGCHLD, &ignoring, NULL);
    CHECK_IS(jmp_load(), 0);
    spawn_child(&(struct request){ARGUMENTS("x\0exit\0"
                                            "9")},
                result);
    reap_surely(result[0], result[1], status);
    CHECK_IS(status[1], 9);
}

static void exit_is_at_once(void) {
    pid_t child = fork();
    int status[3];
    if (child == 0) {
        atexit(abort);
        jmp_exit_now(42);
    }
    CHECK_IS(jmp_reap(child, 1, status), 1);
    CHECK_IS(status[0], 0);
    CHECK_IS(status[1], 42);
}

int main(void) {
    CHECK_IS(jmp_load(), 0);
    RUN(exit_codes_and_signals_differ);
    RUN(signals_reach_the_child);
    RUN(start_times_tell_processes_apart);
#ifdef __linux__
    RUN(start_time_survives_odd_names);
#endif
    RUN(identity_is_right);
    RUN(names_are_symbolic);
    RUN(signals_are_noted);
    RUN(ignored_children_are_reaped_again);
    RUN(exit_is_at_once);
    return 0;
}
