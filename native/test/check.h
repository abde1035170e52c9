/* The checks of the C tests, and what several of them need. A failed check ends the program. */
#ifndef JMP_TEST_CHECK_H
#define JMP_TEST_CHECK_H

#include "jmp.h"
#include "jmp_config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

#define CHECK_IS(actual, expected) \
    do { \
        long long actual_ = (long long)(actual); \
        long long expected_ = (long long)(expected); \
        if (actual_ != expected_) { \
            fprintf(stderr, "%s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #actual, actual_, expected_); \
            exit(1); \
        } \
    } while (0)

/* Runs a test and checks that it leaves no descriptor behind. */
#define RUN(test) \
    do { \
        int open_before_ = count_descriptors(); \
        fprintf(stderr, "%s\n", #test); \
        test(); \
        CHECK_IS(count_descriptors(), open_before_); \
    } while (0)

#define MILLIS(count) (INT64_C(1000000) * (count))

/* How many descriptors this process has open. */
int count_descriptors(void);

/* Monotonic nanoseconds. */
int64_t nanos(void);

/* Reads to the end, blocking; the text is NUL-terminated and cut at size. */
void read_all(int fd, char *text, size_t size);

/* A spawn in the making; zero is fine for everything but program and arguments. */
struct request {
    const char *program;   /* NULL: the helper program of the tests */
    const char *arguments; /* each followed by a NUL, given as one literal; the count is found by counting NULs */
    size_t arguments_length;
    const char *environment;
    size_t environment_length;
    const char *directory;
    const int *fds; /* NULL: 0, 1, 2 */
    int fd_count;
    const int *options;
    int option_count;
};

/* For a literal such as "sh\0-c\0": the literal's own NUL ends the last argument. */
#define ARGUMENTS(literal) .arguments = (literal), .arguments_length = sizeof(literal)
#define ENVIRONMENT(literal) .environment = (literal), .environment_length = sizeof(literal)
#define FDS(list) .fds = (list), .fd_count = (int)(sizeof(list) / sizeof *(list))
#define OPTIONS(list) .options = (list), .option_count = (int)(sizeof(list) / sizeof *(list))

int spawn_request(const struct request *request, int result[3]);

/* Fails to spawn with this error at this step, and leaves nothing. */
void check_failure(const struct request *request, int error, int step);

/* Spawns with the descriptor 1 (and more as in fds) going to a pipe, reads what the child writes, reaps it; returns its exit code. */
int spawn_and_read(const struct request *request, char *text, size_t size);

/* Reaps a child, waiting for it, and gives {0, code, 0} or {1, signal, core}. */
void reap_surely(int pid, int pidfd, int status[3]);

#endif
