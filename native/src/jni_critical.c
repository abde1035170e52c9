/*
 * Keeps suspended threads out of the critical regions of JNI (GetPrimitiveArrayCritical). A thread that is suspended in native code goes on
 * until it comes back to the VM, which may be in order to leave such a region, and then it stands inside.
 */
#include "fork.h"
#include "jni_suspend.h"

#include <errno.h>

#ifdef JMP__CAN_FORK

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

/* What of a JavaThread is searched for its count of critical regions. */
#define MOST_WORDS 1024
/* A thread leaves a critical region within the time that compressing or copying an array takes. */
#define PATIENCE_NANOS INT64_C(2000000000)
#define LOOK_NANOS 30000
/* Of a ParkEvent, which is aligned to it. */
#define PARKING_PLACE 256
/* Nine numbers of 64 bits. */
#define SYSCALL_TEXT 256

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

static void nap(void) {
    struct timespec moment = {.tv_nsec = LOOK_NANOS};
    nanosleep(&moment, NULL);
}

static bool is_in_critical(JNIEnv *env, jthread thread) {
    const char *record = critical_at >= 0 ? jmp__record_of(env, thread) : NULL;
    int count = 0;
    if (record != NULL) {
        memcpy(&count, record + critical_at, sizeof count);
    }
    return count > 0;
}

/*
 * Has a suspended thread stand outside critical regions: 1 if it had to go on for that, 0 if not; -ESRCH if it has ended, or -ETIMEDOUT, and it is
 * not suspended then.
 */
static int stand_outside(JNIEnv *env, jthread thread, int64_t deadline) {
    jvmtiEnv *tool = jmp__jvmti();
    int result = 0;
    while (is_in_critical(env, thread)) {
        jvmtiError error = (*tool)->ResumeThread(tool, thread);
        if (error != JVMTI_ERROR_NONE || jmp__left(deadline) == 0) {
            return error != JVMTI_ERROR_NONE ? -ENOTSUP : -ETIMEDOUT;
        }
        nap();
        error = (*tool)->SuspendThread(tool, thread);
        if (error != JVMTI_ERROR_NONE) {
            return error == JVMTI_ERROR_THREAD_NOT_ALIVE ? -ESRCH : -ENOTSUP;
        }
        result = 1;
    }
    return result;
}

/* Whether a futex is in the VM's record of a thread, or in what the record points to: its parking places, and the lock of its suspension. */
static bool is_own(const char *record, uintptr_t word) {
    uint64_t size = jmp__known_layout()->java_thread_size;
    bool own = word - (uintptr_t)record < size;
    for (uint64_t at = 0; at + sizeof word <= size && !own; at += sizeof word) {
        uintptr_t pointer;
        memcpy(&pointer, record + at, sizeof pointer);
        own = word - pointer < PARKING_PLACE;
    }
    return own;
}

/*
 * Whether a suspended thread stays where it is. One in native code does: it comes as far as its next call of the VM. Any other waits for something of
 * its own. One that waits for a lock of the VM's gets that first, and may even enter a critical region, if it was about to; but a wait of limited
 * time is one for the suspension of virtual threads to end.
 */
static bool is_at_rest(const char *record) {
    const struct jmp__layout *layout = jmp__known_layout();
    const char *os_thread;
    char text[SYSCALL_TEXT];
    char *rest = text;
    uintptr_t arguments[4];
    int state;
    int tid;
    memcpy(&state, record + layout->state_at, sizeof state);
    if (state == JMP__IN_NATIVE) {
        return true;
    }
    memcpy(&os_thread, record + layout->os_thread_at, sizeof os_thread);
    memcpy(&tid, os_thread + layout->os_tid_at, sizeof tid);
    if (jmp__read_syscall(tid, text, sizeof text) <= 0 || strtol(text, &rest, 10) != SYS_futex || rest == text) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        arguments[i] = strtoul(rest, &rest, 16);
    }
    return arguments[3] != 0 || is_own(record, arguments[0]);
}

/* 0: a suspended thread is at rest outside critical regions, and stays so; 1: it may be next time; or -errno. */
static int settle_one(JNIEnv *env, jthread thread, int64_t deadline) {
    const char *record = thread != NULL ? jmp__record_of(env, thread) : NULL;
    int result = 0;
    if (record != NULL) {
        result = is_at_rest(record) ? stand_outside(env, thread, deadline) : 1;
    }
    return result == -ESRCH ? 1 : result;
}

int jmp__settle_applications(JNIEnv *env, jobjectArray threads, jsize count) {
    int64_t deadline = jmp__deadline(PATIENCE_NANOS);
    bool settled = critical_at < 0;
    while (!settled) {
        settled = true;
        for (jsize i = 0; i < count; i++) {
            jthread thread = (*env)->GetObjectArrayElement(env, threads, i);
            int result = settle_one(env, thread, deadline);
            (*env)->DeleteLocalRef(env, thread);
            if (result < 0) {
                return result;
            }
            settled &= result == 0;
        }
        if (!settled) {
            if (jmp__left(deadline) == 0) {
                return -ETIMEDOUT;
            }
            nap();
        }
    }
    return 0;
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_critical;

#endif
