#include "check.h"

#include <dirent.h>
#include <time.h>
#include <unistd.h>

int count_descriptors(void) {
    DIR *folder = opendir("/dev/fd");
    int count = -1; /* the folder's own */
    CHECK(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

int64_t nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void read_all(int fd, char *text, size_t size) {
    size_t length = 0;
    int64_t count;
    while (length < size - 1 && (count = jmp_read(fd, text + length, (int64_t)(size - 1 - length), 0)) != 0) {
        CHECK(count > 0);
        length += (size_t)count;
    }
    text[length] = '\0';
}

static int count_strings(const char *block, size_t length) {
    int count = 0;
    for (size_t i = 0; i < length; i++) {
        count += block[i] == '\0';
    }
    return count;
}

int spawn_request(const struct request *request, int result[3]) {
    static const int standard[] = {0, 1, 2};
    return jmp_spawn(request->program != NULL ? request->program : JMP_TEST_CHILD, request->arguments, request->arguments_length,
                     count_strings(request->arguments, request->arguments_length), request->environment, request->environment_length,
                     count_strings(request->environment, request->environment_length), request->directory,
                     request->fds != NULL ? request->fds : standard, request->fds != NULL ? request->fd_count : 3, request->options,
                     request->option_count, result);
}

void check_failure(const struct request *request, int error, int step) {
    int result[3];
    int unused[3];
    int before = count_descriptors();
    CHECK_IS(spawn_request(request, result), error);
    CHECK_IS(result[0], -1);
    CHECK_IS(result[1], -1);
    CHECK_IS(result[2], step);
    CHECK_IS(count_descriptors(), before);
    CHECK_IS(jmp_reap(getpid(), 0, unused), -ECHILD);
}

void reap_surely(int pid, int pidfd, int status[3]) {
    if (pidfd >= 0) {
        CHECK_IS(jmp_await(pidfd, JMP_READABLE, -1, MILLIS(20000)), JMP_READABLE);
        CHECK_IS(jmp_close(pidfd), 0);
        CHECK_IS(jmp_reap(pid, 0, status), 1);
    } else {
        CHECK_IS(jmp_reap(pid, 1, status), 1);
    }
}

int spawn_and_read(const struct request *request, char *text, size_t size) {
    int fds[16] = {0, 1, 2};
    int out[2];
    int result[3];
    int status[3];
    struct request redirected = *request;
    CHECK_IS(jmp_pipe(out, 0), 0);
    if (request->fds != NULL) {
        memcpy(fds, request->fds, (size_t)request->fd_count * sizeof *fds);
    }
    fds[1] = out[1];
    redirected.fds = fds;
    redirected.fd_count = request->fds != NULL ? request->fd_count : 3;
    CHECK_IS(spawn_request(&redirected, result), 0);
    CHECK_IS(result[2], JMP_STEP_NONE);
    jmp_close(out[1]);
    read_all(out[0], text, size);
    jmp_close(out[0]);
    reap_surely(result[0], result[1], status);
    CHECK_IS(status[0], 0);
    return status[1];
}
