/* Trees for the tests of the tracker: what processes of a real one do, by this process and children that it forks. Linux only. */
#ifndef JMP_TEST_TRACKER_SUPPORT_H
#define JMP_TEST_TRACKER_SUPPORT_H

#include "check.h"
#include "jmp_layout.h"

#include <stdbool.h>
#include <unistd.h>

/* Waits for what happens in another process; how soon is not the question. */
#define EVENTUALLY(condition) \
    do { \
        int64_t until_ = nanos() + MILLIS(20000); \
        while (!(condition)) { \
            CHECK(nanos() < until_ || !#condition); \
            usleep(500); \
        } \
    } while (0)

struct tree {
    char base[64];  /* a folder for this tree and those beside it */
    char path[128]; /* the tree's directory */
    int lock;
    int pipe[2];
    int listener; /* -1 when it is the tracker's */
    int tracker;  /* the tracker's process, 0 when there is none */
    struct jmp_members *members;
};

/* The tracker becomes a child of this process when its starter ends. To be called once. */
void tracker_tests_begin(void);

/* Makes a tree whose root is this process, without tracker. */
void tree_make(struct tree *tree);

/* Makes a directory of another tree beside it and opens its lock file, which is returned, not locked. path has room for 128 bytes. */
int tree_beside(const struct tree *tree, const char *name, char *path);

/* Starts the tracker, which has the listening socket alone then; with limits for its descriptors. */
void tracker_start(struct tree *tree);
void tracker_start_limited(struct tree *tree, int soft, int hard);

/* Makes the listening socket again, as the starter of a second tracker does. */
void tree_listen(struct tree *tree);

/* Kills the tracker, as nothing but SIGKILL can. */
void tracker_kill(struct tree *tree);

/* Waits until the tracker has ended by itself, and checks that it has done so because the tree is over. */
void tracker_ends(struct tree *tree);

/* Gives up what this process has of the tree, and checks that the tracker ends and leaves nothing in the base but extra entries; removes the base. */
void tree_end(struct tree *tree, int extra);

/* Lets go of the tree pipe; and of the lock. */
void tree_close_pipe(struct tree *tree);
void tree_unlock(struct tree *tree);

/* How many entries a folder has. */
int count_entries(const char *path);
bool exists(const char *path);

/* Makes or overwrites a file in the tree's directory. */
void tree_write(const struct tree *tree, const char *name, const char *text);

/* Makes a segment of so many lines, header included, and maps it. */
struct jmp_line *segment_make(const struct tree *tree, const char *name, int lines, bool published);
void segment_unmap(struct jmp_line *lines, int count);

/* Connects to the tracker. */
int tree_connect(const struct tree *tree);
void send_message(int fd, int type, int slot, int64_t generation, const char *token, int descriptor);

/* Waits for the tracker's answer: 0 or 1; -1 if it closed the connection. */
int answer(int fd);
int answer_with(int fd, int *descriptor);

/* Asks something and waits for the answer, so that everything sent before has been done. */
void settle(int fd);

/* Writes a slot of the member table. pid and start are this process's, or the given one's. */
void member_write(const struct tree *tree, int slot, int64_t generation, int state, int pid);
int member_state(const struct tree *tree, int slot);
int64_t member_generation(const struct tree *tree, int slot);

/* Starts a process that takes a slot, says HELLO if it is to, and sleeps for ever. */
int member_start(const struct tree *tree, int slot, int64_t generation, int state, bool hello);

/* fork(2); the child is killed when this process ends, as by a failed check. */
int child_fork(void);

/* Kills a child; reaps it too. */
void child_kill(int pid);
void child_reap(int pid, int exit_code);

/* Waits until a child sleeps in a system call. */
void child_sleeps(int pid);

#endif
