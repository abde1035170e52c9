/* What the files share that suspend threads. */
#ifndef JMP_JNI_SUSPEND_H
#define JMP_JNI_SUSPEND_H

#include "fork.h"

#ifdef JMP__CAN_FORK

#include <jvmti.h>

/* jni_suspend.c */
/* NULL before a thread was suspended for the first time. */
jvmtiEnv *jmp__jvmti(void);
/* The VM's JavaThread; NULL for a thread that has ended. */
const char *jmp__record_of(JNIEnv *env, jthread thread);

/* jni_critical.c */
/* Finds out where a JavaThread counts its regions. In the thread whose record it is. */
void jmp__find_critical(JNIEnv *env, const char *record);
/*
 * Waits until suspended threads (or nulls), the first of an array, are at rest outside critical regions; those that are not go on for that. Each
 * collection waits until nobody is in such a region, and who needs memory waits for the collection: in the parent the thread that forks, in the
 * child any, and for ever. Which are inside shows only when all are at rest, as some wait for a collection to be over, or for the others to let one
 * begin. Allocates nothing. -ETIMEDOUT if one never is, which may not be suspended then.
 */
int jmp__settle_applications(JNIEnv *env, jobjectArray threads, jsize count);

#endif
#endif
