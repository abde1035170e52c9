/* Descriptors on their way between processes that have no socket in common. They outlive who brought them. */
#include "tracker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct {
    unsigned char token[JMP_TOKEN_BYTES];
    int fd;
} deposits[DEPOSITS_MOST];

static int count;
static int limit = DEPOSITS_MOST;

void deposits_limit(int most) { limit = most; }

static int find(const unsigned char *token) {
    for (int i = 0; i < count; i++) {
        if (memcmp(deposits[i].token, token, JMP_TOKEN_BYTES) == 0) {
            return i;
        }
    }
    return -ENOENT;
}

int deposits_put(const unsigned char *token, int fd) {
    if (find(token) >= 0) {
        return -EEXIST;
    }
    if (count >= limit) {
        return -ENOSPC;
    }
    memcpy(deposits[count].token, token, JMP_TOKEN_BYTES);
    deposits[count++].fd = fd;
    return 0;
}

int deposits_find(const unsigned char *token) {
    int index = find(token);
    return index >= 0 ? deposits[index].fd : index;
}

void deposits_forget(const unsigned char *token) {
    int index = find(token);
    if (index >= 0) {
        close(deposits[index].fd);
        deposits[index] = deposits[--count];
    }
}
