/*
 * Shared memory objects that bear names which any program may use. A tree that makes one registers it by a symbolic link in its directory, whose text
 * says how to tell it from another of the same name:
 *   random     the name was drawn at random: nobody else has it
 *   INODE      the object that was made has this inode
 *   0:SECONDS  it was about to be made at this time
 */
#include "tracker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An object whose maker died before it noted the inode was made within this time. */
#define SECONDS_TO_CREATE 2

/* Reads a decimal number; -1 if there is none or more than it. */
static long long number(const char *text) {
    char *end;
    long long value;
    if (*text < '0' || *text > '9') {
        return -1;
    }
    errno = 0;
    value = strtoll(text, &end, 10);
    return *end == '\0' && errno == 0 ? value : -1;
}

static bool is_meant(const char *text, const struct stat *object) {
    if (object->st_uid != geteuid()) {
        return false;
    }
    if (strcmp(text, "random") == 0) {
        return true;
    }
    if (strncmp(text, "0:", 2) == 0) {
        long long registered = number(text + 2);
        return registered >= 0 && object->st_ctime >= registered && object->st_ctime <= registered + SECONDS_TO_CREATE;
    }
    return number(text) >= 0 && (unsigned long long)number(text) == (unsigned long long)object->st_ino;
}

void registered_unlink(int fd, const char *entry) {
    char text[64];
    char name[256 + 1];
    struct stat object;
    const char *plain = entry + strlen(REGISTERED_PREFIX);
    ssize_t length = readlinkat(fd, entry, text, sizeof text - 1);
    int shared;
    if (length <= 0 || *plain == '\0' || strlen(plain) + 2 > sizeof name) {
        return;
    }
    text[length] = '\0';
    name[0] = '/';
    memcpy(name + 1, plain, strlen(plain) + 1);
    shared = jmp_shared_open(name);
    if (shared < 0) {
        return; /* gone already, or not ours */
    }
    if (fstat(shared, &object) == 0 && is_meant(text, &object)) {
        jmp_shared_unlink(name);
    }
    close(shared);
}
