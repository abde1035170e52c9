/* What the files about suspended threads share. */
#ifndef JMP_JNI_SUSPEND_H
#define JMP_JNI_SUSPEND_H

#include "fork.h"

#ifdef JMP__CAN_FORK

#include <jvmti.h>

/* Learns where the VM counts the critical regions of a thread, from the caller's own record, a JavaThread *. */
void jmp__find_critical(JNIEnv *env, const char *record);
/* Whether it counts them. Collectors that pin arrays do not. */
bool jmp__knows_critical(void);
/*
 * Has a suspended thread run until it has left its critical regions, and suspends it again. 1 if it was in one, 0 if not; -ETIMEDOUT if it does not
 * leave: then it is suspended where it is. record is the field of Thread that has the VM's record.
 */
int jmp__leave_critical(JNIEnv *env, jvmtiEnv *tool, jfieldID record, jthread thread, int64_t deadline);
/* In a child: twins of the application's threads go on until the VM stops them; waits until they and the VM have come to rest. */
int jmp__await_calm(int64_t deadline);

#endif
#endif
