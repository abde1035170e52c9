/* The beginning and the end of a tracker: sweeping what the dead left, taking over from one that was killed, ending with its tree. */
#include "tracker_support.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

/* ---- shared memory objects with names of this process ---- */

static const char *object_name(int number) {
    static char name[32];
    snprintf(name, sizeof name, "/jmptest-%d-%d", getpid(), number);
    return name;
}

static unsigned long long object_make(int number) {
    struct stat status;
    int fd = jmp_shared_create(object_name(number));
    CHECK(fd >= 0);
    CHECK_IS(fstat(fd, &status), 0);
    close(fd);
    return (unsigned long long)status.st_ino;
}

static bool object_is_there(int number) {
    int fd = jmp_shared_open(object_name(number));
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static void object_register(const char *directory, int number, const char *text) {
    char path[256];
    snprintf(path, sizeof path, "%s/name-%s", directory, object_name(number) + 1);
    CHECK_IS(symlink(text, path), 0);
}

enum { RANDOM, RANDOM_FOREIGN, INODE, OTHER_INODE, BEGUN, BEGUN_LONG_AGO, BEGUN_LATER, GARBAGE, UNREGISTERED, OBJECTS, NONEXISTENT };

/* Registers one of each kind in a directory. */
static void objects_make(const char *directory) {
    char text[64];
    unsigned long long inodes[OBJECTS];
    for (int i = 0; i < OBJECTS; i++) {
        inodes[i] = object_make(i);
    }
    object_register(directory, RANDOM, "random");
    object_register(directory, RANDOM_FOREIGN, "random");
    if (geteuid() == 0) {
        int fd = jmp_shared_open(object_name(RANDOM_FOREIGN));
        CHECK_IS(fchown(fd, 65534, 65534), 0);
        close(fd);
    }
    snprintf(text, sizeof text, "%llu", inodes[INODE]);
    object_register(directory, INODE, text);
    snprintf(text, sizeof text, "%llu", inodes[OTHER_INODE] + 1);
    object_register(directory, OTHER_INODE, text);
    snprintf(text, sizeof text, "0:%lld", (long long)time(NULL) - 1);
    object_register(directory, BEGUN, text);
    snprintf(text, sizeof text, "0:%lld", (long long)time(NULL) - 100);
    object_register(directory, BEGUN_LONG_AGO, text);
    snprintf(text, sizeof text, "0:%lld", (long long)time(NULL) + 100);
    object_register(directory, BEGUN_LATER, text);
    object_register(directory, GARBAGE, "0x12");
    object_register(directory, NONEXISTENT, "random");
}

/* Checks that exactly those are gone that the tree made; removes the others. */
static void objects_check(void) {
    for (int i = 0; i < OBJECTS; i++) {
        bool made_by_tree = i == RANDOM || i == INODE || i == BEGUN || (i == RANDOM_FOREIGN && geteuid() != 0);
        fprintf(stderr, "  object %d\n", i);
        CHECK_IS(object_is_there(i), !made_by_tree);
        if (!made_by_tree) {
            CHECK_IS(jmp_shared_unlink(object_name(i)), 0);
        }
    }
}

/* ---- the sweep ---- */

static void put_file(const char *directory, const char *name) {
    char path[256];
    int fd;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    close(fd);
}

static void take_away(const char *directory, const char *name) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    CHECK_IS(unlink(path), 0);
}

static void make_old(const char *path) {
    struct timespec times[2] = {{.tv_sec = time(NULL) - 60}, {.tv_sec = time(NULL) - 60}};
    CHECK_IS(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* All that is started after this one's answer has been swept before. */
static void tracker_has_swept(const struct tree *tree) {
    int fd = tree_connect(tree);
    settle(fd);
    close(fd);
}

static void the_dead_are_swept_and_nobody_else(void) {
    enum { DEAD, HALF_REMOVED, LIVE, YOUNG, OLD_WITH_FILE, LONG_NAME, SHORT_NAME, OTHER_NAME, FOREIGN, ALL };
    static const char *const names[ALL] = {
        "jmp-1111111111111111", "jmp-2222222222222222",  "jmp-3333333333333333", "jmp-4444444444444444", "jmp-5555555555555555",
        "jmp-14348259238191253", "jmp-143482592381912", "jmp-ABCDEF0123456789", "jmp-6666666666666666",
    };
    static const char *const link_name = "jmp-7777777777777777";
    struct tree tree;
    char paths[ALL][128];
    char path[300];
    int locks[ALL];
    tree_make(&tree);
    for (int i = 0; i < ALL; i++) {
        locks[i] = tree_beside(&tree, names[i], paths[i]);
        if (i == LIVE) {
            CHECK_IS(flock(locks[i], LOCK_SH), 0);
        } else {
            close(locks[i]);
        }
        if (i == HALF_REMOVED || i == YOUNG || i == OLD_WITH_FILE) {
            take_away(paths[i], "lock");
        }
        if (i != HALF_REMOVED && i != YOUNG) {
            put_file(paths[i], "arena-1");
        }
        if (i != YOUNG) {
            make_old(paths[i]);
        }
    }
    put_file(paths[DEAD], "members");
    objects_make(paths[DEAD]);
    /* A link of a tree's name to somebody's folder. */
    snprintf(path, sizeof path, "%s/precious", tree.base);
    CHECK_IS(mkdir(path, 0700), 0);
    put_file(path, "lock");
    put_file(path, "name-x");
    snprintf(path, sizeof path, "%s/%s", tree.base, link_name);
    CHECK_IS(symlink("precious", path), 0);
    if (geteuid() == 0) {
        CHECK_IS(chown(paths[FOREIGN], 65534, 65534), 0);
    }

    tracker_start(&tree);
    tracker_has_swept(&tree);
    CHECK(!exists(paths[DEAD]));
    CHECK(!exists(paths[HALF_REMOVED]));
    CHECK_IS(count_entries(paths[LIVE]), 2);
    CHECK_IS(count_entries(paths[YOUNG]), 0);
    CHECK_IS(count_entries(paths[OLD_WITH_FILE]), 1);
    CHECK_IS(count_entries(paths[LONG_NAME]), 2);
    CHECK_IS(count_entries(paths[SHORT_NAME]), 2);
    CHECK_IS(count_entries(paths[OTHER_NAME]), 2);
    CHECK_IS(geteuid() == 0 ? count_entries(paths[FOREIGN]) : 2, 2);
    snprintf(path, sizeof path, "%s/precious", tree.base);
    CHECK_IS(count_entries(path), 2);
    objects_check();
    close(locks[LIVE]);
    tree_end(&tree, geteuid() == 0 ? 9 : 8);

    snprintf(path, sizeof path, "rm -r '%s'", tree.base);
    CHECK_IS(system(path), 0);
}

/* ---- taking over ---- */

static long switches(int pid) {
    char place[64];
    char line[256];
    long count = -1;
    FILE *file;
    snprintf(place, sizeof place, "/proc/%d/status", pid);
    file = fopen(place, "r");
    CHECK(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0) {
            count = atol(line + 24);
        }
    }
    fclose(file);
    CHECK(count >= 0);
    return count;
}

static void a_second_tracker_takes_over(void) {
    struct tree tree;
    struct jmp_line *lines;
    int dead;
    int leaving;
    int silent;
    int speaking;
    int forgotten;
    long before;
    tree_make(&tree);
    tracker_start(&tree);
    lines = segment_make(&tree, "queue-1", 3, true);
    dead = member_start(&tree, 0, 1, JMP_MEMBER_ALIVE, true);
    leaving = member_start(&tree, 1, 1, JMP_MEMBER_LEAVING, true);
    silent = member_start(&tree, 2, 1, JMP_MEMBER_ALIVE, true);
    member_write(&tree, 3, 1, JMP_MEMBER_ALIVE, getpid());
    member_write(&tree, 4, 1, JMP_MEMBER_ALIVE, getpid());
    tree.members->slots[4].start++; /* the process that has this pid now is another one */
    member_write(&tree, 5, 1, JMP_MEMBER_JOINING, getpid());
    tree.members->slots[5].start++; /* of its last member */
    tracker_kill(&tree);

    /* One who sleeps uncounted: the tracker was killed after it began the new epoch. */
    atomic_store(&lines[1].points[1].waiters, 1U << JMP_WAITERS_EPOCH_SHIFT);
    forgotten = child_fork();
    if (forgotten == 0) {
        _exit(jmp_wait_word((int64_t)(intptr_t)&lines[1].points[1].seq, 0, -1));
    }
    child_sleeps(forgotten);
    child_kill(dead);
    CHECK_IS(jmp_kill(leaving, -1, "KILL"), 0); /* and is not reaped: a zombie */

    tree_listen(&tree);
    tracker_start(&tree);
    child_reap(forgotten, 0);
    CHECK_IS(member_state(&tree, 0), JMP_MEMBER_DEAD);
    EVENTUALLY(member_state(&tree, 1) == JMP_MEMBER_LEFT);
    CHECK_IS(member_state(&tree, 2), JMP_MEMBER_ALIVE);
    CHECK_IS(member_state(&tree, 3), JMP_MEMBER_ALIVE);
    CHECK_IS(member_state(&tree, 4), JMP_MEMBER_DEAD);
    CHECK_IS(member_state(&tree, 5), JMP_MEMBER_JOINING);
    CHECK_IS(atomic_load(&lines[1].points[0].seq), 0); /* never used */
    child_kill(leaving);

    speaking = tree_connect(&tree);
    send_message(speaking, JMP_MESSAGE_HELLO, 3, 1, "", -1);
    settle(speaking);
    child_kill(silent);
    EVENTUALLY(member_state(&tree, 2) == JMP_MEMBER_DEAD);
    CHECK_IS(member_state(&tree, 3), JMP_MEMBER_ALIVE);

    /* Everybody who lives has said HELLO, so it looks no more. */
    usleep(3000000); /* until it has looked for what the dead had, twice */
    before = switches(tree.tracker);
    usleep(300000);
    CHECK_IS(switches(tree.tracker), before);
    close(speaking);
    EVENTUALLY(member_state(&tree, 3) == JMP_MEMBER_DEAD);
    segment_unmap(lines, 3);
    tree_end(&tree, 0);
}

/* ---- the end ---- */

static void it_serves_until_the_last_connection_is_closed(void) {
    struct tree tree;
    int other_tree;
    tree_make(&tree);
    tracker_start(&tree);
    objects_make(tree.path);
    other_tree = tree_connect(&tree);
    settle(other_tree);
    tree_close_pipe(&tree);
    tree_unlock(&tree);
    usleep(120000);
    settle(other_tree);
    CHECK(exists(tree.path));
    close(other_tree);
    tracker_ends(&tree);
    CHECK(!exists(tree.path));
    objects_check();
    CHECK_IS(jmp_unmap((int64_t)(intptr_t)tree.members, sizeof *tree.members), 0);
    CHECK_IS(rmdir(tree.base), 0);
}

static void it_serves_while_anybody_has_the_lock(void) {
    struct tree tree;
    int late;
    tree_make(&tree);
    tracker_start(&tree);
    tree_close_pipe(&tree);
    usleep(120000); /* it tries to end meanwhile, in vain */
    late = tree_connect(&tree);
    settle(late);
    close(late);
    usleep(120000);
    CHECK(exists(tree.path));
    tree_unlock(&tree);
    tracker_ends(&tree);
    CHECK(!exists(tree.path));
    CHECK_IS(jmp_unmap((int64_t)(intptr_t)tree.members, sizeof *tree.members), 0);
    CHECK_IS(rmdir(tree.base), 0);
}

/* As by a sweeper that came between two attempts to end, and another tree that made the lock anew. */
static void it_leaves_alone_what_is_not_its_own_any_more(void) {
    struct tree tree;
    char path[300];
    int lock;
    tree_make(&tree);
    tracker_start(&tree);
    tracker_has_swept(&tree);
    take_away(tree.path, "lock");
    put_file(tree.path, "lock");
    tree_close_pipe(&tree);
    tree_unlock(&tree);
    tracker_ends(&tree);
    snprintf(path, sizeof path, "%s/lock", tree.path);
    lock = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(lock >= 0);
    CHECK_IS(flock(lock, LOCK_EX | LOCK_NB), 0);
    close(lock);
    CHECK(count_entries(tree.path) >= 2);
    CHECK_IS(jmp_unmap((int64_t)(intptr_t)tree.members, sizeof *tree.members), 0);
    snprintf(path, sizeof path, "rm -r '%s'", tree.base);
    CHECK_IS(system(path), 0);
}

static void polite_signals_do_not_end_it(void) {
    static const char *const signals[] = {"TERM", "INT", "HUP"};
    struct tree tree;
    tree_make(&tree);
    tracker_start(&tree);
    tracker_has_swept(&tree); /* and so has left the starter's group before */
    CHECK(getpgid(tree.tracker) != getpgid(0));
    for (int i = 0; i < 3; i++) {
        CHECK_IS(jmp_kill(tree.tracker, -1, signals[i]), 0);
    }
    tracker_has_swept(&tree);
    tree_end(&tree, 0);
}

static int exit_code(const char *arguments, size_t length, const int *fds, int count) {
    int result[3];
    int status[3];
    struct request request = {.program = JMP_TRACKER, .arguments = arguments, .arguments_length = length, .fds = fds, .fd_count = count};
    CHECK_IS(spawn_request(&request, result), 0);
    reap_surely(result[0], result[1], status);
    CHECK_IS(status[0], 0);
    return status[1];
}

static void it_says_at_once_when_it_cannot_serve(void) {
    struct tree tree;
    char arguments[300];
    int length;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    tree_make(&tree);
    {
        const int fds[] = {null, null, 2, tree.pipe[0], tree.listener};
        CHECK_IS(exit_code("tracker", sizeof "tracker", fds, 5), 2);
        CHECK_IS(exit_code("tracker\0/nonexistent/jmp-1", sizeof "tracker\0/nonexistent/jmp-1", fds, 5), 3);
        length = snprintf(arguments, sizeof arguments, "tracker%c%s", 0, tree.base) + 1; /* no lock */
        CHECK_IS(exit_code(arguments, (size_t)length, fds, 5), 3);
        length = snprintf(arguments, sizeof arguments, "tracker%c%s", 0, tree.path) + 1;
        CHECK_IS(exit_code(arguments, (size_t)length, fds, 4), 4);
    }
    close(null);
    tracker_start(&tree);
    tree_end(&tree, 0);
}

int main(void) {
    tracker_tests_begin();
    RUN(the_dead_are_swept_and_nobody_else);
    RUN(a_second_tracker_takes_over);
    RUN(it_serves_until_the_last_connection_is_closed);
    RUN(it_serves_while_anybody_has_the_lock);
    RUN(it_leaves_alone_what_is_not_its_own_any_more);
    RUN(polite_signals_do_not_end_it);
    RUN(it_says_at_once_when_it_cannot_serve);
    return 0;
}
