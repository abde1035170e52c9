/*
 * What lies in the shared files of a tree's directory, as far as the tracker reads it; Java has the same in Members and in Segment, Line and
 * WaitPoint. Native byte order: the files never leave the machine.
 */
#ifndef JMP_LAYOUT_H
#define JMP_LAYOUT_H

#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Of both kinds of files, raised whenever one of them changes. */
#define JMP_LAYOUT_VERSION 1

/* ---- members: a header and JMP_MEMBER_SLOTS slots ---- */

#define JMP_MEMBERS_MAGIC INT64_C(0x6a6d706d656d6273) /* "jmpmembs" */
#define JMP_MEMBER_SLOTS 4096

struct jmp_members_header {
    _Atomic int64_t magic; /* written last */
    int32_t version;
    int32_t slots;
    int64_t pid_namespace; /* inode of /proc/self/ns/pid, 0 where there is none */
    _Atomic int32_t unwatched;
    _Atomic int32_t next;
    int32_t unused[8];
};

/* States of a slot. Whoever is JOINING has not written pid and start yet. */
enum { JMP_MEMBER_FREE, JMP_MEMBER_JOINING, JMP_MEMBER_ALIVE, JMP_MEMBER_LEAVING, JMP_MEMBER_DEAD, JMP_MEMBER_LEFT };

#define JMP_MEMBER_STATE(word) ((int)((word) & 0xff))
#define JMP_MEMBER_GENERATION(word) ((word) >> 8)
#define JMP_MEMBER_WORD(generation, state) ((int64_t)((uint64_t)(generation) << 8 | (uint64_t)(state)))

struct jmp_member {
    _Atomic int64_t word; /* generation << 8 | state */
    int32_t pid;
    int32_t start; /* low half of jmp_start_time */
};

struct jmp_members {
    struct jmp_members_header header;
    struct jmp_member slots[JMP_MEMBER_SLOTS];
};

static_assert(sizeof(struct jmp_members_header) == 64, "the header of the member table has 64 bytes");
static_assert(offsetof(struct jmp_members_header, version) == 8, "version");
static_assert(offsetof(struct jmp_members_header, slots) == 12, "slots");
static_assert(offsetof(struct jmp_members_header, pid_namespace) == 16, "pid namespace");
static_assert(offsetof(struct jmp_members_header, unwatched) == 24, "unwatched");
static_assert(offsetof(struct jmp_members_header, next) == 28, "next");
static_assert(sizeof(struct jmp_member) == 16, "a slot has 16 bytes");
static_assert(offsetof(struct jmp_member, pid) == 8, "pid");
static_assert(offsetof(struct jmp_member, start) == 12, "start");
static_assert(offsetof(struct jmp_members, slots) == 64, "the slots follow the header");

/* ---- arena-*, queue-*: a header as long as a line, then lines ---- */

#define JMP_SEGMENT_MAGIC INT64_C(0x6a6d706172656e61) /* "jmparena" */

struct jmp_segment_header {
    _Atomic int64_t magic; /* written last */
    int32_t version;
    int32_t lines; /* this header counts as one */
    int32_t kind;
    unsigned char own[44];
};

/* waiters is epoch << 16 and what belongs to the epoch: who leaves in another epoch than he entered in is counted no more. */
#define JMP_WAITERS_IN_EPOCH 0xffffU
#define JMP_WAITERS_EPOCH_SHIFT 16

struct jmp_wait_point {
    _Atomic int32_t seq; /* the word that the kernel waits for */
    _Atomic uint32_t waiters;
};

struct jmp_line {
    _Atomic int64_t owner;
    struct jmp_wait_point points[2]; /* of the lock, of the object */
    int32_t hunger;
    _Atomic int32_t lines; /* of the object: those behind this one hold what it likes. 0: never used, nor those that follow */
    unsigned char own[32];
};

/* Those of which processes hold shares, and where each says how many handles are under way, an int. */
enum { JMP_KIND_QUEUE = 2, JMP_KIND_ARRAY = 3 };
#define JMP_QUEUE_UNDER_WAY (3 * (off_t)sizeof(struct jmp_line) + (off_t)offsetof(struct jmp_line, own) + 4)
#define JMP_ARRAY_UNDER_WAY ((off_t)offsetof(struct jmp_segment_header, own))

static_assert(sizeof(struct jmp_segment_header) == 64, "a segment's header is as long as a line");
static_assert(offsetof(struct jmp_segment_header, version) == 8, "version");
static_assert(offsetof(struct jmp_segment_header, lines) == 12, "lines");
static_assert(offsetof(struct jmp_segment_header, kind) == 16, "kind");
static_assert(sizeof(struct jmp_line) == 64, "a line has 64 bytes");
static_assert(offsetof(struct jmp_line, points) == 8, "the wait points follow the owner");
static_assert(offsetof(struct jmp_line, lines) == 28, "lines");
static_assert(JMP_QUEUE_UNDER_WAY == 228 && JMP_ARRAY_UNDER_WAY == 20, "handles under way");
static_assert(sizeof(struct jmp_wait_point) == 8, "a wait point has two words");
static_assert(offsetof(struct jmp_wait_point, waiters) == 4, "waiters");

/* ---- the tracker's messages ---- */

enum { JMP_MESSAGE_HELLO = 1, JMP_MESSAGE_DEPOSIT = 2, JMP_MESSAGE_REDEEM = 3 };

#define JMP_TOKEN_BYTES 16

struct jmp_message {
    int32_t type;
    int32_t slot;
    int64_t generation;
    unsigned char token[JMP_TOKEN_BYTES];
};

static_assert(sizeof(struct jmp_message) == 32, "a message has 32 bytes");
static_assert(offsetof(struct jmp_message, generation) == 8, "generation");
static_assert(offsetof(struct jmp_message, token) == 16, "token");

/* The shared words are changed by Java as plain words: no lock may hide behind an atomic one. */
static_assert(ATOMIC_INT_LOCK_FREE == 2 && ATOMIC_LLONG_LOCK_FREE == 2, "atomic words without locks");
static_assert(sizeof(_Atomic int64_t) == 8 && sizeof(_Atomic int32_t) == 4, "atomic words as large as plain ones");

#endif
