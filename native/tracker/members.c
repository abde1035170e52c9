/* The member table: which processes use the tree's shared memory, and which of them are dead. */
#include "tracker.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Mapped when it is needed first: the first member makes it. */
static struct jmp_members *table;

/* Whom we have a connection to. More than one while a member connects anew. */
static struct {
    int64_t generation;
    int connections;
} heard[JMP_MEMBER_SLOTS];

static int map_table(const struct directory *directory) {
    struct stat status;
    int64_t address = -EPROTO;
    int fd;
    if (table != NULL) {
        return 0;
    }
    fd = openat(directory->fd, "members", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size >= (off_t)sizeof *table) {
        address = jmp_map(fd, 0, sizeof *table, 1);
    }
    close(fd);
    if (address < 0 && address > -4096) {
        return (int)address;
    }
    table = (struct jmp_members *)(intptr_t)address;
    if (atomic_load(&table->header.magic) != JMP_MEMBERS_MAGIC || table->header.version != JMP_LAYOUT_VERSION
        || table->header.slots != JMP_MEMBER_SLOTS) {
        jmp_unmap(address, sizeof *table);
        table = NULL;
        return -EPROTO;
    }
    return 0;
}

static bool lives(int64_t word) { return JMP_MEMBER_STATE(word) == JMP_MEMBER_ALIVE || JMP_MEMBER_STATE(word) == JMP_MEMBER_LEAVING; }

/*
 * Returns whether those who wait have to be told: not if the slot is another member's by now. They have to be if a process that looked for itself
 * (Members.refresh) noted the end before us, since it told nobody.
 */
static bool note_death(int slot, int64_t generation) {
    int64_t word = atomic_load(&table->slots[slot].word);
    int64_t after;
    do {
        if (JMP_MEMBER_GENERATION(word) != generation) {
            return false;
        }
        if (!lives(word)) {
            return JMP_MEMBER_STATE(word) == JMP_MEMBER_DEAD || JMP_MEMBER_STATE(word) == JMP_MEMBER_LEFT;
        }
        after = JMP_MEMBER_WORD(generation, JMP_MEMBER_STATE(word) == JMP_MEMBER_LEAVING ? JMP_MEMBER_LEFT : JMP_MEMBER_DEAD);
    } while (!atomic_compare_exchange_weak(&table->slots[slot].word, &word, after));
    return true;
}

int members_hello(const struct directory *directory, int slot, int64_t generation) {
    int64_t word;
    if (slot < 0 || slot >= JMP_MEMBER_SLOTS || map_table(directory) != 0) {
        return -EPROTO;
    }
    word = atomic_load(&table->slots[slot].word);
    if (!lives(word) || JMP_MEMBER_GENERATION(word) != generation) {
        return -EPROTO;
    }
    if (heard[slot].generation != generation) {
        heard[slot].generation = generation;
        heard[slot].connections = 0;
    }
    heard[slot].connections++;
    return 0;
}

bool members_goodbye(int slot, int64_t generation, bool ended) {
    if (heard[slot].generation == generation && heard[slot].connections > 0) {
        heard[slot].connections--;
        if (heard[slot].connections > 0) {
            return false;
        }
    }
    return ended && note_death(slot, generation);
}

/* Whether the pids in the table mean here what they mean to who wrote them, and the system tells us about processes. */
static bool knows_processes(void) {
    struct stat status;
    int64_t here = stat("/proc/self/ns/pid", &status) == 0 ? (int64_t)status.st_ino : 0;
    return table->header.pid_namespace == here && jmp_start_time(jmp_pid()) >= 0;
}

/* One that is not reaped yet is gone too. The pidfd says so; where there is none, it counts as living until it is reaped. */
static bool is_gone(int pid, int32_t start) {
    int64_t found = jmp_start_time(pid);
    bool gone = found == -ESRCH || (found >= 0 && (int32_t)(uint32_t)((uint64_t)found & UINT32_MAX) != start);
    if (found >= 0 && !gone) {
        int pidfd = jmp__pidfd_open(pid);
        if (pidfd >= 0) {
            gone = jmp_await(pidfd, JMP_READABLE, -1, 0) == JMP_READABLE;
            close(pidfd);
        }
    }
    return gone;
}

int members_look(const struct directory *directory) {
    int found = 0;
    if (map_table(directory) != 0 || !knows_processes()) {
        return 0;
    }
    for (int slot = 0; slot < JMP_MEMBER_SLOTS; slot++) {
        const struct jmp_member *member = &table->slots[slot];
        int64_t word = atomic_load(&member->word);
        int64_t generation = JMP_MEMBER_GENERATION(word);
        if (!lives(word) || (heard[slot].generation == generation && heard[slot].connections > 0)) {
            continue;
        }
        if (is_gone(member->pid, member->start)) {
            found |= note_death(slot, generation) ? MEMBERS_DIED : 0;
        } else {
            found |= MEMBERS_UNHEARD;
        }
    }
    return found;
}
