#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Close-on-exec without being asked: POSIX says so, and macOS knows no flag for it. */
static int open_shared(const char *name, int flags) {
    int fd;
    do {
        fd = shm_open(name, flags | O_RDWR, S_IRUSR | S_IWUSR);
    } while (fd < 0 && errno == EINTR);
    return fd >= 0 ? fd : -errno;
}

int jmp_shared_create(const char *name) { return open_shared(name, O_CREAT | O_EXCL); }

int jmp_shared_open(const char *name) { return open_shared(name, 0); }

int jmp_shared_unlink(const char *name) { return shm_unlink(name) == 0 ? 0 : -errno; }

int64_t jmp_file_size(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? (int64_t)status.st_size : -errno;
}

static int truncate_to(int fd, int64_t bytes) {
    int result;
    do {
        result = ftruncate(fd, (off_t)bytes);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : -errno;
}

#ifdef JMP_HAVE_POSIX_FALLOCATE
/* tmpfs undoes everything when a signal comes, and a profiler's timer comes every few milliseconds: without the mask it might never end. */
static int reserve_pages(int fd, int64_t present, int64_t bytes) {
    sigset_t all;
    sigset_t before;
    int error;
    (void)present;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    do {
        error = posix_fallocate(fd, 0, (off_t)bytes);
    } while (error == EINTR);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -error;
}
#elif defined(F_PREALLOCATE)
/* Files only, beyond their present end; shared memory objects of macOS cannot be reserved. */
static int reserve_pages(int fd, int64_t present, int64_t bytes) {
    fstore_t store = {.fst_flags = F_ALLOCATEALL, .fst_posmode = F_PEOFPOSMODE, .fst_length = (off_t)(bytes - present)};
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return -errno;
    }
    if (!S_ISREG(status.st_mode) || bytes <= present) {
        return 0;
    }
    return fcntl(fd, F_PREALLOCATE, &store) != -1 || errno == ENOTSUP || errno == EINVAL ? 0 : -errno;
}
#else
static int reserve_pages(int fd, int64_t present, int64_t bytes) {
    (void)fd;
    (void)present;
    (void)bytes;
    return 0;
}
#endif

int jmp_resize(int fd, int64_t bytes, int reserve) {
    int64_t present = jmp_file_size(fd);
    int result = 0;
    if (present < 0) {
        return (int)present;
    }
    if (reserve && bytes > 0) {
        result = reserve_pages(fd, present, bytes);
    }
    if (result != 0) {
        truncate_to(fd, present); /* what libc does for file systems that cannot reserve may have made it longer */
        return result;
    }
    return truncate_to(fd, bytes);
}

int64_t jmp_map(int fd, int64_t offset, int64_t length, int writable) {
    void *address;
    if (length <= 0) {
        return -EINVAL;
    }
    address = mmap(NULL, (size_t)length, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, (off_t)offset);
    return address != MAP_FAILED ? (int64_t)(intptr_t)address : -errno;
}

int jmp_unmap(int64_t address, int64_t length) { return munmap((void *)(intptr_t)address, (size_t)length) == 0 ? 0 : -errno; }
