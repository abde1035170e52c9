#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char name[32];
static pid_t owner;

/* A failed check leaves no object behind either. */
static void remove_object(void) {
    if (getpid() == owner) {
        jmp_shared_unlink(name);
    }
}

static void objects_are_shared(void) {
    struct stat status;
    char *first;
    char *second;
    int64_t size = 4 * jmp_page_size();
    int other;
    int fd = jmp_shared_create(name);
    CHECK(fd >= 0);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_IS(fstat(fd, &status), 0);
    CHECK_IS(status.st_mode & 0777, 0600);
    CHECK_IS(jmp_shared_create(name), -EEXIST);
    CHECK_IS(jmp_file_size(fd), 0);
    CHECK_IS(jmp_resize(fd, size, 1), 0);
    CHECK_IS(jmp_file_size(fd), size);
    CHECK((other = jmp_shared_open(name)) >= 0);
    first = (char *)(intptr_t)jmp_map(fd, 0, size, 1);
    second = (char *)(intptr_t)jmp_map(other, jmp_page_size(), jmp_page_size(), 0);
    CHECK((intptr_t)first > 0 && (intptr_t)second > 0);
    first[jmp_page_size()] = 'x';
    CHECK_IS(second[0], 'x');
    CHECK_IS(jmp_unmap((int64_t)(intptr_t)first, size), 0);
    CHECK_IS(jmp_unmap((int64_t)(intptr_t)second, jmp_page_size()), 0);
    CHECK_IS(jmp_map(fd, 1, size, 1), -EINVAL);
    CHECK_IS(jmp_map(fd, 0, 0, 1), -EINVAL);
    CHECK_IS(jmp_map(-1, 0, size, 1), -EBADF);
    CHECK_IS(jmp_shared_unlink(name), 0);
    CHECK_IS(jmp_shared_unlink(name), -ENOENT);
    CHECK_IS(jmp_shared_open(name), -ENOENT);
    jmp_close(fd);
    jmp_close(other);
}

#ifdef JMP_HAVE_POSIX_FALLOCATE
static void what_does_not_fit_is_refused(void) {
    struct stat status;
    int fd = jmp_shared_create(name);
    CHECK(fd >= 0);
    CHECK_IS(jmp_resize(fd, 100, 1), 0);
    CHECK_IS(jmp_resize(fd, INT64_C(1) << 45, 1), -ENOSPC);
    CHECK_IS(jmp_file_size(fd), 100);
    CHECK_IS(jmp_resize(fd, INT64_C(1) << 40, 0), 0);
    CHECK_IS(jmp_resize(fd, 1 << 20, 1), 0);
    CHECK_IS(fstat(fd, &status), 0);
    CHECK(status.st_blocks * 512 >= 1 << 20);
    CHECK_IS(jmp_resize(fd, 0, 1), 0);
    CHECK_IS(jmp_file_size(fd), 0);
    CHECK_IS(jmp_resize(fd, -1, 0), -EINVAL);
    CHECK_IS(jmp_resize(-1, 1, 0), -EBADF);
    CHECK_IS(jmp_shared_unlink(name), 0);
    jmp_close(fd);
}
#endif

static void words_wake_other_processes(void) {
    int fd = jmp_anonymous_file();
    int64_t address;
    atomic_int *word;
    pid_t child;
    int status[3];
    CHECK(fd >= 0);
    CHECK_IS(jmp_resize(fd, jmp_page_size(), 1), 0);
    address = jmp_map(fd, 0, jmp_page_size(), 1);
    CHECK(address > 0);
    word = (atomic_int *)(intptr_t)address;
    child = fork();
    if (child == 0) {
        while (atomic_load(word) == 0) {
            if (jmp_wait_word(address, 0, MILLIS(20000)) != 0) {
                _exit(1);
            }
        }
        atomic_store(word + 1, 1);
        jmp_wake_word(address + 4, 1);
        _exit(0);
    }
    usleep(20000);
    atomic_store(word, 1);
    CHECK(jmp_wake_word(address, INT_MAX) >= 0);
    while (atomic_load(word + 1) == 0) {
        CHECK_IS(jmp_wait_word(address + 4, 0, MILLIS(20000)), 0);
    }
    CHECK_IS(jmp_reap(child, 1, status), 1);
    CHECK_IS(status[0], 0);
    CHECK_IS(status[1], 0);
    CHECK_IS(jmp_unmap(address, jmp_page_size()), 0);
    jmp_close(fd);
}

static void waits_end_in_time(void) {
    int word = -5;
    int64_t address = (int64_t)(intptr_t)&word;
    int64_t start = nanos();
    CHECK_IS(jmp_wait_word(address, -5, MILLIS(15)), 1);
    CHECK(nanos() - start >= MILLIS(15));
    CHECK_IS(jmp_wait_word(address, -5, 0), 1);
    CHECK_IS(jmp_wait_word(address, 6, -1), 0);
    CHECK_IS(jmp_wake_word(address, 1), 0);
}

int main(void) {
    CHECK_IS(jmp_load(), 0);
    owner = getpid();
    snprintf(name, sizeof name, "/jmp-test-%d", (int)owner);
    CHECK_IS(atexit(remove_object), 0);
    RUN(objects_are_shared);
#ifdef JMP_HAVE_POSIX_FALLOCATE
    RUN(what_does_not_fit_is_refused);
#endif
    RUN(words_wake_other_processes);
    RUN(waits_end_in_time);
    return 0;
}
