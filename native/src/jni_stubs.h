/*
 * What the JNI side shares: one stub for each native method of NativePosix, which has the names and signatures of Posix; each file of stubs has a
 * table of its own. Only the files that include this one know Java.
 *
 * Nothing is cached across calls, so nothing outlives the class loader. byte[] contents are copied through the stack in pieces: pinning an array
 * around a system call could stop the garbage collector for as long as the call blocks.
 */
#ifndef JMP_JNI_STUBS_H
#define JMP_JNI_STUBS_H

#include "internal.h"

#include <jni.h>

/* Every native method has these two; few look at them. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define SELF JNIEnv *env, jobject self

/* Most messages fit into the small piece, which keeps the stack small and warm. HotSpot guarantees 80 KiB of stack to native methods. */
#define SMALL_PIECE (8 * 1024)
#define LARGE_PIECE (64 * 1024)

#define MAX_PATH_BYTES 4096

/* JNI's own type has char * where it means const char *, and void * for a function. */
#define METHOD(name, signature, function) \
    { (char *)(uintptr_t)(name), (char *)(uintptr_t)(signature), (void *)(uintptr_t)(function) }

struct jmp__table {
    const JNINativeMethod *methods;
    jint count;
};

extern const struct jmp__table jmp__call_table;
extern const struct jmp__table jmp__fork_table;
extern const struct jmp__table jmp__io_table;
extern const struct jmp__table jmp__process_table;
extern const struct jmp__table jmp__suspend_table;

/* A copy of an array, or nothing for null. The _done functions let go of it. */
struct jmp__bytes {
    jbyteArray array;
    jbyte *copy;
    jint length;
};

struct jmp__ints {
    jintArray array;
    jint *copy;
    jint length;
};

bool jmp__bytes_in(JNIEnv *env, jbyteArray array, struct jmp__bytes *bytes);
void jmp__bytes_done(JNIEnv *env, const struct jmp__bytes *bytes);
bool jmp__ints_in(JNIEnv *env, jintArray array, struct jmp__ints *ints);
void jmp__ints_done(JNIEnv *env, const struct jmp__ints *ints);

/* Copies a NUL-terminated byte[] to room, which has MAX_PATH_BYTES. Returns 0 or -errno. */
int jmp__path_in(JNIEnv *env, jbyteArray path, char *room);

static inline jint at_most(jint length, jint limit) { return length < limit ? length : limit; }

#endif
