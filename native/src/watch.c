#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* Events fetched with one system call. */
#define BATCH 64

#ifdef JMP_HAVE_EPOLL
#include <sys/epoll.h>

int jmp_watch_create(void) {
    int watch = epoll_create1(EPOLL_CLOEXEC);
    return watch >= 0 ? watch : -errno;
}

int jmp_watch_add(int watch, int fd, int events) {
    /* The descriptor, and above it what was asked, come back with the event. */
    struct epoll_event event = {.events = EPOLLONESHOT, .data.u64 = (uint64_t)events << 32 | (uint32_t)fd};
    if (events & JMP_READABLE) {
        event.events |= EPOLLIN;
    }
    if (events & JMP_WRITABLE) {
        event.events |= EPOLLOUT;
    }
    /* Most descriptors are added again and again, and stay in the set between. */
    if (epoll_ctl(watch, EPOLL_CTL_MOD, fd, &event) == 0 || (errno == ENOENT && epoll_ctl(watch, EPOLL_CTL_ADD, fd, &event) == 0)) {
        return 0;
    }
    /* Another thread added it in between. */
    return errno == EEXIST && epoll_ctl(watch, EPOLL_CTL_MOD, fd, &event) == 0 ? 0 : -errno;
}

int jmp_watch_remove(int watch, int fd) {
    struct epoll_event unused = {0};
    return epoll_ctl(watch, EPOLL_CTL_DEL, fd, &unused) == 0 || errno == ENOENT || errno == EPERM ? 0 : -errno;
}

/* An error or a hang-up makes ready whatever was asked for. */
static int from_epoll(uint32_t found, int asked) {
    int closed = found & (EPOLLHUP | EPOLLERR) ? JMP_READABLE | JMP_WRITABLE : 0;
    return (closed | (found & EPOLLIN ? JMP_READABLE : 0) | (found & EPOLLOUT ? JMP_WRITABLE : 0)) & asked;
}

int jmp_watch_wait(int watch, int *fds, int *events, int room, int64_t timeout_nanos) {
    struct epoll_event found[BATCH];
    int64_t deadline = jmp__deadline(timeout_nanos);
    int64_t left = timeout_nanos;
    if (room <= 0) {
        return -EINVAL;
    }
    for (;;) {
        int64_t millis = left / 1000000 + (left % 1000000 != 0);
        int count = epoll_wait(watch, found, room < BATCH ? room : BATCH, timeout_nanos < 0 ? -1 : millis > INT_MAX ? INT_MAX : (int)millis);
        if (count > 0) {
            for (int i = 0; i < count; i++) {
                fds[i] = (int)(uint32_t)found[i].data.u64;
                events[i] = from_epoll(found[i].events, (int)(found[i].data.u64 >> 32));
            }
            return count;
        }
        if (count < 0 && errno != EINTR) {
            return -errno;
        }
        if (timeout_nanos >= 0) {
            left = jmp__left(deadline);
            if (left == 0) {
                return 0;
            }
        }
    }
}

#else /* kqueue */
#include <stdbool.h>
#include <sys/event.h>
#include <sys/types.h>
#include <time.h>

int jmp_watch_create(void) {
    int watch = kqueue();
    if (watch < 0) {
        return -errno;
    }
    jmp__seal(watch, false);
    return watch;
}

static int change(int watch, int fd, int16_t filter, bool wanted) {
    struct kevent event;
    EV_SET(&event, (uintptr_t)fd, filter, wanted ? EV_ADD | EV_ONESHOT : EV_DELETE, 0, 0, NULL);
    while (kevent(watch, &event, 1, NULL, 0, NULL) < 0) {
        if (errno == ENOENT && !wanted) {
            return 0;
        }
        if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

int jmp_watch_add(int watch, int fd, int events) {
    int result = change(watch, fd, EVFILT_READ, (events & JMP_READABLE) != 0);
    return result != 0 ? result : change(watch, fd, EVFILT_WRITE, (events & JMP_WRITABLE) != 0);
}

int jmp_watch_remove(int watch, int fd) { return jmp_watch_add(watch, fd, 0); }

/* A descriptor has up to two filters but gives one event: both are joined, and the one that did not fire is taken away. */
static int collect(int watch, const struct kevent *found, int count, int *fds, int *events) {
    int ready = 0;
    for (int i = 0; i < count; i++) {
        int fd = (int)found[i].ident;
        int event = found[i].filter == EVFILT_READ ? JMP_READABLE : JMP_WRITABLE;
        int at = 0;
        while (at < ready && fds[at] != fd) {
            at++;
        }
        if (at == ready) {
            fds[ready] = fd;
            events[ready++] = 0;
        }
        events[at] |= event;
    }
    for (int i = 0; i < ready; i++) {
        if (events[i] != (JMP_READABLE | JMP_WRITABLE)) {
            change(watch, fds[i], events[i] == JMP_READABLE ? EVFILT_WRITE : EVFILT_READ, false);
        }
    }
    return ready;
}

int jmp_watch_wait(int watch, int *fds, int *events, int room, int64_t timeout_nanos) {
    struct kevent found[BATCH];
    int64_t deadline = jmp__deadline(timeout_nanos);
    int64_t left = timeout_nanos;
    if (room <= 0) {
        return -EINVAL;
    }
    for (;;) {
        struct timespec time = {.tv_sec = (time_t)(left / 1000000000), .tv_nsec = (long)(left % 1000000000)};
        int count = kevent(watch, NULL, 0, found, room < BATCH ? room : BATCH, timeout_nanos < 0 ? NULL : &time);
        if (count > 0) {
            return collect(watch, found, count, fds, events);
        }
        if (count < 0 && errno != EINTR) {
            return -errno;
        }
        if (timeout_nanos >= 0) {
            left = jmp__left(deadline);
            if (left == 0) {
                return 0;
            }
        }
    }
}
#endif
