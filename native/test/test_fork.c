/* Forking a process with all its threads: here one without a JVM, so that each thread's state can be chosen. */
#include "check.h"
#include "sandbox.h"

#include <fcntl.h>
#include <link.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define RIGHT 7
#define KINDS 6

static atomic_int rounds[KINDS];
static atomic_bool ending;
static pthread_t threads[KINDS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

/* Holds a lock of malloc most of the time. */
static void *allocate(void *unused) {
    (void)unused;
    while (!atomic_load(&ending)) {
        void *memory = malloc(3000);
        CHECK(memory != NULL);
        memset(memory, 1, 3000);
        free(memory);
        atomic_fetch_add(&rounds[0], 1);
    }
    return NULL;
}

/* Waits in a futex most of the time. */
static void *wait_for_signals(void *unused) {
    (void)unused;
    pthread_mutex_lock(&mutex);
    while (!atomic_load(&ending)) {
        pthread_cond_wait(&condition, &mutex);
        atomic_fetch_add(&rounds[1], 1);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* Has numbers in the vector registers all the time. */
static void *compute(void *unused) {
    double sum = 0;
    (void)unused;
    for (unsigned i = 0; !atomic_load(&ending); i = (i + 1) % 1000) {
        double before = sum;
        sum += i * 0.5;
        CHECK(sum >= before);
        atomic_fetch_add(&rounds[2], 1);
    }
    return NULL;
}

static void *end_at_once(void *name) {
    prctl(PR_SET_NAME, name);
    return NULL;
}

/* There is a thread that is being born or dies most of the time. */
static void *bear(void *unused) {
    static char name[] = "short-lived";
    (void)unused;
    prctl(PR_SET_NAME, "bearer");
    while (!atomic_load(&ending)) {
        pthread_t thread;
        CHECK_IS(pthread_create(&thread, NULL, end_at_once, name), 0);
        pthread_join(thread, NULL);
        atomic_fetch_add(&rounds[3], 1);
    }
    return NULL;
}

static int count_round(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)info, (void)size, (void)unused;
    atomic_fetch_add(&rounds[4], 1);
    return 1;
}

static atomic_bool hurried;

/* Holds a lock of the dynamic loader over and over, or waits for it: a recursive one, which knows its owner by its thread id. */
static void *look_at_libraries(void *unused) {
    (void)unused;
    while (!atomic_load(&ending)) {
        dl_iterate_phdr(count_round, NULL);
        if (!atomic_load(&hurried)) {
            usleep(20);
        }
    }
    return NULL;
}

/* Has a lock of the C library for writing over and over: when it is given back, the thread's id says that it was for writing. */
static void *change_locale(void *unused) {
    (void)unused;
    while (!atomic_load(&ending)) {
        CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
        CHECK(setlocale(LC_ALL, "C") != NULL);
        atomic_fetch_add(&rounds[5], 1);
        usleep(20);
    }
    return NULL;
}

static void start_threads(void) {
    static void *(*const bodies[KINDS])(void *) = {allocate, wait_for_signals, compute, bear, look_at_libraries, change_locale};
    atomic_store(&ending, false);
    for (int i = 0; i < KINDS; i++) {
        CHECK_IS(pthread_create(&threads[i], NULL, bodies[i], NULL), 0);
    }
}

static void signal_waiter(void) {
    pthread_mutex_lock(&mutex);
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
}

static void stop_threads(void) {
    atomic_store(&ending, true);
    signal_waiter();
    for (int i = 0; i < KINDS; i++) {
        while (i == 1 && pthread_tryjoin_np(threads[i], NULL) == EBUSY) {
            signal_waiter();
        }
        if (i != 1) {
            CHECK_IS(pthread_join(threads[i], NULL), 0);
        }
    }
}

/* All kinds of threads get on; a child that hangs here is ended by the alarm. */
static void check_that_all_go_on(void) {
    int before[KINDS];
    for (int i = 0; i < KINDS; i++) {
        before[i] = atomic_load(&rounds[i]);
    }
    for (int i = 0; i < KINDS; i++) {
        while (atomic_load(&rounds[i]) == before[i]) {
            signal_waiter();
            usleep(50);
        }
    }
}

static int fork_plainly(int result[JMP_FORK_RESULTS]) { return jmp_fork(0, NULL, NULL, 0, 0, NULL, NULL, 0, 2, result); }

static void check_child(const int result[JMP_FORK_RESULTS], int code) {
    int status[3];
    if (result[0] < 0) {
        fprintf(stderr, "no child: step %d, thread %d\n", result[2], result[3]);
    }
    CHECK(result[0] > 0);
    reap_surely(result[0], result[1], status);
    CHECK_IS(status[0], 0);
    CHECK_IS(status[1], code);
}

static _Noreturn void end_child(void) { _exit(RIGHT); }

static void a_quiet_process_forks(void) {
    int result[JMP_FORK_RESULTS];
    int pid;
    CHECK_IS(jmp_fork_check(), 0);
    pid = fork_plainly(result);
    if (pid == 0) {
        CHECK_IS(result[0], 0);
        end_child();
    }
    CHECK(pid > 0);
    CHECK_IS(result[0], pid);
    CHECK_IS(result[2], JMP_FORK_NONE);
    check_child(result, RIGHT);
}

static void fork_beside_all_kinds(int times) {
    start_threads();
    for (int i = 0; i < times; i++) {
        int result[JMP_FORK_RESULTS];
        if (fork_plainly(result) == 0) {
            alarm(20);
            check_that_all_go_on();
            stop_threads();
            end_child();
        }
        check_child(result, RIGHT);
        check_that_all_go_on();
    }
    stop_threads();
}

static void all_threads_go_on(void) { fork_beside_all_kinds(100); }

/* At almost any moment some thread holds the loader's lock or waits for it, and could never release it in a child. */
static void a_moment_without_owners_is_found(void) {
    atomic_store(&hurried, true);
    fork_beside_all_kinds(10);
    atomic_store(&hurried, false);
}

static void children_fork(void) {
    start_threads();
    for (int i = 0; i < 10; i++) {
        int result[JMP_FORK_RESULTS];
        if (fork_plainly(result) == 0) {
            alarm(20);
            if (fork_plainly(result) == 0) {
                alarm(20);
                check_that_all_go_on();
                stop_threads();
                end_child();
            }
            check_child(result, RIGHT);
            check_that_all_go_on();
            stop_threads();
            end_child();
        }
        check_child(result, RIGHT);
    }
    stop_threads();
}

/* The caller's own thread has its ids right: what glibc thinks of it, and the kernel. */
static void ids_are_right(void) {
    int result[JMP_FORK_RESULTS];
    pthread_mutexattr_t attributes;
    pthread_mutex_t checking;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&checking, &attributes);
    if (fork_plainly(result) == 0) {
        CHECK_IS(getpid(), gettid());
        CHECK_IS(pthread_mutex_lock(&checking), 0);
        CHECK_IS(pthread_mutex_lock(&checking), EDEADLK);
        CHECK_IS(pthread_mutex_unlock(&checking), 0);
        CHECK_IS(pthread_kill(pthread_self(), 0), 0);
        end_child();
    }
    check_child(result, RIGHT);
}

static void a_child_gets_what_it_is_given(void) {
    static const char environment[] = "A=1\0B=two";
    const int options[] = {JMP_OPTION_NICE, 3, JMP_OPTION_RLIMIT, JMP_RLIMIT_NOFILE, 0, 77, 0, 88};
    int result[JMP_FORK_RESULTS];
    int out[2];
    int input;
    char text[256];
    CHECK_IS(jmp_pipe(out, 0), 0);
    input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (jmp_fork(0, (const int[3]){input, out[1], out[1]}, environment, sizeof environment, 2, "/", options, 8, out[1], result) == 0) {
        struct rlimit limit;
        char folder[64];
        CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
        CHECK_IS(fcntl(input, F_GETFD), -1);
        CHECK_IS(fcntl(out[1], F_GETFD), -1);
        printf("%s %s %d %d %d %s", getenv("A"), getenv("B"), getenv("PATH") == NULL, getpriority(PRIO_PROCESS, 0), (int)limit.rlim_cur,
               getcwd(folder, sizeof folder));
        fflush(stdout);
        end_child();
    }
    jmp_close(out[1]);
    jmp_close(input);
    read_all(out[0], text, sizeof text);
    jmp_close(out[0]);
    check_child(result, RIGHT);
    CHECK(strcmp(text, "1 two 1 3 77 /") == 0);
    CHECK(getenv("PATH") != NULL);
}

/* Who reads an archive moves to a place and reads there: with another process at the same it would read what that has moved to. */
static void archives_have_positions_of_their_own(void) {
    static const char archive[] = {'P', 'K', 3, 4, 'a', 'b', 'c', 'd'};
    int result[JMP_FORK_RESULTS];
    int there[2];
    int back[2];
    char byte;
    char name[] = "/tmp/jmp-test-archive-XXXXXX";
    int made = mkstemp(name);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    CHECK(made >= 0 && fd >= 0);
    CHECK_IS(write(made, archive, sizeof archive), sizeof archive);
    CHECK_IS(unlink(name), 0);
    CHECK_IS(pipe(there), 0);
    CHECK_IS(pipe(back), 0);
    if (jmp_fork(0, NULL, NULL, 0, 0, NULL, NULL, 0, 2, result) == 0) {
        bool right = lseek(fd, 5, SEEK_SET) == 5 && write(back[1], "x", 1) == 1 && read(there[0], &byte, 1) == 1;
        _exit(right && read(fd, &byte, 1) == 1 && byte == 'b' && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0 ? RIGHT : 1);
    }
    CHECK_IS(read(back[0], &byte, 1), 1);
    CHECK_IS(lseek(fd, 2, SEEK_SET), 2);
    CHECK_IS(write(there[1], "x", 1), 1);
    check_child(result, RIGHT);
    CHECK_IS(lseek(fd, 0, SEEK_CUR), 2);
    for (int i = 0; i < 2; i++) {
        close(there[i]);
        close(back[i]);
    }
    close(fd);
    close(made);
}

static void a_failure_in_the_child_is_reported(void) {
    int result[JMP_FORK_RESULTS];
    int report[2];
    int words[2];
    CHECK_IS(jmp_pipe(report, 0), 0);
    CHECK(jmp_fork(0, NULL, NULL, 0, 0, "/nonexistent", NULL, 0, report[1], result) > 0);
    CHECK_IS(jmp_read(report[0], words, sizeof words, 0), sizeof words);
    CHECK_IS(words[0], JMP_STEP_CHDIR);
    CHECK_IS(words[1], ENOENT);
    check_child(result, 127);
    CHECK_IS(jmp_fork_fail(JMP_FORK_TWIN, EAGAIN), 0);
    start_threads();
    CHECK(jmp_fork(0, NULL, NULL, 0, 0, NULL, NULL, 0, report[1], result) > 0);
    CHECK_IS(jmp_read(report[0], words, sizeof words, 0), sizeof words);
    CHECK_IS(words[0], JMP_STEP_FORK);
    CHECK_IS(words[1], EAGAIN);
    check_child(result, 127);
    CHECK_IS(jmp_fork_fail(JMP_FORK_NONE, 1), 0);
    stop_threads();
    jmp_close(report[0]);
    jmp_close(report[1]);
}

/* Each step fails once: there is no child, all threads go on, and the next fork works. */
static void every_failure_is_undone(void) {
    start_threads();
    for (int step = JMP_FORK_LAYOUT; step <= JMP_FORK_CLONE; step++) {
        int result[JMP_FORK_RESULTS];
        int unused[3];
        CHECK_IS(jmp_fork_fail(step, ENOMEM), 0);
        CHECK_IS(fork_plainly(result), -ENOMEM);
        CHECK_IS(result[0], -1);
        CHECK_IS(result[2], step);
        CHECK_IS(jmp_reap(getpid(), 0, unused), -ECHILD);
        check_that_all_go_on();
        if (fork_plainly(result) == 0) {
            alarm(20);
            check_that_all_go_on();
            stop_threads();
            end_child();
        }
        check_child(result, RIGHT);
    }
    CHECK_IS(jmp_fork_fail(99, 1), -EINVAL);
    stop_threads();
}

static void no_room_for_signals_is_an_error(void) {
    struct rlimit before;
    struct rlimit none = {0, 0};
    int result[JMP_FORK_RESULTS];
    start_threads();
    getrlimit(RLIMIT_SIGPENDING, &before);
    none.rlim_max = before.rlim_max;
    CHECK(setrlimit(RLIMIT_SIGPENDING, &none) == 0);
    CHECK_IS(fork_plainly(result), -EAGAIN);
    CHECK_IS(result[2], JMP_FORK_SEND);
    CHECK(result[3] > 0);
    CHECK(setrlimit(RLIMIT_SIGPENDING, &before) == 0);
    check_that_all_go_on();
    stop_threads();
}

static atomic_int deaf_tid;

static void *be_deaf(void *unused) {
    sigset_t all;
    sigset_t before;
    (void)unused;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_store(&deaf_tid, gettid());
    while (!atomic_load(&ending)) {
        usleep(1000);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL); /* now the signal of the attempt that was given up long ago arrives */
    return NULL;
}

static void a_deaf_thread_is_named(void) {
    int result[JMP_FORK_RESULTS];
    pthread_t deaf;
    start_threads();
    CHECK_IS(pthread_create(&deaf, NULL, be_deaf, NULL), 0);
    while (atomic_load(&deaf_tid) == 0) {
        usleep(1000);
    }
    CHECK_IS(fork_plainly(result), -ETIMEDOUT);
    CHECK_IS(result[2], JMP_FORK_STOP);
    CHECK_IS(result[3], atomic_load(&deaf_tid));
    check_that_all_go_on();
    stop_threads();
    pthread_join(deaf, NULL);
    if (fork_plainly(result) == 0) {
        end_child();
    }
    check_child(result, RIGHT);
}

static atomic_int foreign_signals;

static void count_signal(int unused) {
    (void)unused;
    atomic_fetch_add(&foreign_signals, 1);
}

/* Somebody takes the signal that we use: another one serves. */
static void a_taken_signal_is_left_alone(void) {
    struct sigaction ours[64 + 1];
    int result[JMP_FORK_RESULTS];
    for (int number = SIGRTMIN + 2; number < SIGRTMAX; number++) {
        struct sigaction action = {.sa_handler = count_signal};
        CHECK(sigaction(number, &action, &ours[number]) == 0);
    }
    if (fork_plainly(result) == 0) {
        end_child();
    }
    check_child(result, RIGHT);
    CHECK_IS(atomic_load(&foreign_signals), 0);
    for (int number = SIGRTMIN + 2; number < SIGRTMAX; number++) {
        sigaction(number, &ours[number], NULL);
    }
}

/* Every signal that could be ours has a handler: there is none to stop threads by. */
static void no_free_signal_is_an_error(void) {
    struct sigaction before[64 + 1];
    int result[JMP_FORK_RESULTS];
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++) {
        struct sigaction action = {.sa_handler = count_signal};
        CHECK(sigaction(number, &action, &before[number]) == 0);
    }
    CHECK_IS(fork_plainly(result), -EBUSY);
    CHECK_IS(result[2], JMP_FORK_PREPARE);
    CHECK_IS(jmp_fork_check(), -EBUSY);
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++) {
        sigaction(number, &before[number], NULL);
    }
    CHECK_IS(jmp_fork_check(), 0);
}

static const struct sock_filter signals_to_threads[] = {LOAD_NUMBER, REFUSE(SYS_rt_tgsigqueueinfo, EPERM), ALLOW};
static const struct sock_filter robust_lists[] = {LOAD_NUMBER, REFUSE(SYS_get_robust_list, EPERM), ALLOW};
static const struct sock_filter processes[] = {LOAD_NUMBER, REFUSE(SYS_clone, EAGAIN), ALLOW};
static const struct sock_filter newer_calls[] = {LOAD_NUMBER, REFUSE(SYS_close_range, ENOSYS), REFUSE(SYS_clone3, ENOSYS), ALLOW};

static void a_fork_is_refused_ahead(void) {
    int result[JMP_FORK_RESULTS];
    CHECK_IS(jmp_fork_check(), -EPERM);
    CHECK_IS(fork_plainly(result), -EPERM);
    CHECK_IS(result[2], JMP_FORK_PREPARE);
    CHECK_IS(result[3], 0);
}

static void there_is_no_room_for_a_process(void) {
    int result[JMP_FORK_RESULTS];
    CHECK_IS(fork_plainly(result), -EAGAIN);
    CHECK_IS(result[2], JMP_FORK_CLONE);
    CHECK_IS(result[3], 0);
}

static void a_sandbox_is_heeded(void) {
    run_refusing(FILTER(signals_to_threads), a_fork_is_refused_ahead);
    run_refusing(FILTER(robust_lists), a_fork_is_refused_ahead);
    run_refusing(FILTER(processes), there_is_no_room_for_a_process);
    run_refusing(FILTER(newer_calls), all_threads_go_on);
}

static atomic_int forks_done;
static pid_t home;

/* In a child the other thread's twin is here too; it has nothing to do with the parent's children. */
static void *fork_often(void *unused) {
    (void)unused;
    for (int i = 0; i < 20 && getpid() == home;) {
        int result[JMP_FORK_RESULTS];
        int status[3];
        int pid = fork_plainly(result);
        if (pid == 0) {
            end_child();
        }
        if (pid == -EBUSY) {
            continue;
        }
        CHECK(pid > 0);
        if (jmp_reap(pid, 1, status) == 1) {
            CHECK_IS(status[1], RIGHT);
            CHECK_IS(jmp_close(result[1]), 0);
            atomic_fetch_add(&forks_done, 1);
        } else {
            CHECK(getpid() != home);
        }
        i++;
    }
    return NULL;
}

static void one_thread_forks_at_a_time(void) {
    pthread_t second;
    home = getpid();
    CHECK_IS(pthread_create(&second, NULL, fork_often, NULL), 0);
    fork_often(NULL);
    pthread_join(second, NULL);
    CHECK_IS(atomic_load(&forks_done), 40);
}

/* A child of a child, but a child of this process by the flag. */
static void a_sibling_is_the_parents_child(void) {
    int result[JMP_FORK_RESULTS];
    int news[2];
    int sibling;
    int status[3];
    CHECK_IS(jmp_pipe(news, 0), 0);
    if (fork_plainly(result) == 0) {
        int sibling_result[JMP_FORK_RESULTS];
        int pid = jmp_fork(JMP_FORK_SIBLING, NULL, NULL, 0, 0, NULL, NULL, 0, 2, sibling_result);
        if (pid == 0) {
            _exit(5);
        }
        CHECK_IS(sibling_result[1], -1);
        CHECK_IS(jmp_write(news[1], &pid, sizeof pid), sizeof pid);
        end_child();
    }
    CHECK_IS(jmp_read(news[0], &sibling, sizeof sibling, 0), sizeof sibling);
    CHECK_IS(jmp_reap(sibling, 1, status), 1);
    CHECK_IS(status[1], 5);
    check_child(result, RIGHT);
    jmp_close(news[0]);
    jmp_close(news[1]);
}

int main(void) {
    if (jmp_fork_check() == -ENOSYS) {
        fprintf(stderr, "not built for this system\n");
        return 0;
    }
    CHECK_IS(jmp_load(), 0);
    RUN(a_quiet_process_forks);
    RUN(all_threads_go_on);
    RUN(a_moment_without_owners_is_found);
    RUN(children_fork);
    RUN(ids_are_right);
    RUN(a_child_gets_what_it_is_given);
    RUN(archives_have_positions_of_their_own);
    RUN(a_failure_in_the_child_is_reported);
    RUN(every_failure_is_undone);
    RUN(no_room_for_signals_is_an_error);
    RUN(a_deaf_thread_is_named);
    RUN(a_taken_signal_is_left_alone);
    RUN(no_free_signal_is_an_error);
    RUN(a_sandbox_is_heeded);
    RUN(one_thread_forks_at_a_time);
    RUN(a_sibling_is_the_parents_child);
    return 0;
}
