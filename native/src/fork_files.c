/*
 * A fork copies descriptors, not what they refer to: parent and child share the position of each open file. The JVM reads its class path's archives
 * by moving there and reading, under a lock that only the threads of one process know, so that two processes at it read each other's classes. The
 * child therefore opens each archive anew, at the position where it was.
 */
#include "fork.h"

#ifdef JMP__CAN_FORK

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FOLDER "/proc/self/fd/"

struct entry { /* linux_dirent64 */
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

/* What a zip file, and so a jar, begins with. */
static const char magic[] = {'P', 'K', 3, 4};

static bool is_archive(int fd) {
    struct stat status;
    char begin[sizeof magic];
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)
        && pread(fd, begin, sizeof begin, 0) == sizeof begin && memcmp(begin, magic, sizeof magic) == 0;
}

/* One that cannot be opened again stays as it is: who could not read it now could not have read it then. */
static void reopen(int fd) {
    char path[sizeof FOLDER + 12] = FOLDER;
    int fresh;
    off_t position = lseek(fd, 0, SEEK_CUR);
    int flags = fcntl(fd, F_GETFD);
    jmp__decimal((unsigned)fd, path + sizeof FOLDER - 1);
    fresh = open(path, O_RDONLY | O_CLOEXEC);
    if (fresh >= 0) {
        if (lseek(fresh, position, SEEK_SET) == position) {
            dup3(fresh, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0);
        }
        close(fresh);
    }
}

void jmp__reopen_archives(void) {
    _Alignas(struct entry) char entries[4096];
    long length;
    int folder = open(FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (folder >= 0 && (length = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long at = 0; at < length;) {
            const struct entry *entry = (const struct entry *)(const void *)(entries + at);
            int fd = -1;
            for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++) {
                fd = (fd < 0 ? 0 : fd * 10) + (*digit - '0');
            }
            at += entry->length;
            if (fd > 2 && fd != folder && is_archive(fd)) {
                reopen(fd);
            }
        }
    }
    if (folder >= 0) {
        close(folder);
    }
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_files;

#endif
