#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static void await_sees_what_is_ready(void) {
    int fds[2];
    int64_t start;
    char byte;
    CHECK_IS(jmp_pipe(fds, 3), 0);
    CHECK_IS(jmp_await(fds[0], JMP_READABLE, -1, 0), 0);
    start = nanos();
    CHECK_IS(jmp_await(fds[0], JMP_READABLE, -1, MILLIS(15)), 0);
    CHECK(nanos() - start >= MILLIS(15));
    CHECK_IS(jmp_await(fds[1], JMP_WRITABLE, -1, -1), JMP_WRITABLE);
    jmp_write(fds[1], "x", 1);
    CHECK_IS(jmp_await(fds[0], JMP_READABLE, -1, -1), JMP_READABLE);
    jmp_read(fds[0], &byte, 1, 0);
    jmp_close(fds[1]);
    CHECK_IS(jmp_await(fds[0], JMP_READABLE, -1, -1), JMP_READABLE);
    jmp_close(fds[0]);
    CHECK_IS(jmp_await(fds[0], JMP_READABLE, -1, -1), -EBADF);
}

static void *signal_soon(void *fd) {
    usleep(20000);
    CHECK_IS(jmp_wake_signal(*(int *)fd), 0);
    return NULL;
}

static void wake_comes_from_another_thread(void) {
    int fds[2];
    int wake[2];
    pthread_t thread;
    CHECK_IS(jmp_pipe(fds, 3), 0);
    CHECK_IS(jmp_wake_create(wake), 0);
    CHECK_IS(pthread_create(&thread, NULL, signal_soon, &wake[1]), 0);
    CHECK_IS(jmp_await(fds[0], JMP_READABLE, wake[0], -1), JMP_WOKEN);
    CHECK_IS(pthread_join(thread, NULL), 0);
    for (int i = 0; i < 100; i++) {
        CHECK_IS(jmp_wake_signal(wake[1]), 0);
    }
    jmp_write(fds[1], "x", 1);
    CHECK_IS(jmp_await(fds[0], JMP_READABLE, wake[0], -1), JMP_READABLE | JMP_WOKEN);
    CHECK_IS(jmp_wake_clear(wake[0]), 0);
    CHECK_IS(jmp_wake_clear(wake[0]), 0);
    CHECK_IS(jmp_await(-1, JMP_READABLE, wake[0], 0), 0);
    jmp_close(fds[0]);
    jmp_close(fds[1]);
    jmp_close(wake[0]);
    if (wake[1] != wake[0]) {
        jmp_close(wake[1]);
    }
}

static void ignore(int signal) { (void)signal; }

struct target {
    pthread_t thread;
    int signals;
};

static void *disturb(void *argument) {
    const struct target *target = argument;
    for (int i = 0; i < target->signals; i++) {
        usleep(5000);
        pthread_kill(target->thread, SIGUSR1);
    }
    return NULL;
}

static void signals_do_not_shorten_the_time(void) {
    struct sigaction action = {.sa_handler = ignore};
    struct target target = {.thread = pthread_self(), .signals = 8};
    pthread_t thread;
    int fds[2];
    int word = 7;
    int watch = jmp_watch_create();
    int64_t start;
    sigaction(SIGUSR1, &action, NULL);
    CHECK_IS(jmp_pipe(fds, 3), 0);
    for (int round = 0; round < 3; round++) {
        CHECK_IS(pthread_create(&thread, NULL, disturb, &target), 0);
        start = nanos();
        if (round == 0) {
            CHECK_IS(jmp_await(fds[0], JMP_READABLE, -1, MILLIS(60)), 0);
        } else if (round == 1) {
            CHECK_IS(jmp_watch_wait(watch, fds, fds, 1, MILLIS(60)), 0);
        } else {
            CHECK_IS(jmp_wait_word((int64_t)(intptr_t)&word, 7, MILLIS(60)), 1);
        }
        CHECK(nanos() - start >= MILLIS(60));
        CHECK_IS(pthread_join(thread, NULL), 0);
    }
    jmp_close(fds[0]);
    jmp_close(fds[1]);
    jmp_close(watch);
}

static void poll_handles_many(void) {
    enum { PIPES = 100 };
    int reading[PIPES];
    int writing[PIPES];
    int events[PIPES];
    for (int i = 0; i < PIPES; i++) {
        int fds[2];
        CHECK_IS(jmp_pipe(fds, 3), 0);
        reading[i] = fds[0];
        writing[i] = fds[1];
        events[i] = JMP_READABLE;
    }
    CHECK_IS(jmp_poll(reading, events, PIPES, MILLIS(5)), 0);
    jmp_write(writing[3], "x", 1);
    jmp_close(writing[97]);
    for (int i = 0; i < PIPES; i++) {
        CHECK_IS(events[i], 0);
        events[i] = JMP_READABLE;
    }
    CHECK_IS(jmp_poll(reading, events, PIPES, -1), 2);
    for (int i = 0; i < PIPES; i++) {
        CHECK_IS(events[i], i == 3 || i == 97 ? JMP_READABLE : 0);
    }
    for (int i = 0; i < PIPES; i++) {
        jmp_close(reading[i]);
        if (i != 97) {
            jmp_close(writing[i]);
        }
    }
    reading[0] = -1;
    events[0] = JMP_READABLE;
    CHECK_IS(jmp_poll(reading, events, 1, 0), 0);
    CHECK_IS(events[0], 0);
    CHECK_IS(jmp_poll(NULL, NULL, 0, 0), 0);
    CHECK_IS(jmp_poll(NULL, NULL, -1, 0), -EINVAL);
    events[1] = JMP_READABLE;
    CHECK_IS(jmp_poll(reading, events, 2, 0), -EBADF);
}

static void watch_fires_once(void) {
    int watch = jmp_watch_create();
    int fds[2];
    int found[4];
    int events[4];
    CHECK(watch >= 0);
    CHECK_IS(jmp_pipe(fds, 3), 0);
    CHECK_IS(jmp_watch_add(watch, fds[0], JMP_READABLE), 0);
    CHECK_IS(jmp_watch_wait(watch, found, events, 4, MILLIS(5)), 0);
    jmp_write(fds[1], "x", 1);
    CHECK_IS(jmp_watch_wait(watch, found, events, 4, -1), 1);
    CHECK_IS(found[0], fds[0]);
    CHECK_IS(events[0], JMP_READABLE);
    CHECK_IS(jmp_watch_wait(watch, found, events, 4, 0), 0);
    CHECK_IS(jmp_watch_add(watch, fds[0], JMP_READABLE), 0);
    CHECK_IS(jmp_watch_wait(watch, found, events, 4, -1), 1);
    CHECK_IS(jmp_watch_add(watch, fds[0], JMP_READABLE), 0);
    CHECK_IS(jmp_watch_add(watch, fds[0], JMP_READABLE), 0);
    CHECK_IS(jmp_watch_remove(watch, fds[0]), 0);
    CHECK_IS(jmp_watch_remove(watch, fds[0]), 0);
    CHECK_IS(jmp_watch_wait(watch, found, events, 4, 0), 0);
    jmp_close(fds[1]);
    CHECK_IS(jmp_watch_add(watch, fds[0], JMP_READABLE), 0);
    CHECK_IS(jmp_watch_wait(watch, found, events, 4, -1), 1);
    CHECK_IS(events[0], JMP_READABLE);
    jmp_close(fds[0]);
    CHECK_IS(jmp_pipe(fds, 3), 0);
    CHECK_IS(jmp_watch_add(watch, fds[1], JMP_WRITABLE), 0);
    CHECK_IS(jmp_watch_wait(watch, found, events, 4, 0), 1);
    CHECK_IS(events[0], JMP_WRITABLE);
    CHECK_IS(jmp_watch_wait(watch, found, events, 0, 0), -EINVAL);
    CHECK_IS(jmp_watch_add(watch, -1, JMP_READABLE), -EBADF);
    jmp_close(fds[0]);
    jmp_close(fds[1]);
    jmp_close(watch);
}

static void watch_holds_many(void) {
    enum { PIPES = 200 };
    int writing[PIPES];
    int reading[PIPES];
    int found[16];
    int events[16];
    int seen = 0;
    int watch = jmp_watch_create();
    for (int i = 0; i < PIPES; i++) {
        int fds[2];
        CHECK_IS(jmp_pipe(fds, 3), 0);
        reading[i] = fds[0];
        writing[i] = fds[1];
        CHECK_IS(jmp_watch_add(watch, fds[0], JMP_READABLE), 0);
        jmp_write(fds[1], "x", 1);
    }
    while (seen < PIPES) {
        int count = jmp_watch_wait(watch, found, events, 16, MILLIS(1000));
        CHECK(count > 0);
        seen += count;
    }
    CHECK_IS(jmp_watch_wait(watch, found, events, 16, 0), 0);
    for (int i = 0; i < PIPES; i++) {
        jmp_close(reading[i]);
        jmp_close(writing[i]);
    }
    jmp_close(watch);
}

struct adder {
    int watch;
    int fd;
};

static void *add_soon(void *argument) {
    const struct adder *adder = argument;
    usleep(20000);
    CHECK_IS(jmp_watch_add(adder->watch, adder->fd, JMP_READABLE), 0);
    return NULL;
}

static void watch_grows_while_it_waits(void) {
    int fds[2];
    int found[1];
    int events[1];
    struct adder adder = {.watch = jmp_watch_create()};
    pthread_t thread;
    CHECK_IS(jmp_pipe(fds, 3), 0);
    jmp_write(fds[1], "x", 1);
    adder.fd = fds[0];
    CHECK_IS(pthread_create(&thread, NULL, add_soon, &adder), 0);
    CHECK_IS(jmp_watch_wait(adder.watch, found, events, 1, -1), 1);
    CHECK_IS(found[0], fds[0]);
    CHECK_IS(pthread_join(thread, NULL), 0);
    jmp_close(fds[0]);
    jmp_close(fds[1]);
    jmp_close(adder.watch);
}

int main(void) {
    CHECK_IS(jmp_load(), 0);
    RUN(await_sees_what_is_ready);
    RUN(wake_comes_from_another_thread);
    RUN(signals_do_not_shorten_the_time);
    RUN(poll_handles_many);
    RUN(watch_fires_once);
    RUN(watch_holds_many);
    RUN(watch_grows_while_it_waits);
    return 0;
}
