#include "internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

/* The shortest sun_path of our platforms (macOS) has 104 bytes. */
#define MAX_UNIX_PATH 103

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
};

#ifndef JMP_HAVE_SOCK_CLOEXEC
/* What the type flags do elsewhere, and no SIGPIPE. */
static int seal_socket(int fd) {
    int result = jmp__seal(fd, true);
#ifdef SO_NOSIGPIPE
    static const int on = 1;
    if (result == 0 && setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) != 0) {
        result = -errno;
    }
#endif
    return result;
}
#endif

/* A non-blocking stream socket. */
static int make_socket(int family) {
#ifdef JMP_HAVE_SOCK_CLOEXEC
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return fd >= 0 ? fd : -errno;
#else
    int fd = socket(family, SOCK_STREAM, 0);
    int result = fd >= 0 ? seal_socket(fd) : -errno;
    if (result != 0) {
        jmp__close_quietly(fd);
    }
    return result != 0 ? result : fd;
#endif
}

int jmp_socket_pair(int fds[2]) {
#ifdef JMP_HAVE_SOCK_CLOEXEC
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0 ? 0 : -errno;
#else
    int result;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) {
        return -errno;
    }
    result = seal_socket(fds[0]);
    if (result == 0) {
        result = seal_socket(fds[1]);
    }
    if (result != 0) {
        close(fds[0]);
        close(fds[1]);
    }
    return result;
#endif
}

/* Takes fd away after an error and gives that error. */
static int drop(int fd, int result) {
    jmp__close_quietly(fd);
    return result;
}

static int unix_address(const char *path, union address *address) {
    size_t length = strlen(path);
    if (length == 0 || length > MAX_UNIX_PATH) {
        return length == 0 ? -ENOENT : -ENAMETOOLONG;
    }
    memset(address, 0, sizeof *address);
    address->local.sun_family = AF_UNIX;
    memcpy(address->local.sun_path, path, length + 1);
    return 0;
}

int jmp_unix_listen(const char *path, int backlog) {
    union address address;
    int result = unix_address(path, &address);
    int fd;
    if (result != 0) {
        return result;
    }
    fd = make_socket(AF_UNIX);
    if (fd < 0) {
        return fd;
    }
    if (bind(fd, &address.any, sizeof address.local) != 0) {
        return drop(fd, -errno);
    }
    /* Until listen nobody can connect, so there is no moment in which others could. */
    if (chmod(path, S_IRUSR | S_IWUSR) != 0 || listen(fd, backlog) != 0) {
        result = -errno;
        unlink(path);
        return drop(fd, result);
    }
    return fd;
}

int jmp_unix_connect(const char *path) {
    union address address;
    int result = unix_address(path, &address);
    int fd;
    if (result != 0) {
        return result;
    }
    fd = make_socket(AF_UNIX);
    if (fd < 0 || connect(fd, &address.any, sizeof address.local) == 0) {
        return fd;
    }
    return drop(fd, errno == EAGAIN || errno == EINTR ? JMP_WOULD_BLOCK : -errno);
}

/* Returns the length of the socket address. */
static int inet_address(const uint8_t *bytes, int length, int scope, int port, union address *address) {
    memset(address, 0, sizeof *address);
    if (port < 0 || port > 65535) {
        return -EINVAL;
    }
    if (length == 4) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((uint16_t)port);
        memcpy(&address->v4.sin_addr, bytes, 4);
        return sizeof address->v4;
    }
    if (length == 16) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons((uint16_t)port);
        address->v6.sin6_scope_id = (uint32_t)scope;
        memcpy(&address->v6.sin6_addr, bytes, 16);
        return sizeof address->v6;
    }
    return -EINVAL;
}

int jmp_tcp_listen(const uint8_t *bytes, int address_length, int scope, int port, int backlog) {
    static const int on = 1;
    static const int off = 0;
    union address address;
    int length = inet_address(bytes, address_length, scope, port, &address);
    int fd;
    if (length < 0) {
        return length;
    }
    fd = make_socket(address.any.sa_family);
    if (fd < 0) {
        return fd;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
        || (address_length == 16 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0)
        || bind(fd, &address.any, (socklen_t)length) != 0 || listen(fd, backlog) != 0) {
        return drop(fd, -errno);
    }
    return fd;
}

int jmp_tcp_connect(const uint8_t *bytes, int address_length, int scope, int port) {
    static const int on = 1;
    union address address;
    int length = inet_address(bytes, address_length, scope, port, &address);
    int fd;
    if (length < 0) {
        return length;
    }
    fd = make_socket(address.any.sa_family);
    if (fd < 0) {
        return fd;
    }
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
        return drop(fd, -errno);
    }
    /* After EINTR the attempt goes on by itself. */
    if (connect(fd, &address.any, (socklen_t)length) != 0 && errno != EINPROGRESS && errno != EINTR) {
        return drop(fd, -errno);
    }
    return fd;
}

int jmp_socket_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? -error : -errno;
}

static int accept_once(int fd, union address *address) {
    socklen_t length = sizeof *address;
    memset(address, 0, sizeof *address);
#ifdef JMP_HAVE_ACCEPT4
    return accept4(fd, &address->any, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else
    return accept(fd, &address->any, &length);
#endif
}

int jmp_accept(int fd) {
    static const int on = 1;
    union address address;
    int connection;
    do {
        connection = accept_once(fd, &address);
    } while (connection < 0 && errno == EINTR);
    if (connection < 0) {
        /* One that went away while it waited in the queue is no error of the listener. */
        return errno == EAGAIN || errno == ECONNABORTED ? JMP_WOULD_BLOCK : -errno;
    }
#ifndef JMP_HAVE_ACCEPT4
    {
        int result = seal_socket(connection);
        if (result != 0) {
            return drop(connection, result);
        }
    }
#endif
    if (address.any.sa_family == AF_INET || address.any.sa_family == AF_INET6) {
        /* Fails only for a connection that is broken already; its first read says so. */
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return connection;
}

int jmp_socket_address(int fd, int peer, uint8_t bytes[16], int port[2]) {
    union address address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    if ((peer ? getpeername(fd, &address.any, &length) : getsockname(fd, &address.any, &length)) != 0) {
        return -errno;
    }
    port[0] = 0;
    port[1] = 0;
    switch (address.any.sa_family) {
    case AF_INET:
        memcpy(bytes, &address.v4.sin_addr, 4);
        port[0] = ntohs(address.v4.sin_port);
        return 4;
    case AF_INET6:
        memcpy(bytes, &address.v6.sin6_addr, 16);
        port[0] = ntohs(address.v6.sin6_port);
        port[1] = (int)address.v6.sin6_scope_id;
        return 16;
    default:
        return 0;
    }
}

int jmp_peer_uid(int fd) {
    union address address;
    socklen_t length = sizeof address;
    uid_t uid;
    memset(&address, 0, sizeof address);
    if (getsockname(fd, &address.any, &length) != 0) {
        return -errno;
    }
    if (address.any.sa_family != AF_UNIX) {
        return -ENOTSUP;
    }
#ifdef SO_PEERCRED
    {
        struct ucred credentials;
        length = sizeof credentials;
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
            return -errno;
        }
        uid = credentials.uid;
    }
#else
    {
        gid_t unused;
        if (getpeereid(fd, &uid, &unused) != 0) {
            return -errno;
        }
    }
#endif
    /* A listening or unconnected socket has no peer: the kernel gives (uid_t)-1. */
    return uid <= (uid_t)INT32_MAX ? (int)uid : -ENOTCONN;
}
