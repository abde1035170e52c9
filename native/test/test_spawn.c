/* What a child is given, and what happens when it cannot be started. */
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void strings_arrive(void) {
    char text[512];
    struct request request = {ARGUMENTS("me\0echo\0\0two words"), ENVIRONMENT("A=1\0B="), .directory = "/"};
    CHECK_IS(spawn_and_read(&request, text, sizeof text), 0);
    CHECK(strcmp(text, "[program][echo][][two words]{A=1}{B=}/") == 0);
    request.environment = NULL;
    request.environment_length = 0;
    CHECK_IS(spawn_and_read(&request, text, sizeof text), 0);
    CHECK(strcmp(text, "[program][echo][][two words]/") == 0);
}

static void failures_name_their_step(void) {
    struct request request = {.program = "/nonexistent/program", ARGUMENTS("x")};
    check_failure(&request, -ENOENT, JMP_STEP_EXEC);
    request.program = "/dev/null";
    check_failure(&request, -EACCES, JMP_STEP_EXEC);
    request.program = "/dev/null/x";
    check_failure(&request, -ENOTDIR, JMP_STEP_EXEC);
    request.program = NULL;
    request.directory = "/nonexistent/folder";
    check_failure(&request, -ENOENT, JMP_STEP_CHDIR);
    request.directory = "/dev/null";
    check_failure(&request, -ENOTDIR, JMP_STEP_CHDIR);
}

static void parameters_are_checked(void) {
    static const int bad_descriptor[] = {0, 9999, 2};
    static const int unknown_kind[] = {99};
    static const int unknown_resource[] = {JMP_OPTION_RLIMIT, JMP_RLIMIT_COUNT, 0, 0, 0, 0};
    static const int cut_limit[] = {JMP_OPTION_RLIMIT, 0, 0};
    static const int cut_affinity[] = {JMP_OPTION_AFFINITY, 3, 0, 1};
    static const int absurd_cpu[] = {JMP_OPTION_AFFINITY, 1, 1 << 20};
    static const int high_limit[] = {JMP_OPTION_RLIMIT, JMP_RLIMIT_NOFILE, 0, 9, 0, 8};
    int result[3];
    check_failure(&(struct request){ARGUMENTS("x"), FDS(bad_descriptor)}, -EBADF, JMP_STEP_STDIO);
    check_failure(&(struct request){ARGUMENTS("x"), OPTIONS(unknown_kind)}, -EINVAL, JMP_STEP_PREPARE);
    check_failure(&(struct request){ARGUMENTS("x"), OPTIONS(unknown_resource)}, -EINVAL, JMP_STEP_RLIMIT);
    check_failure(&(struct request){ARGUMENTS("x"), OPTIONS(cut_limit)}, -EINVAL, JMP_STEP_RLIMIT);
    check_failure(&(struct request){ARGUMENTS("x"), OPTIONS(cut_affinity)}, -EINVAL, JMP_STEP_AFFINITY);
#ifdef JMP_HAVE_SCHED_SETAFFINITY
    check_failure(&(struct request){ARGUMENTS("x"), OPTIONS(absurd_cpu)}, -EINVAL, JMP_STEP_AFFINITY);
#else
    check_failure(&(struct request){ARGUMENTS("x"), OPTIONS(absurd_cpu)}, -ENOTSUP, JMP_STEP_AFFINITY);
#endif
    check_failure(&(struct request){ARGUMENTS("x"), OPTIONS(high_limit)}, -EINVAL, JMP_STEP_RLIMIT);
    CHECK_IS(jmp_spawn("/bin/true", "ab", 2, 1, NULL, 0, 0, NULL, bad_descriptor, 3, NULL, 0, result), -EINVAL);
    CHECK_IS(result[2], JMP_STEP_PREPARE);
    CHECK_IS(jmp_spawn("/bin/true", "ab", 3, 2, NULL, 0, 0, NULL, bad_descriptor, 3, NULL, 0, result), -EINVAL);
    CHECK_IS(jmp_spawn("/bin/true", "ab", 3, 1, NULL, 0, 0, NULL, bad_descriptor, 2, NULL, 0, result), -EINVAL);
}

static void too_many_arguments_are_an_error(void) {
    size_t length = (size_t)8 * 1024 * 1024;
    char *block = malloc(length);
    CHECK(block != NULL);
    memset(block, 'x', length);
    block[length - 1] = '\0';
    check_failure(&(struct request){.arguments = block, .arguments_length = length}, -E2BIG, JMP_STEP_EXEC);
    free(block);
}

static void full_table_is_an_error(void) {
    struct rlimit before;
    struct rlimit few;
    struct request request = {ARGUMENTS("x")};
    int result[3];
    int unused[3];
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = 3; /* not even the fail pipe */
    setrlimit(RLIMIT_NOFILE, &few);
    CHECK_IS(spawn_request(&request, result), -EMFILE);
    CHECK_IS(result[2], JMP_STEP_PREPARE);
    few.rlim_cur = 5; /* no place for the pidfd: an error, or one without where the kernel makes it afterwards */
    setrlimit(RLIMIT_NOFILE, &few);
    if (spawn_request(&request, result) == 0) {
        CHECK_IS(result[1], -1);
        CHECK_IS(jmp_reap(result[0], 1, unused), 1);
    } else {
        CHECK_IS(result[2], JMP_STEP_FORK);
    }
    setrlimit(RLIMIT_NOFILE, &before);
}

/* Every place gets the pipe it was promised: the child writes its descriptors' numbers into them. */
static void check_arrangement(const int *sources, int count) {
    enum { BASE = 8, MOST = 8 };
    int reading[BASE];
    int fds[2];
    int result[3];
    int status[3];
    int saved[BASE];
    char argument[] = "x\0mark\0?";
    argument[7] = (char)('0' + count);
    /* Descriptors 0 to 5 become pipes; what was there comes back afterwards. */
    for (int i = 0; i < 6; i++) {
        saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 100);
    }
    for (int i = 0; i < 6; i++) {
        CHECK_IS(jmp_pipe(fds, 0), 0);
        reading[i] = fcntl(fds[0], F_DUPFD_CLOEXEC, 50);
        close(fds[0]);
        if (fds[1] != i) {
            CHECK(dup2(fds[1], i) == i);
            close(fds[1]);
        }
        fcntl(i, F_SETFD, i % 2 == 0 ? FD_CLOEXEC : 0);
    }
    CHECK_IS(spawn_request(&(struct request){.arguments = argument, .arguments_length = sizeof argument, .fds = sources, .fd_count = count}, result),
             0);
    for (int i = 0; i < 6; i++) {
        close(i);
    }
    reap_surely(result[0], result[1], status);
    for (int i = 0; i < 6; i++) {
        if (saved[i] >= 0) {
            dup2(saved[i], i);
            close(saved[i]);
        }
    }
    CHECK_IS(status[1], 0);
    for (int i = 0; i < 6; i++) {
        char found[64];
        char expected[64] = "";
        for (int k = 0; k < count; k++) {
            if (sources[k] == i) {
                snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%d;", k);
            }
        }
        read_all(reading[i], found, sizeof found);
        close(reading[i]);
        if (strcmp(found, expected) != 0) {
            fprintf(stderr, "descriptor %d got '%s', expected '%s'\n", i, found, expected);
            exit(1);
        }
    }
}

static void descriptors_arrive_in_any_order(void) {
    static const int orders[][6] = {
        {0, 1, 2, 3, 4, 5}, {2, 0, 1, 5, 5, 3}, {5, 4, 3, 2, 1, 0}, {1, 2, 3, 4, 5, 0}, {0, 0, 0, 0, 0, 0}, {3, 3, 4, 0, 1, 2}, {5, 5, 5, 1, 1, 1},
    };
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        for (int count = 3; count <= 6; count++) {
            check_arrangement(orders[i], count);
        }
    }
    /* All permutations of three. */
    for (int code = 0; code < 27; code++) {
        const int fds[] = {code / 9, code / 3 % 3, code % 3};
        check_arrangement(fds, 3);
    }
}

static void other_descriptors_are_closed(void) {
    char text[256];
    int four[] = {0, 1, 2, 0};
    int inherited = dup(0); /* without close-on-exec */
    int far = fcntl(0, F_DUPFD, 900);
    CHECK(inherited > 2 && far >= 900);
    CHECK_IS(spawn_and_read(&(struct request){ARGUMENTS("x\0fds")}, text, sizeof text), 0);
    CHECK(strcmp(text, "0 1 2 ") == 0);
    CHECK_IS(spawn_and_read(&(struct request){ARGUMENTS("x\0fds"), FDS(four)}, text, sizeof text), 0);
    CHECK(strcmp(text, "0 1 2 3 ") == 0);
    close(inherited);
    close(far);
}

static void ignore(int signal) { (void)signal; }

static void signals_are_reset(void) {
    char text[1024];
    struct sigaction ignoring = {.sa_handler = SIG_IGN};
    struct sigaction handling = {.sa_handler = ignore};
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t mask;
    sigset_t before;
    sigset_t after;
    static const int used[] = {SIGPIPE, SIGCHLD, SIGUSR1, SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
        sigaction(used[i], i % 2 == 0 ? &ignoring : &handling, NULL);
    }
#ifdef SIGRTMAX
    sigaction(SIGRTMAX, &ignoring, NULL);
    sigaction(SIGRTMIN + 2, &ignoring, NULL);
#endif
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    sigaddset(&mask, SIGTERM);
    sigprocmask(SIG_BLOCK, &mask, &before);
    CHECK_IS(spawn_and_read(&(struct request){ARGUMENTS("x\0signals")}, text, sizeof text), 0);
    sigprocmask(SIG_SETMASK, &before, &after);
    CHECK(strcmp(text, "") == 0);
    CHECK_IS(sigismember(&after, SIGUSR2), 1);
    CHECK_IS(sigismember(&after, SIGINT), 0);
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
        sigaction(used[i], &standard, NULL);
    }
#ifdef SIGRTMAX
    sigaction(SIGRTMAX, &standard, NULL);
    sigaction(SIGRTMIN + 2, &standard, NULL);
#endif
}

static void hangups_stay_ignored(void) {
    static const int kept[] = {SIGHUP, SIGINT, SIGQUIT};
    struct sigaction ignoring = {.sa_handler = SIG_IGN};
    struct sigaction standard = {.sa_handler = SIG_DFL};
    char expected[64] = "";
    char text[64];
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        size_t length = strlen(expected);
        sigaction(kept[i], &ignoring, NULL);
        snprintf(expected + length, sizeof expected - length, "%d:handled ", kept[i]);
    }
    CHECK_IS(spawn_and_read(&(struct request){ARGUMENTS("x\0signals")}, text, sizeof text), 0);
    CHECK(strcmp(text, expected) == 0);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        sigaction(kept[i], &standard, NULL);
    }
    CHECK_IS(spawn_and_read(&(struct request){ARGUMENTS("x\0signals")}, text, sizeof text), 0);
    CHECK(strcmp(text, "") == 0);
}

static void limits_apply(void) {
    static const int options[] = {
        JMP_OPTION_RLIMIT,
        JMP_RLIMIT_NOFILE,
        0,
        20,
        0,
        30,
        JMP_OPTION_RLIMIT,
        JMP_RLIMIT_CORE,
        0,
        0,
        -1,
        -1,
        JMP_OPTION_NICE,
        3,
#ifdef JMP_HAVE_SCHED_SETAFFINITY
        JMP_OPTION_AFFINITY,
        1,
        0,
#endif
    };
    char text[256];
    char expected[256];
    struct rlimit core;
    getrlimit(RLIMIT_CORE, &core);
    if (core.rlim_max != RLIM_INFINITY) {
        fprintf(stderr, "  (the core limit is lowered here)\n");
        return;
    }
    CHECK_IS(spawn_and_read(&(struct request){ARGUMENTS("x\0limits"), OPTIONS(options)}, text, sizeof text), 0);
    snprintf(expected, sizeof expected, "nofile 20 30 core 0 nice %d", getpriority(PRIO_PROCESS, 0) + 3);
#ifdef JMP_HAVE_SCHED_SETAFFINITY
    strcat(expected, " cpus 1 first 1");
#endif
    if (strncmp(text, expected, strlen(expected)) != 0) {
        fprintf(stderr, "'%s' instead of '%s'\n", text, expected);
        exit(1);
    }
}

static void limit_below_the_descriptors_works(void) {
    static const int options[] = {JMP_OPTION_RLIMIT, JMP_RLIMIT_NOFILE, 0, 4, 0, 4};
    static const int fds[] = {0, 1, 2, 0, 0, 0, 0, 0};
    char text[256];
    /* A static program would start; one with shared libraries finds its first free descriptor beyond the limit and ends with 127. */
    int code = spawn_and_read(&(struct request){ARGUMENTS("x\0fds"), FDS(fds), OPTIONS(options)}, text, sizeof text);
    CHECK(code == 127 || (code == 0 && strcmp(text, "0 1 2 3 4 5 6 7 ") == 0));
}

#ifdef JMP_HAVE_SCHED_SETAFFINITY
static void impossible_affinity_is_an_error(void) {
    static const int options[] = {JMP_OPTION_AFFINITY, 1, 8191};
    check_failure(&(struct request){ARGUMENTS("x"), OPTIONS(options)}, -EINVAL, JMP_STEP_AFFINITY);
}
#endif

static void many_leave_nothing(void) {
    for (int i = 0; i < 200; i++) {
        int result[3];
        int status[3];
        if (i % 4 == 3) {
            check_failure(&(struct request){.program = "/nonexistent/program", ARGUMENTS("x")}, -ENOENT, JMP_STEP_EXEC);
            continue;
        }
        CHECK_IS(spawn_request(&(struct request){ARGUMENTS("x\0exit\0"
                                                           "5")},
                               result),
                 0);
        reap_surely(result[0], result[1], status);
        CHECK_IS(status[1], 5);
    }
}

static void *spawn_some(void *unused) {
    for (int i = 0; i < 20; i++) {
        char text[64];
        CHECK_IS(spawn_and_read(&(struct request){ARGUMENTS("x\0fds")}, text, sizeof text), 0);
        CHECK(strcmp(text, "0 1 2 ") == 0);
    }
    return unused;
}

static void threads_spawn_at_once(void) {
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        CHECK_IS(pthread_create(&threads[i], NULL, spawn_some, NULL), 0);
    }
    for (int i = 0; i < 8; i++) {
        CHECK_IS(pthread_join(threads[i], NULL), 0);
    }
}

int main(void) {
    int null = open("/dev/null", O_RDONLY);
    dup2(null, 0);
    if (null > 2) {
        close(null);
    }
    for (int fd = 3; fd < 20; fd++) {
        close(fd); /* whatever the test runner left open */
    }
    for (int signal = SIGHUP; signal <= SIGQUIT; signal++) {
        sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL); /* the test runner may be somebody's background job */
    }
    CHECK_IS(jmp_load(), 0);
    RUN(strings_arrive);
    RUN(failures_name_their_step);
    RUN(parameters_are_checked);
    RUN(too_many_arguments_are_an_error);
    RUN(full_table_is_an_error);
    RUN(descriptors_arrive_in_any_order);
    RUN(other_descriptors_are_closed);
    RUN(signals_are_reset);
    RUN(hangups_stay_ignored);
    RUN(limits_apply);
    RUN(limit_below_the_descriptors_works);
#ifdef JMP_HAVE_SCHED_SETAFFINITY
    RUN(impossible_affinity_is_an_error);
#endif
    RUN(many_leave_nothing);
    RUN(threads_spawn_at_once);
    return 0;
}
