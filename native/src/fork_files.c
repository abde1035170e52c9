/*
 * A fork copies descriptors, not what they refer to: parent and child share the position of each open file. The JVM reads its class path's archives
 * by moving there and reading, under a lock that only the threads of one process know, so that two processes at it read each other's classes. The
 * child therefore opens each archive anew, at the position where it was.
 */
#include "fork.h"

#ifdef JMP__CAN_FORK

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/proc/self/fd/"

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
static int reopen_archive(int fd, void *unused) {
    char path[sizeof FOLDER + 12] = FOLDER;
    int fresh;
    (void)unused;
    if (fd <= 2 || !is_archive(fd)) {
        return 0;
    }
    jmp__decimal((unsigned)fd, path + sizeof FOLDER - 1);
    fresh = open(path, O_RDONLY | O_CLOEXEC);
    if (fresh >= 0) {
        off_t position = lseek(fd, 0, SEEK_CUR);
        if (lseek(fresh, position, SEEK_SET) == position) {
            dup3(fresh, fd, fcntl(fd, F_GETFD) & FD_CLOEXEC ? O_CLOEXEC : 0);
        }
        close(fresh);
    }
    return 0;
}

int jmp__reopen_archives(void) { return jmp__each_number(FOLDER, reopen_archive, NULL); }

#else

/* ISO C forbids an empty file. */
extern int jmp__no_files;

#endif
