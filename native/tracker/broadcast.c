/* Makes everybody who waits in shared memory look again, because a member has died. */
#include "tracker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A new epoch begins with nobody counted: the dead among the counted ones are never uncounted, and the living count themselves anew. Who is counted
 * between the two steps has seen the old seq at most and does not sleep.
 */
static void wake(struct jmp_wait_point *point, enum broadcast_to to) {
    uint32_t waiters = atomic_load(&point->waiters);
    do {
        bool touched = waiters != 0 || atomic_load(&point->seq) != 0;
        if ((waiters & JMP_WAITERS_IN_EPOCH) == 0 && !(to == BROADCAST_TO_ALL && touched)) {
            return;
        }
    } while (!atomic_compare_exchange_weak(&point->waiters, &waiters, ((waiters >> JMP_WAITERS_EPOCH_SHIFT) + 1) << JMP_WAITERS_EPOCH_SHIFT));
    atomic_fetch_add(&point->seq, 1);
    jmp_wake_word((int64_t)(intptr_t)&point->seq, INT_MAX);
}

/* Returns the bytes of a segment's lines, its header included; -errno if it is not one, or not a complete one. */
static int64_t measure(int fd) {
    struct jmp_segment_header header;
    struct stat status;
    int64_t bytes;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || pread(fd, &header, sizeof header, 0) != (ssize_t)sizeof header) {
        return -EINVAL;
    }
    if (atomic_load(&header.magic) != JMP_SEGMENT_MAGIC || header.version != JMP_LAYOUT_VERSION || header.lines < 1) {
        return -EINVAL;
    }
    bytes = (int64_t)header.lines * (int64_t)sizeof(struct jmp_line);
    return bytes <= (int64_t)status.st_size ? bytes : -EINVAL;
}

static void wake_segment(int fd, enum broadcast_to to) {
    int64_t bytes = measure(fd);
    int64_t address = bytes > 0 ? jmp_map(fd, 0, bytes, 1) : bytes;
    struct jmp_line *lines;
    if (bytes < 0 || (address < 0 && address > -4096)) {
        return;
    }
    lines = (struct jmp_line *)(intptr_t)address;
    for (int64_t i = 1, step; i < bytes / (int64_t)sizeof *lines; i += step) {
        /* Lines are given out in their order. Who begins to wait later looks for himself. */
        step = atomic_load(&lines[i].lines);
        if (step < 1) {
            break;
        }
        wake(&lines[i].points[0], to);
        wake(&lines[i].points[1], to);
    }
    jmp_unmap(address, bytes);
}

bool segment_is_name(const char *name) { return strncmp(name, "arena-", 6) == 0 || strncmp(name, "queue-", 6) == 0; }

void broadcast(const struct directory *directory, enum broadcast_to to) {
    DIR *list = directory_list(directory);
    if (list == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        int fd = segment_is_name(entry->d_name) ? openat(directory->fd, entry->d_name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
        if (fd >= 0) {
            wake_segment(fd, to);
            close(fd);
        }
    }
    closedir(list);
}
