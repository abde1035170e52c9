/* What nobody has a share in any more is removed after a death: queues with all their files, large arrays. Nothing else is. */
#include "tracker_support.h"

#include <fcntl.h>
#include <sys/file.h>

#define LINES 4

/* Makes a segment of that kind, with so many handles under way. */
static void make(const struct tree *tree, const char *name, int kind, int under_way, bool published) {
    struct jmp_line *lines = segment_make(tree, name, LINES, published);
    ((struct jmp_segment_header *)lines)->kind = kind;
    memcpy((char *)lines + (kind == JMP_KIND_QUEUE ? JMP_QUEUE_UNDER_WAY : JMP_ARRAY_UNDER_WAY), &under_way, sizeof under_way);
    segment_unmap(lines, LINES);
}

static bool is_there(const struct tree *tree, const char *name) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", tree->path, name);
    return exists(path);
}

/* Takes a share, as a process of the tree does; close(2) gives it up. */
static int hold(const struct tree *tree, const char *name) {
    char path[256];
    int fd;
    snprintf(path, sizeof path, "%s/%s", tree->path, name);
    fd = open(path, O_RDWR | O_CLOEXEC);
    CHECK(fd >= 0);
    CHECK_IS(flock(fd, LOCK_SH), 0);
    return fd;
}

static void what_nobody_has_is_removed(void) {
    static const char *const stay[] = {"queue-held",  "ring-held.1",   "blob-held.1", "queue-sent",    "ring-sent.1", "queue-begun",
                                       "arena-locks", "arena-sent",    "arena-begun", "ring-alone2.1", "blob-alon.1", "ring-alone",
                                       "other-alone", "queue-foreign"};
    static const char *const go[] = {"queue-alone", "ring-alone.1", "ring-alone.22", "blob-alone.0123456789abcdef", "queue-less", "arena-alone"};
    struct tree tree;
    int mine;
    int died;
    int share;
    int settled;
    tree_make(&tree);
    tracker_start(&tree);
    settled = tree_connect(&tree);
    settle(settled); /* its first look is over */
    close(settled);
    make(&tree, "queue-alone", JMP_KIND_QUEUE, 0, true);
    make(&tree, "queue-less", JMP_KIND_QUEUE, -1, true);
    make(&tree, "queue-held", JMP_KIND_QUEUE, 0, true);
    make(&tree, "queue-sent", JMP_KIND_QUEUE, 1, true);
    make(&tree, "queue-begun", JMP_KIND_QUEUE, 0, false);
    make(&tree, "queue-foreign", 77, 0, true);
    make(&tree, "arena-alone", JMP_KIND_ARRAY, 0, true);
    make(&tree, "arena-sent", JMP_KIND_ARRAY, 2, true);
    make(&tree, "arena-begun", JMP_KIND_ARRAY, 0, false);
    make(&tree, "arena-locks", 1, 0, true);
    for (size_t i = 0; i < sizeof stay / sizeof *stay; i++) {
        if (!is_there(&tree, stay[i])) {
            tree_write(&tree, stay[i], "x");
        }
    }
    for (size_t i = 0; i < sizeof go / sizeof *go; i++) {
        if (!is_there(&tree, go[i])) {
            tree_write(&tree, go[i], "x");
        }
    }
    share = hold(&tree, "queue-held"); /* by this process, which lives on: not by who dies */
    died = member_start(&tree, 0, 1, JMP_MEMBER_ALIVE, true);
    mine = member_start(&tree, 1, 1, JMP_MEMBER_ALIVE, true);
    child_kill(died);
    for (size_t i = 0; i < sizeof go / sizeof *go; i++) {
        EVENTUALLY(!is_there(&tree, go[i]));
    }
    CHECK(is_there(&tree, "queue-held"));
    close(share);
    child_kill(mine);
    EVENTUALLY(!is_there(&tree, "queue-held") && !is_there(&tree, "ring-held.1") && !is_there(&tree, "blob-held.1"));
    usleep(2500000); /* until it has looked twice more */
    for (size_t i = 0; i < sizeof stay / sizeof *stay; i++) {
        CHECK_IS(is_there(&tree, stay[i]), strstr(stay[i], "-held") == NULL);
    }
    tree_end(&tree, 0);
}

static void a_tracker_that_follows_a_killed_one_looks_at_once(void) {
    struct tree tree;
    tree_make(&tree);
    tracker_start(&tree);
    make(&tree, "queue-1", JMP_KIND_QUEUE, 0, true);
    tracker_kill(&tree);
    tree_listen(&tree);
    tracker_start(&tree);
    EVENTUALLY(!is_there(&tree, "queue-1"));
    tree_end(&tree, 0);
}

int main(void) {
    tracker_tests_begin();
    RUN(what_nobody_has_is_removed);
    RUN(a_tracker_that_follows_a_killed_one_looks_at_once);
    return 0;
}
