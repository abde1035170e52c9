#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void pipe_carries_bytes(void) {
    int fds[2];
    char text[8];
    CHECK_IS(jmp_pipe(fds, 3), 0);
    CHECK(fcntl(fds[0], F_GETFD) & FD_CLOEXEC);
    CHECK(fcntl(fds[1], F_GETFD) & FD_CLOEXEC);
    CHECK_IS(jmp_read(fds[0], text, sizeof text, 0), JMP_WOULD_BLOCK);
    CHECK_IS(jmp_write(fds[1], "hello", 5), 5);
    CHECK_IS(jmp_read(fds[0], text, 3, 0), 3);
    CHECK(memcmp(text, "hel", 3) == 0);
    CHECK_IS(jmp_read(fds[0], text, sizeof text, 0), 2);
    CHECK_IS(jmp_read(fds[0], text, 0, 0), 0);
    CHECK_IS(jmp_read(fds[0], text, -1, 0), -EINVAL);
    CHECK_IS(jmp_close(fds[1]), 0);
    CHECK_IS(jmp_read(fds[0], text, sizeof text, 0), 0);
    CHECK_IS(jmp_close(fds[0]), 0);
    CHECK_IS(jmp_close(fds[0]), -EBADF);
}

static void pipe_ends_block_separately(void) {
    for (int bits = 0; bits < 4; bits++) {
        int fds[2];
        CHECK_IS(jmp_pipe(fds, bits), 0);
        CHECK_IS((fcntl(fds[0], F_GETFL) & O_NONBLOCK) != 0, bits & 1);
        CHECK_IS((fcntl(fds[1], F_GETFL) & O_NONBLOCK) != 0, bits >> 1);
        CHECK_IS(jmp_set_non_blocking(fds[0], 1), 0);
        CHECK(fcntl(fds[0], F_GETFL) & O_NONBLOCK);
        CHECK_IS(jmp_set_non_blocking(fds[0], 0), 0);
        CHECK(!(fcntl(fds[0], F_GETFL) & O_NONBLOCK));
        jmp_close(fds[0]);
        jmp_close(fds[1]);
    }
    CHECK_IS(jmp_set_non_blocking(-1, 1), -EBADF);
}

static void full_pipe_would_block(void) {
    static char block[65536];
    int fds[2];
    int64_t written;
    CHECK_IS(jmp_pipe(fds, 3), 0);
    while ((written = jmp_write(fds[1], block, sizeof block)) > 0) {
    }
    CHECK_IS(written, JMP_WOULD_BLOCK);
    jmp_close(fds[0]);
    jmp_close(fds[1]);
}

static void capacity_grows(void) {
    int fds[2];
    int room;
    CHECK_IS(jmp_pipe(fds, 3), 0);
    room = jmp_pipe_capacity(fds[0], 256 * 1024);
    CHECK(room >= 256 * 1024 || room == -ENOTSUP || room == -EPERM);
    CHECK(jmp_pipe_capacity(fds[1], 1 << 30) < 0);
    jmp_close(fds[0]);
    jmp_close(fds[1]);
}

static void spinning_takes_its_time(void) {
    int fds[2];
    char byte;
    int64_t start;
    CHECK_IS(jmp_pipe(fds, 3), 0);
    start = nanos();
    CHECK_IS(jmp_read(fds[0], &byte, 1, MILLIS(20)), JMP_WOULD_BLOCK);
    CHECK(nanos() - start >= MILLIS(20));
    CHECK_IS(jmp_write(fds[1], "x", 1), 1);
    CHECK_IS(jmp_read(fds[0], &byte, 1, MILLIS(10000)), 1);
    jmp_close(fds[0]);
    jmp_close(fds[1]);
}

static void broken_pipe_is_an_error_only(void) {
    int fds[2];
    sigset_t pending;
    CHECK_IS(jmp_pipe(fds, 3), 0);
    jmp_close(fds[0]);
    CHECK_IS(jmp_write(fds[1], "x", 1), -EPIPE);
    sigpending(&pending);
    CHECK_IS(sigismember(&pending, SIGPIPE), 0);
    jmp_close(fds[1]);
    CHECK_IS(jmp_socket_pair(fds), 0);
    jmp_close(fds[0]);
    CHECK_IS(jmp_write(fds[1], "x", 1), -EPIPE);
    jmp_close(fds[1]);
}

static void broken_pipe_keeps_the_users_signal(void) {
    int fds[2];
    sigset_t sigpipe;
    sigset_t pending;
    int taken;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    sigprocmask(SIG_BLOCK, &sigpipe, NULL);
    raise(SIGPIPE);
    CHECK_IS(jmp_pipe(fds, 3), 0);
    jmp_close(fds[0]);
    CHECK_IS(jmp_write(fds[1], "x", 1), -EPIPE);
    jmp_close(fds[1]);
    sigpending(&pending);
    CHECK_IS(sigismember(&pending, SIGPIPE), 1);
    sigwait(&sigpipe, &taken);
    sigprocmask(SIG_UNBLOCK, &sigpipe, NULL);
}

static void duplicates_stay_clear_of_stdio(void) {
    int copy = jmp_duplicate(0);
    CHECK(copy >= 3);
    CHECK(fcntl(copy, F_GETFD) & FD_CLOEXEC);
    jmp_close(copy);
    CHECK_IS(jmp_duplicate(-1), -EBADF);
}

static void files_open_in_three_ways(void) {
    char path[] = "/tmp/jmp-test-XXXXXX";
    char text[16];
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    jmp_close(fd);
    CHECK((fd = jmp_open_file(path, 1)) >= 0);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_IS(jmp_write(fd, "one", 3), 3);
    jmp_close(fd);
    CHECK((fd = jmp_open_file(path, 2)) >= 0);
    CHECK_IS(jmp_write(fd, "two", 3), 3);
    jmp_close(fd);
    CHECK((fd = jmp_open_file(path, 0)) >= 0);
    read_all(fd, text, sizeof text);
    CHECK(strcmp(text, "onetwo") == 0);
    CHECK_IS(jmp_file_size(fd), 6);
    jmp_close(fd);
    CHECK((fd = jmp_open_file(path, 1)) >= 0);
    CHECK_IS(jmp_file_size(fd), 0);
    jmp_close(fd);
    unlink(path);
    CHECK_IS(jmp_open_file(path, 0), -ENOENT);
    CHECK_IS(jmp_open_file(path, 5), -EINVAL);
}

static void shared_files_are_created_once_and_not_opened_by_links(void) {
    char path[] = "/tmp/jmp-test-XXXXXX";
    char link[sizeof path + 4];
    struct stat status;
    int first = mkstemp(path);
    int second;
    CHECK(first >= 0);
    CHECK_IS(jmp_open_file(path, JMP_CREATE_EXCLUSIVE), -EEXIST);
    jmp_close(first);
    unlink(path);
    CHECK_IS(jmp_open_file(path, JMP_OPEN_SHARED), -ENOENT);
    CHECK((first = jmp_open_file(path, JMP_CREATE_EXCLUSIVE)) >= 0);
    CHECK(fcntl(first, F_GETFD) & FD_CLOEXEC);
    CHECK_IS(fstat(first, &status), 0);
    CHECK_IS(status.st_mode & 07777, 0600);
    CHECK_IS(jmp_file_id(first), (int64_t)status.st_ino);
    CHECK_IS(jmp_file_id(-1), -EBADF);
    CHECK((second = jmp_open_file(path, JMP_OPEN_SHARED)) >= 0);
    CHECK_IS(jmp_write(second, "both", 4), 4);
    CHECK_IS(jmp_file_size(first), 4);
    strcpy(link, path);
    strcat(link, ".ln");
    CHECK_IS(jmp_symbolic_link(path, link), 0);
    CHECK_IS(jmp_symbolic_link(path, link), -EEXIST);
    CHECK_IS(jmp_open_file(link, JMP_OPEN_SHARED), -ELOOP);
    CHECK_IS(jmp_remove_file(link), 0);
    CHECK_IS(jmp_remove_file(link), -ENOENT);
    unlink(path);
    jmp_close(first);
    jmp_close(second);
}

static void a_file_is_locked_by_its_opening(void) {
    char path[] = "/tmp/jmp-test-XXXXXX";
    int first = mkstemp(path);
    int second = jmp_open_file(path, JMP_OPEN_SHARED);
    int copy = jmp_duplicate(first);
    CHECK_IS(jmp_lock_file(first, 0, 0), 0);
    CHECK_IS(jmp_lock_file(second, 0, 1), 0);
    CHECK_IS(jmp_lock_file(second, 1, 0), JMP_WOULD_BLOCK);
    jmp_close(first);
    CHECK_IS(jmp_lock_file(second, 1, 0), JMP_WOULD_BLOCK);
    jmp_close(copy);
    CHECK_IS(jmp_lock_file(second, 1, 0), 0);
    CHECK_IS(jmp_lock_file(-1, 1, 0), -EBADF);
    jmp_close(second);
    unlink(path);
}

static void anonymous_files_hold_data(void) {
    char text[8] = "";
    int fd = jmp_anonymous_file();
    CHECK(fd >= 0);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_IS(jmp_write(fd, "data", 4), 4);
    CHECK_IS(lseek(fd, 0, SEEK_SET), 0);
    CHECK_IS(jmp_read(fd, text, sizeof text, 0), 4);
    jmp_close(fd);
}

static void full_table_is_an_error(void) {
    struct rlimit before;
    struct rlimit few;
    int fds[2];
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &few);
    CHECK_IS(jmp_pipe(fds, 3), -EMFILE);
    CHECK_IS(jmp_socket_pair(fds), -EMFILE);
    CHECK_IS(jmp_open_file("/dev/null", 0), -EMFILE);
    CHECK_IS(jmp_anonymous_file(), -EMFILE);
    CHECK_IS(jmp_wake_create(fds), -EMFILE);
    CHECK_IS(jmp_watch_create(), -EMFILE);
    setrlimit(RLIMIT_NOFILE, &before);
}

int main(void) {
    CHECK_IS(jmp_load(), 0);
    RUN(pipe_carries_bytes);
    RUN(pipe_ends_block_separately);
    RUN(full_pipe_would_block);
    RUN(capacity_grows);
    RUN(spinning_takes_its_time);
    RUN(broken_pipe_is_an_error_only);
    RUN(broken_pipe_keeps_the_users_signal);
    RUN(duplicates_stay_clear_of_stdio);
    RUN(files_open_in_three_ways);
    RUN(shared_files_are_created_once_and_not_opened_by_links);
    RUN(a_file_is_locked_by_its_opening);
    RUN(anonymous_files_hold_data);
    RUN(full_table_is_an_error);
    return 0;
}
