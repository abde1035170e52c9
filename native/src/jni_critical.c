/*
 * Threads inside JNI's critical regions, which hold an array where it is: a collector that cannot pin it waits for them. A thread that is suspended
 * there would be waited for for ever.
 */
#include "fork.h"
#include "jni_suspend.h"

#ifdef JMP__CAN_FORK

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What of a JavaThread is searched for its count of critical regions. */
#define MOST_WORDS 1024
#define LOOK_NANOS 30000

/* Of JavaThread::_jni_active_critical; -1 where there is none, as in collectors that pin regions instead. */
static long critical_at = -1;

static void read_words(int *words, const char *record, long count) { memcpy(words, record, (size_t)count * sizeof *words); }

/* It is in no table, but it is the word that goes 0, 1, 2, 0 while critical regions are entered one in the other. */
void jmp__find_critical(JNIEnv *env, const char *record) {
    static int seen[4][MOST_WORDS];
    long count = (long)(jmp__known_layout()->java_thread_size / sizeof(int));
    jbyteArray array = (*env)->NewByteArray(env, 8);
    void *outer;
    void *inner;
    if (array == NULL) {
        return;
    }
    count = count < MOST_WORDS ? count : MOST_WORDS;
    read_words(seen[0], record, count);
    outer = (*env)->GetPrimitiveArrayCritical(env, array, NULL);
    read_words(seen[1], record, count);
    inner = (*env)->GetPrimitiveArrayCritical(env, array, NULL);
    read_words(seen[2], record, count);
    (*env)->ReleasePrimitiveArrayCritical(env, array, inner, JNI_ABORT);
    (*env)->ReleasePrimitiveArrayCritical(env, array, outer, JNI_ABORT);
    read_words(seen[3], record, count);
    for (long i = 0; i < count; i++) {
        if (seen[0][i] == 0 && seen[1][i] == 1 && seen[2][i] == 2 && seen[3][i] == 0) {
            critical_at = i * (long)sizeof(int);
        }
    }
}

bool jmp__knows_critical(void) { return critical_at >= 0; }

static void nap(void) {
    struct timespec moment = {.tv_nsec = LOOK_NANOS};
    nanosleep(&moment, NULL);
}

/* Which of the twins run, or have run since the last look, by what the kernel counts. */
static bool is_calm(char (*before)[64]) {
    bool calm = true;
    for (int i = 0; i < jmp__thread_count; i++) {
        const struct jmp__thread *thread = &jmp__threads[i];
        char path[64] = "/proc/self/task/";
        char text[64];
        ssize_t length;
        int fd;
        pid_t tid;
        if (thread->gone || (!thread->application && strcmp(thread->name, "VM Thread") != 0)) {
            continue;
        }
        memcpy(&tid, thread->pthread + jmp__layout_used->tid_at, sizeof tid);
        jmp__decimal((unsigned)tid, path + strlen(path));
        strcat(path, "/schedstat");
        fd = open(path, O_RDONLY | O_CLOEXEC);
        length = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
        if (fd >= 0) {
            close(fd);
        }
        text[length > 0 ? length : 0] = '\0';
        if (strcmp(text, before[i]) != 0) {
            strcpy(before[i], text);
            calm = false;
        }
    }
    return calm;
}

int jmp__await_calm(int64_t deadline) {
    char(*before)[64] = calloc((size_t)jmp__thread_count + 1, sizeof *before);
    int calm = 0;
    if (before == NULL) {
        return -ENOMEM;
    }
    while (calm < 2 && jmp__left(deadline) != 0) {
        calm = is_calm(before) ? calm + 1 : 0;
        nap();
    }
    free(before);
    return calm == 2 ? 0 : -ETIMEDOUT;
}

/* The record is looked up each time, as it goes when the thread ends. */
static bool is_inside(JNIEnv *env, jfieldID field, jthread thread) {
    const char *record = (const char *)(uintptr_t)(*env)->GetLongField(env, thread, field);
    int count = 0;
    if (record != NULL) {
        memcpy(&count, record + critical_at, sizeof count);
    }
    return count > 0;
}

int jmp__leave_critical(JNIEnv *env, jvmtiEnv *tool, jfieldID field, jthread thread, int64_t deadline) {
    int result = 1;
    jvmtiError error;
    if (!is_inside(env, field, thread)) {
        return 0;
    }
    if ((*tool)->ResumeThread(tool, thread) != JVMTI_ERROR_NONE) {
        return -ENOTSUP;
    }
    while (result == 1 && is_inside(env, field, thread)) {
        result = jmp__left(deadline) == 0 ? -ETIMEDOUT : 1;
        sched_yield();
    }
    error = (*tool)->SuspendThread(tool, thread);
    return error == JVMTI_ERROR_NONE || error == JVMTI_ERROR_THREAD_NOT_ALIVE ? result : -ENOTSUP;
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_critical;

#endif
