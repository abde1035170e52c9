/*
 * Queues and large arrays that nobody has any more: whoever had one last was killed, or ended without closing it. A process that has one holds a
 * shared lock on its file, which the kernel takes away at the end; a handle on its way to a process that has none yet is counted in the file itself.
 */
#include "tracker.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUEUE_PREFIX "queue-"

/* Whether it is complete, and no handle is under way; whoever makes one counts a handle until it has its own share. */
static bool is_left(int fd) {
    struct jmp_segment_header header;
    int32_t under_way;
    struct stat status;
    off_t at;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || pread(fd, &header, sizeof header, 0) != (ssize_t)sizeof header
        || atomic_load(&header.magic) != JMP_SEGMENT_MAGIC || header.version != JMP_LAYOUT_VERSION
        || (header.kind != JMP_KIND_QUEUE && header.kind != JMP_KIND_ARRAY)) {
        return false;
    }
    at = header.kind == JMP_KIND_QUEUE ? JMP_QUEUE_UNDER_WAY : JMP_ARRAY_UNDER_WAY;
    return pread(fd, &under_way, sizeof under_way, at) == (ssize_t)sizeof under_way && under_way <= 0;
}

/* Whether name is PREFIX-QUEUE.ANYTHING, a ring or a large message of the queue. */
static bool belongs(const char *name, const char *prefix, const char *queue) {
    size_t length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 && strncmp(name + length, queue, strlen(queue)) == 0 && name[length + strlen(queue)] == '.';
}

static void remove_parts(const struct directory *directory, const char *queue) {
    DIR *list = directory_list(directory);
    if (list == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        if (belongs(entry->d_name, "ring-", queue) || belongs(entry->d_name, "blob-", queue)) {
            unlinkat(directory->fd, entry->d_name, 0);
        }
    }
    closedir(list);
}

void shares_sweep(const struct directory *directory) {
    DIR *list = directory_list(directory);
    if (list == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        const char *name = entry->d_name;
        bool is_queue = strncmp(name, QUEUE_PREFIX, strlen(QUEUE_PREFIX)) == 0;
        int fd = segment_is_name(name) ? openat(directory->fd, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
        if (fd >= 0) {
            /* The look comes after the lock: a handle is counted until the process that it came to has its share. */
            if (flock(fd, LOCK_EX | LOCK_NB) == 0 && is_left(fd)) {
                if (is_queue) {
                    remove_parts(directory, name + strlen(QUEUE_PREFIX));
                }
                unlinkat(directory->fd, name, 0); /* after its parts: if we are killed before, the next sweep does it again */
            }
            close(fd);
        }
    }
    closedir(list);
}
