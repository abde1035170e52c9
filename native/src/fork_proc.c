/* What the kernel says of this process, read by system calls alone. */
#include "fork.h"

#ifdef JMP__CAN_FORK

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct entry { /* linux_dirent64 */
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

/* One piece of a folder's list. */
static int visit_each(const char *entries, long length, jmp__visit visit, void *context) {
    for (long at = 0; at < length;) {
        const struct entry *entry = (const struct entry *)(const void *)(entries + at);
        const char *digit = entry->name;
        int number = 0;
        int result = 0;
        while (*digit >= '0' && *digit <= '9') {
            number = number * 10 + (*digit++ - '0');
        }
        if (digit != entry->name && (result = visit(number, context)) != 0) {
            return result;
        }
        at += entry->length;
    }
    return 0;
}

int jmp__each_number(const char *path, jmp__visit visit, void *context) {
    _Alignas(struct entry) char entries[4096];
    int result = 0;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return -errno;
    }
    while (result == 0) {
        long length = syscall(SYS_getdents64, folder, entries, sizeof entries);
        if (length <= 0) {
            result = length < 0 ? -errno : 0;
            break;
        }
        result = visit_each(entries, length, visit, context);
    }
    close(folder);
    return result;
}

/* The one of another process namespace has other ids for the same threads. */
int jmp__check_proc(void) {
    char seen[16];
    char own[16];
    size_t length = jmp__decimal((unsigned)getpid(), own);
    return readlink("/proc/self", seen, sizeof seen) == (ssize_t)length && memcmp(seen, own, length) == 0 ? 0 : -ESRCH;
}

/* The file as a string; its length, or -errno. */
static long read_text(const char *path, char *text, size_t size) {
    long length;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    length = read(fd, text, size - 1);
    length = length < 0 ? -errno : length;
    close(fd);
    text[length > 0 ? length : 0] = '\0';
    return length;
}

static long read_of_thread(pid_t tid, const char *file, char *text, size_t size) {
    static const char folder[] = "/proc/self/task/";
    char path[sizeof folder + 24];
    memcpy(path, folder, sizeof folder);
    strcpy(path + sizeof folder - 1 + jmp__decimal((unsigned)tid, path + sizeof folder - 1), file);
    return read_text(path, text, size);
}

long jmp__read_syscall(pid_t tid, char *text, size_t size) { return read_of_thread(tid, "/syscall", text, size); }

/* A thread on its way out has all signals blocked and never answers; a main thread that has ended stays as a zombie. */
bool jmp__has_ended(pid_t tid) {
    char text[512];
    const char *state;
    long length;
    if (syscall(SYS_tgkill, getpid(), tid, 0) != 0 && errno == ESRCH) {
        return true;
    }
    length = read_of_thread(tid, "/stat", text, sizeof text);
    if (length <= 0) {
        return length == 0 || length == -ENOENT || length == -ESRCH;
    }
    state = strrchr(text, ')');
    return state != NULL && (state[2] == 'Z' || state[2] == 'X');
}

/* How many threads the kernel counts in this process. */
int jmp__count_threads(void) {
    char text[4096];
    const char *line;
    long length = read_text("/proc/self/status", text, sizeof text);
    int count = 0;
    if (length <= 0) {
        return length < 0 ? (int)length : -EIO;
    }
    line = strstr(text, "\nThreads:");
    if (line == NULL) {
        return -EIO;
    }
    for (line += sizeof "\nThreads:" - 1; *line == ' ' || *line == '\t'; line++) {
    }
    for (; *line >= '0' && *line <= '9'; line++) {
        count = count * 10 + (*line - '0');
    }
    return count;
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_proc;

#endif
