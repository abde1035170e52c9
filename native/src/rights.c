/* Descriptors over Unix sockets. */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* macOS lacks both: sockets get SO_NOSIGPIPE when they are made, descriptors are made close-on-exec after they came. */
#ifdef MSG_NOSIGNAL
#define NO_SIGNAL MSG_NOSIGNAL
#else
#define NO_SIGNAL 0
#endif
#ifdef MSG_CMSG_CLOEXEC
#define CLOSE_ON_EXEC MSG_CMSG_CLOEXEC
#else
#define CLOSE_ON_EXEC 0
#endif

/* What the kernel lays out as control data; the header gives the alignment. */
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(JMP_MAX_DESCRIPTORS * sizeof(int))];
};

int64_t jmp_send_descriptors(int fd, const void *buffer, int64_t length, const int *fds, int count) {
    union control control;
    struct iovec part = {.iov_base = (void *)(uintptr_t)buffer, .iov_len = (size_t)(length < JMP__MAX_TRANSFER ? length : JMP__MAX_TRANSFER)};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t sent;
    if (length < 1 || count < 0 || count > JMP_MAX_DESCRIPTORS) {
        return -EINVAL;
    }
    if (count > 0) {
        size_t size = (size_t)count * sizeof(int);
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(size);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(&control.header), fds, size);
    }
    do {
        sent = sendmsg(fd, &message, NO_SIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) {
        return sent;
    }
    return errno == EAGAIN ? JMP_WOULD_BLOCK : -errno;
}

/* Keeps the first descriptors of a message, at most room, and closes the others. Returns how many are kept. */
static int take(struct msghdr *message, int *fds, int room) {
    int kept = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
        size_t count;
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
#ifndef MSG_CMSG_CLOEXEC
            jmp__seal(fd, false);
#endif
            if (kept < room) {
                fds[kept++] = fd;
            } else {
                close(fd);
            }
        }
    }
    return kept;
}

int64_t jmp_receive_descriptors(int fd, void *buffer, int64_t length, int *fds, int room, int *count, int64_t spin_nanos) {
    union control control;
    struct iovec part = {.iov_base = buffer, .iov_len = (size_t)(length < JMP__MAX_TRANSFER ? length : JMP__MAX_TRANSFER)};
    struct msghdr message;
    int64_t until = 0;
    ssize_t received;
    *count = 0;
    if (length < 0 || room < 0) {
        return -EINVAL;
    }
    for (;;) {
        message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
        received = recvmsg(fd, &message, CLOSE_ON_EXEC);
        if (received >= 0) {
            break;
        }
        if (errno == EAGAIN) {
            if (!jmp__spin(&until, spin_nanos)) {
                return JMP_WOULD_BLOCK;
            }
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    if (message.msg_flags & MSG_CTRUNC) {
        take(&message, fds, 0);
        return -EMSGSIZE;
    }
    *count = take(&message, fds, room);
    return received;
}
