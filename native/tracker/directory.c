/* Directories of trees: our own, and those of the dead beside it. */
#include "tracker.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_NAME "lock"
#define PREFIX "jmp-"
#define ID_LENGTH 16

/* A directory without a lock file is being made, or what a maker left that was killed. */
#define SECONDS_TO_MAKE 10

int directory_open(int parent, const char *name, struct directory *directory) {
    struct stat status;
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int lock;
    if (fd < 0) {
        return -errno;
    }
    if (fstat(fd, &status) != 0 || status.st_uid != geteuid()) {
        close(fd);
        return -EPERM;
    }
    lock = openat(fd, LOCK_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (lock < 0 && errno != ENOENT) {
        int result = -errno;
        close(fd);
        return result;
    }
    *directory = (struct directory){.name = name, .parent = parent, .fd = fd, .lock = lock};
    return lock >= 0 ? 0 : -ENOLCK;
}

void directory_close(struct directory *directory) {
    jmp__close_quietly(directory->lock);
    jmp__close_quietly(directory->fd);
}

int directory_lock(const struct directory *directory, enum lock_mode mode) {
    struct stat locked;
    struct stat present;
    if (flock(directory->lock, (mode == LOCK_AS_USER ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? JMP_WOULD_BLOCK : -errno;
    }
    /* Whoever removed the directory had the lock before us, and somebody may have made another one in its place. */
    if (fstat(directory->lock, &locked) != 0 || fstatat(directory->fd, LOCK_NAME, &present, AT_SYMLINK_NOFOLLOW) != 0
        || locked.st_dev != present.st_dev || locked.st_ino != present.st_ino) {
        return -ESTALE;
    }
    return 0;
}

DIR *directory_list(const struct directory *directory) {
    /* A descriptor of its own: duplicates would share the position. */
    int fd = openat(directory->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    if (list == NULL) {
        jmp__close_quietly(fd);
    }
    return list;
}

/* Removes all entries but the lock. Returns how many. */
static int remove_entries(const struct directory *directory) {
    DIR *list = directory_list(directory);
    int removed = 0;
    if (list == NULL) {
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, LOCK_NAME) == 0) {
            continue;
        }
        if (strncmp(name, REGISTERED_PREFIX, strlen(REGISTERED_PREFIX)) == 0) {
            registered_unlink(directory->fd, name); /* before its registration: if we are killed between the two, the next sweep does it again */
        }
        removed += unlinkat(directory->fd, name, 0) == 0;
    }
    closedir(list);
    return removed;
}

void directory_remove(const struct directory *directory) {
    /* More than once: what readdir gives of a directory that changes is up to the system. */
    while (remove_entries(directory) > 0) {
    }
    /* The lock last. Who waits for it finds then that it is not the directory's any more, and one who makes a new lock here keeps the directory. */
    unlinkat(directory->fd, LOCK_NAME, 0);
    unlinkat(directory->parent, directory->name, AT_REMOVEDIR);
}

static bool is_tree(const char *name) {
    size_t prefix = strlen(PREFIX);
    return strncmp(name, PREFIX, prefix) == 0 && strlen(name) == prefix + ID_LENGTH && strspn(name + prefix, "0123456789abcdef") == ID_LENGTH;
}

static void remove_if_never_made(const struct directory *directory) {
    struct stat status;
    if (fstat(directory->fd, &status) == 0 && time(NULL) - status.st_mtime > SECONDS_TO_MAKE) {
        unlinkat(directory->parent, directory->name, AT_REMOVEDIR); /* only if it is empty: someone may make the lock right now */
    }
}

static void sweep_one(int parent, const char *name) {
    struct directory directory;
    int result = directory_open(parent, name, &directory);
    if (result == -ENOLCK) {
        remove_if_never_made(&directory);
    } else if (result != 0) {
        return;
    } else if (directory_lock(&directory, LOCK_AS_REMOVER) == 0) {
        directory_remove(&directory);
    }
    directory_close(&directory);
}

void directory_sweep(const struct directory *own) {
    const struct directory above = {.name = ".", .parent = own->parent, .fd = own->parent, .lock = -1};
    DIR *list = directory_list(&above);
    if (list == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        if (is_tree(entry->d_name) && strcmp(entry->d_name, own->name) != 0) {
            sweep_one(own->parent, entry->d_name);
        }
    }
    closedir(list);
}
