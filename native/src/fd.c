#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef JMP_HAVE_MEMFD_CREATE
#include <sys/mman.h>
#endif

int jmp_close(int fd) {
    /* After EINTR the descriptor is gone on Linux, and another thread may already have its number: never close twice. */
    return close(fd) == 0 || errno == EINTR ? 0 : -errno;
}

void jmp__close_quietly(int fd) {
    if (fd >= 0) {
        int saved = errno;
        close(fd);
        errno = saved;
    }
}

int jmp_duplicate(int fd) {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    return copy >= 0 ? copy : -errno;
}

int jmp_set_non_blocking(int fd, int non_blocking) {
    int flags = fcntl(fd, F_GETFL);
    int wanted = non_blocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    if (flags < 0 || (wanted != flags && fcntl(fd, F_SETFL, wanted) < 0)) {
        return -errno;
    }
    return 0;
}

int jmp__seal(int fd, bool non_blocking) {
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        return -errno;
    }
    return non_blocking ? jmp_set_non_blocking(fd, 1) : 0;
}

static int make_pipe(int fds[2]) {
#ifdef JMP_HAVE_PIPE2
    return pipe2(fds, O_CLOEXEC) == 0 ? 0 : -errno;
#else
    int result;
    if (pipe(fds) != 0) {
        return -errno;
    }
    result = jmp__seal(fds[0], false);
    if (result == 0) {
        result = jmp__seal(fds[1], false);
    }
    if (result != 0) {
        close(fds[0]);
        close(fds[1]);
    }
    return result;
#endif
}

int jmp_pipe(int fds[2], int non_blocking) {
    int result = make_pipe(fds);
    if (result != 0) {
        return result;
    }
    for (int i = 0; i < 2 && result == 0; i++) {
        if (non_blocking & 1 << i) {
            result = jmp_set_non_blocking(fds[i], 1);
        }
    }
    if (result != 0) {
        close(fds[0]);
        close(fds[1]);
    }
    return result;
}

int jmp_pipe_capacity(int fd, int bytes) {
#ifdef F_SETPIPE_SZ
    int room = fcntl(fd, F_SETPIPE_SZ, bytes);
    return room >= 0 ? room : -errno;
#else
    (void)fd;
    (void)bytes;
    return -ENOTSUP;
#endif
}

static int open_again(const char *path, int flags, mode_t permissions) {
    int fd;
    do {
        fd = open(path, flags | O_CLOEXEC | O_NOCTTY, permissions);
    } while (fd < 0 && errno == EINTR);
    return fd >= 0 ? fd : -errno;
}

int jmp_open_file(const char *path, int mode) {
    switch (mode) {
    case 0:
        return open_again(path, O_RDONLY, 0);
    case 1:
        return open_again(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    case 2:
        return open_again(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    case JMP_OPEN_SHARED:
        return open_again(path, O_RDWR | O_NOFOLLOW, 0);
    case JMP_CREATE_EXCLUSIVE:
        return open_again(path, O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
    default:
        return -EINVAL;
    }
}

int jmp_lock_file(int fd, int exclusive, int block) {
    int result;
    do {
        result = flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | (block ? 0 : LOCK_NB));
    } while (result != 0 && errno == EINTR);
    if (result == 0) {
        return 0;
    }
    return errno == EWOULDBLOCK ? JMP_WOULD_BLOCK : -errno;
}

int64_t jmp_file_id(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? (int64_t)status.st_ino : -errno;
}

int jmp_symbolic_link(const char *text, const char *path) { return symlink(text, path) == 0 ? 0 : -errno; }

int jmp_remove_file(const char *path) { return unlink(path) == 0 ? 0 : -errno; }

static int unlinked_file(void) {
    static const char pattern[] = "/jmultiprocessing-XXXXXX";
    char path[512];
    const char *folder = getenv("TMPDIR");
    int fd;
    if (folder == NULL || folder[0] != '/' || strlen(folder) + sizeof pattern > sizeof path) {
        folder = "/tmp";
    }
    memcpy(path, folder, strlen(folder));
    memcpy(path + strlen(folder), pattern, sizeof pattern);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    if (unlink(path) != 0) {
        int result = -errno;
        close(fd);
        return result;
    }
    return fd;
}

int jmp_anonymous_file(void) {
#ifdef JMP_HAVE_MEMFD_CREATE
    /* Refused by old kernels and by some policies (vm.memfd_noexec): then a file does. */
    int fd = memfd_create("jmultiprocessing", MFD_CLOEXEC);
    if (fd >= 0) {
        return fd;
    }
#endif
    return unlinked_file();
}

int64_t jmp_read(int fd, void *buffer, int64_t length, int64_t spin_nanos) {
    size_t wanted = (size_t)(length < JMP__MAX_TRANSFER ? length : JMP__MAX_TRANSFER);
    int64_t until = 0;
    if (length < 0) {
        return -EINVAL;
    }
    for (;;) {
        ssize_t count = read(fd, buffer, wanted);
        if (count >= 0) {
            return count;
        }
        if (errno == EAGAIN) {
            if (!jmp__spin(&until, spin_nanos)) {
                return JMP_WOULD_BLOCK;
            }
        } else if (errno != EINTR) {
            return -errno;
        }
    }
}

static int64_t write_once(int fd, const void *buffer, size_t length) {
    ssize_t count;
    do {
        count = write(fd, buffer, length);
    } while (count < 0 && errno == EINTR);
    if (count >= 0) {
        return count;
    }
    return errno == EAGAIN ? JMP_WOULD_BLOCK : -errno;
}

static atomic_bool sigpipe_is_deadly;

void jmp__look_at_sigpipe(void) {
    struct sigaction action;
    bool deadly = sigaction(SIGPIPE, NULL, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
    atomic_store(&sigpipe_is_deadly, deadly);
}

/* SIGPIPE goes to the thread that wrote, so blocking it here and taking it back is enough, and nobody else's SIGPIPE is lost. */
static int64_t write_without_sigpipe(int fd, const void *buffer, size_t length) {
    sigset_t sigpipe;
    sigset_t before;
    sigset_t pending;
    bool was_pending;
    int64_t result;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    sigpending(&pending);
    was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
    result = write_once(fd, buffer, length);
    if (result == -EPIPE && !was_pending) {
        int taken;
        sigpending(&pending);
        if (sigismember(&pending, SIGPIPE) == 1) {
            sigwait(&sigpipe, &taken);
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

int64_t jmp_write(int fd, const void *buffer, int64_t length) {
    size_t wanted = (size_t)(length < JMP__MAX_TRANSFER ? length : JMP__MAX_TRANSFER);
    if (length < 0) {
        return -EINVAL;
    }
    return atomic_load_explicit(&sigpipe_is_deadly, memory_order_relaxed) ? write_without_sigpipe(fd, buffer, wanted)
                                                                          : write_once(fd, buffer, wanted);
}
