#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#ifdef JMP_HAVE_EVENTFD
#include <sys/eventfd.h>
#endif

/* How many entries fit on the stack before poll asks for memory. */
#define SMALL_POLL 64

static short to_poll(int events) { return (short)((events & JMP_READABLE ? POLLIN : 0) | (events & JMP_WRITABLE ? POLLOUT : 0)); }

static int from_poll(int asked, short found) {
    int events = 0;
    if (found & (POLLIN | POLLHUP | POLLERR)) {
        events |= JMP_READABLE;
    }
    if (found & (POLLOUT | POLLHUP | POLLERR)) {
        events |= JMP_WRITABLE;
    }
    return events & asked;
}

/* poll(2) with nanoseconds, where EINTR goes on with what is left. A closed descriptor is an error, not an event. */
static int poll_fully(struct pollfd *entries, nfds_t count, int64_t timeout_nanos) {
    int64_t deadline = jmp__deadline(timeout_nanos);
    int64_t left = timeout_nanos;
    int ready;
    for (;;) {
#ifdef JMP_HAVE_PPOLL
        struct timespec time = {.tv_sec = (time_t)(left / 1000000000), .tv_nsec = (long)(left % 1000000000)};
        ready = ppoll(entries, count, timeout_nanos < 0 ? NULL : &time, NULL);
#else
        int64_t millis = left / 1000000 + (left % 1000000 != 0);
        ready = poll(entries, count, timeout_nanos < 0 ? -1 : millis > INT_MAX ? INT_MAX : (int)millis);
#endif
        if (ready > 0) {
            break;
        }
        if (ready < 0 && errno != EINTR) {
            return -errno;
        }
        if (timeout_nanos >= 0) {
            left = jmp__left(deadline);
            if (left == 0) {
                return 0;
            }
        }
    }
    for (nfds_t i = 0; i < count; i++) {
        if (entries[i].revents & POLLNVAL) {
            return -EBADF;
        }
    }
    return ready;
}

int jmp_await(int fd, int events, int wake_fd, int64_t timeout_nanos) {
    struct pollfd entries[2] = {{.fd = fd, .events = to_poll(events)}, {.fd = wake_fd, .events = POLLIN}};
    int ready = poll_fully(entries, wake_fd >= 0 ? 2 : 1, timeout_nanos);
    if (ready <= 0) {
        return ready;
    }
    return from_poll(events, entries[0].revents) | (entries[1].revents != 0 ? JMP_WOKEN : 0);
}

int jmp_poll(const int *fds, int *events, int count, int64_t timeout_nanos) {
    struct pollfd few[SMALL_POLL];
    struct pollfd *entries = few;
    int ready;
    if (count < 0) {
        return -EINVAL;
    }
    if (count > SMALL_POLL) {
        entries = calloc((size_t)count, sizeof *entries);
        if (entries == NULL) {
            return -ENOMEM;
        }
    }
    for (int i = 0; i < count; i++) {
        entries[i] = (struct pollfd){.fd = fds[i], .events = to_poll(events[i])};
    }
    ready = poll_fully(entries, (nfds_t)count, timeout_nanos);
    if (ready >= 0) {
        for (int i = 0; i < count; i++) {
            events[i] = from_poll(events[i], entries[i].revents);
        }
    }
    if (entries != few) {
        free(entries);
    }
    return ready;
}

int jmp_wake_create(int fds[2]) {
#ifdef JMP_HAVE_EVENTFD
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) {
        return -errno;
    }
    fds[0] = fd;
    fds[1] = fd;
    return 0;
#else
    return jmp_pipe(fds, 3);
#endif
}

int jmp_wake_signal(int signal_fd) {
    /* Eight bytes are what an eventfd wants; a pipe does not mind. EAGAIN: it is full of signals already. */
    const uint64_t one = 1;
    for (;;) {
        if (write(signal_fd, &one, sizeof one) >= 0 || errno == EAGAIN) {
            return 0;
        }
        if (errno != EINTR) {
            return -errno;
        }
    }
}

int jmp_wake_clear(int wait_fd) {
    uint64_t taken[32];
    for (;;) {
        ssize_t count = read(wait_fd, taken, sizeof taken);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && errno != EAGAIN) {
            return -errno;
        }
        if (count < (ssize_t)sizeof taken) {
            return 0;
        }
    }
}
