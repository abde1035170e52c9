/* What the files of the library share. Nothing here is exported. */
#ifndef JMP_INTERNAL_H
#define JMP_INTERNAL_H

#include "jmp.h"
#include "jmp_config.h"

#include <stdbool.h>
#include <stdint.h>

/* The most bytes given to one read or write: macOS refuses more than INT_MAX. */
#define JMP__MAX_TRANSFER (INT64_C(1) << 30)

/* time.c */
int64_t jmp__now(void);
/* A point in time for a timeout; INT64_MAX for a negative one. */
int64_t jmp__deadline(int64_t timeout_nanos);
/* What is left until a deadline, at least 0. */
int64_t jmp__left(int64_t deadline);
/* Whether to try once more; *until is 0 before the first call. */
bool jmp__spin(int64_t *until, int64_t spin_nanos);

/* fd.c: the one place that knows how to make a descriptor close-on-exec or non-blocking where that is not atomic. */
int jmp__seal(int fd, bool non_blocking);
/* Closes without touching errno; negative ones are ignored. */
void jmp__close_quietly(int fd);
/* Called by jmp_load. */
void jmp__look_at_sigpipe(void);

/* names.c */
int jmp__signal_number(const char *name);
/* Writes a number in decimal, NUL-terminated, and returns its length. room is enough for 11 characters. */
size_t jmp__decimal(unsigned number, char *room);

/* process.c */
int jmp__pidfd_open(int pid);

#endif
