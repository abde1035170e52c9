/*
 * The tracker: one small process for each tree of processes. It notices deaths, because the connection of a dead process ends; it keeps descriptors
 * for processes that find no other way to each other; and when nobody is left it removes what the tree shared.
 *
 * One thread, no memory from the heap but libc's for reading directories, nothing that waits for a client. Results as in jmp.h.
 */
#ifndef JMP_TRACKER_H
#define JMP_TRACKER_H

#include "internal.h"
#include "jmp_layout.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>

/* ---- directory.c ---- */

/* A tree's directory, open. It is in use while anybody has its lock; all go by these descriptors, so that no path can be exchanged on the way. */
struct directory {
    const char *name; /* in its parent */
    int parent;
    int fd;
    int lock;
};

enum lock_mode { LOCK_AS_USER, LOCK_AS_REMOVER };

/*
 * Opens a directory and its lock file, not locked. name stays the caller's. -EPERM if it belongs to another user; -ENOLCK if it has no lock file:
 * then lock is -1 and the rest is open. On any other error nothing is.
 */
int directory_open(int parent, const char *name, struct directory *directory);

void directory_close(struct directory *directory);

/*
 * Locks without waiting. Returns 0; JMP_WOULD_BLOCK if others prevent it, and then nothing is locked; -ESTALE if the lock is not the directory's
 * any more, because somebody removed it meanwhile.
 */
int directory_lock(const struct directory *directory, enum lock_mode mode);

/* Opens it for reading from its beginning; NULL if that fails. */
DIR *directory_list(const struct directory *directory);

/* Removes the directory, and the shared memory objects that are registered in it. It must be locked by LOCK_AS_REMOVER. */
void directory_remove(const struct directory *directory);

/* Removes the directories of trees of which nothing lives, beside our own. */
void directory_sweep(const struct directory *own);

/* ---- registered.c ---- */

#define REGISTERED_PREFIX "name-"

/* Unlinks the shared memory object that the symbolic link entry of the directory fd registers, if it is the one that was meant. */
void registered_unlink(int fd, const char *entry);

/* ---- members.c ---- */

/* What a look at the members found. */
enum { MEMBERS_DIED = 1, MEMBERS_UNHEARD = 2 };

/* A connection says whose it is. -EPROTO if there is no such member. */
int members_hello(const struct directory *directory, int slot, int64_t generation);

/* That connection is closed, and with ended the process has ended too. Returns whether a death was noted. */
bool members_goodbye(int slot, int64_t generation, bool ended);

/* Notes the deaths of members that have no connection to us. Returns MEMBERS_ bits: there were some; there are living ones without connection. */
int members_look(const struct directory *directory);

/* ---- broadcast.c ---- */

enum broadcast_to { BROADCAST_TO_COUNTED, BROADCAST_TO_ALL };

/*
 * Makes all who wait in the tree's segments look again, and forgets how many they were: some of them may be dead. TO_COUNTED passes over wait
 * points at which nobody is counted; TO_ALL does not, for a tracker before us may have been killed between the reset of a count and the wake-up.
 */
void broadcast(const struct directory *directory, enum broadcast_to to);

/* Whether a file of that name is a segment, if it is ours. */
bool segment_is_name(const char *name);

/* ---- shares.c ---- */

/* Removes queues and large arrays that no process has a share in and no handle is under way of. */
void shares_sweep(const struct directory *directory);

/* ---- deposits.c ---- */

/* How many descriptors may be kept; at most DEPOSITS_MOST, the default. */
#define DEPOSITS_MOST 4096
void deposits_limit(int most);

/* Keeps a descriptor, which is ours from now on. -EEXIST for a token that is there, -ENOSPC; the descriptor stays the caller's then. */
int deposits_put(const unsigned char *token, int fd);

/* Returns the descriptor kept for a token, still kept; -ENOENT. */
int deposits_find(const unsigned char *token);

/* Closes it. */
void deposits_forget(const unsigned char *token);

/* ---- connections.c ---- */

/* How many there may be; at most CONNECTIONS_MOST, the default: every member, and some that only bring or fetch a descriptor. */
#define CONNECTIONS_MOST 4608
void connections_limit(int most);

int connections_count(void);

/* Whether one more has room. */
bool connections_have_room(void);

/* The descriptor of a connection, 0 <= index < count. */
int connections_fd(int index);

/* Takes one that waits. Returns 1; 0 if none waits or it is another user's; -errno if the system has no room for it now. */
int connections_accept(int listener);

/* Bits of what serving a connection led to. */
enum { SERVED_DIED = 1, SERVED_UNHEARD = 2, SERVED_CLOSED = 4, SERVED_ENDED = 8 };

/*
 * Does what a connection that is ready asks for. Returns SERVED_ bits: a member died, which nobody had noted yet; one may live on without a
 * connection; the connection is closed, and the last one has its index now; a member's process has ended.
 */
int connections_serve(const struct directory *directory, int index);

/* ---- loop.c ---- */

/* Serves until the tree is gone. Returns 0, or -errno if that became impossible. */
int loop(const struct directory *directory, int tree_pipe, int listener);

#endif
