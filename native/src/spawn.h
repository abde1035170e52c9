/* What the parent (spawn.c) prepares and the child (child.c) carries out. */
#ifndef JMP_SPAWN_H
#define JMP_SPAWN_H

#include "internal.h"

#include <limits.h>
#include <sys/resource.h>

#define JMP__MAX_CPU 8192
#define JMP__CPU_WORD_BITS (sizeof(unsigned long) * CHAR_BIT)

struct jmp__limit {
    bool set;
    int resource; /* the platform's */
    struct rlimit value;
};

/* Everything is ready before the fork: the child may not allocate. */
struct jmp__plan {
    const char *path;
    char *const *argv;
    char *const *envp;
    const char *directory; /* or NULL */
    int *fds;              /* the child moves them about */
    int fd_count;
    int fail_fd;
    struct jmp__limit limits[JMP_RLIMIT_COUNT];
    bool has_nice;
    int nice;
    bool has_affinity;
    unsigned long cpus[JMP__MAX_CPU / JMP__CPU_WORD_BITS];
};

/* What goes through the fail pipe. Smaller than PIPE_BUF, so it arrives whole. */
struct jmp__failure {
    int32_t step;
    int32_t error;
};

/* spawn.c: points out[0..count] into a block of count NUL-terminated strings; the last one is NULL. */
int jmp__split(const char *block, size_t length, int count, char **out);
/* spawn.c: reads the option words into the plan. *step is what an error belongs to. */
int jmp__read_options(struct jmp__plan *plan, const int *words, int count, int *step);

/* child.c: reports errno at that step, and ends the process. */
_Noreturn void jmp__fail(const struct jmp__plan *plan, int step);
/* child.c: what a child does that executes no program: takes its three descriptors, if it has some, its directory and its limits. */
void jmp__settle(struct jmp__plan *plan);
/* child.c: runs a plan, with all signals blocked, on memory that may be the parent's. Ends in exec or _exit; has the form that clone wants. */
_Noreturn int jmp__child(void *plan);

#endif
