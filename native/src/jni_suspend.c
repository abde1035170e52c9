/*
 * Stubs for the threads of this JVM that are the application's: in a forked child they must never run Java code again. JVMTI suspends them in the
 * parent before the fork, and lets them go on there after it; their twins find themselves suspended. The interface can be had without an agent, but
 * its right to suspend belongs to one at a time: a debugger has it for good.
 */
#include "fork.h"
#include "jni_stubs.h"
#include "jni_suspend.h"

#include <errno.h>

#ifdef JMP__CAN_FORK

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* JDK 21's jvmti.h, for headers that are older. The functions' places in the table are fixed, from 1. */
#define VIRTUAL_THREADS_SINCE 21
#define SUPPORT_VIRTUAL_THREADS_WORD 1
#define SUPPORT_VIRTUAL_THREADS_BIT (1U << 12)
#define SUSPEND_ALL_VIRTUAL_THREADS 118
#define RESUME_ALL_VIRTUAL_THREADS 119
#define VERSION_MASK 0x0FFF0000
#define VERSION_SHIFT 16

typedef jvmtiError(JNICALL *all_virtual_threads)(jvmtiEnv *env, jint except_count, const jthread *except);

/* Each GetEnv makes another one, so it is kept; the VM is this process's for ever. */
static jvmtiEnv *tool;
static bool has_virtual_threads;

/* Of Thread::eetop, where the VM's record of a thread is. */
static jfieldID record_field;

jvmtiEnv *jmp__jvmti(void) { return tool; }

const char *jmp__record_of(JNIEnv *env, jthread thread) { return (const char *)(uintptr_t)(*env)->GetLongField(env, thread, record_field); }

static bool find_record_field(JNIEnv *env) {
    jclass thread = (*env)->FindClass(env, "java/lang/Thread");
    record_field = thread != NULL ? (*env)->GetFieldID(env, thread, "eetop", "J") : NULL;
    return record_field != NULL;
}

static int find_tool(JNIEnv *env) {
    JavaVM *vm;
    jvmtiEnv *found;
    jvmtiCapabilities wanted;
    jint version;
    jthread self;
    char text[16];
    if (tool != NULL) {
        return 0;
    }
    if (!find_record_field(env) || jmp__known_layout() == NULL || (*env)->GetJavaVM(env, &vm) != JNI_OK
        || (*vm)->GetEnv(vm, (void **)&found, JVMTI_VERSION_1_2) != JNI_OK) {
        return -ENOTSUP;
    }
    memset(&wanted, 0, sizeof wanted);
    wanted.can_suspend = 1;
    if ((*found)->GetVersionNumber(found, &version) == JVMTI_ERROR_NONE && (version & VERSION_MASK) >> VERSION_SHIFT >= VIRTUAL_THREADS_SINCE) {
        unsigned word;
        char *at = (char *)&wanted + SUPPORT_VIRTUAL_THREADS_WORD * sizeof word;
        memcpy(&word, at, sizeof word);
        word |= SUPPORT_VIRTUAL_THREADS_BIT;
        memcpy(at, &word, sizeof word);
        has_virtual_threads = true;
    }
    if ((*found)->AddCapabilities(found, &wanted) != JVMTI_ERROR_NONE) {
        (*found)->DisposeEnvironment(found);
        return -EPERM;
    }
    if ((*found)->GetCurrentThread(found, &self) != JVMTI_ERROR_NONE || jmp__read_syscall((pid_t)syscall(SYS_gettid), text, sizeof text) <= 0) {
        return -ENOTSUP;
    }
    jmp__find_critical(env, jmp__record_of(env, self));
    tool = found;
    return 0;
}

static int turn_virtual_threads(int function) {
    all_virtual_threads call;
    if (!has_virtual_threads) {
        return 0;
    }
    memcpy(&call, (const char *)*tool + (size_t)(function - 1) * sizeof(void *), sizeof call);
    return call(tool, 0, NULL) == JVMTI_ERROR_NONE ? 0 : -ENOTSUP;
}

static jint suspension_check(SELF) { return find_tool(env); }

/* The JDK's own threads go on in a child: they are what a JVM needs to work. */
static bool is_application(JNIEnv *env, jthread thread) {
    jvmtiThreadInfo info;
    jvmtiThreadGroupInfo group = {0};
    bool result = true;
    if ((*tool)->GetThreadInfo(tool, thread, &info) != JVMTI_ERROR_NONE) {
        return false; /* it has ended */
    }
    if (info.thread_group != NULL && (*tool)->GetThreadGroupInfo(tool, info.thread_group, &group) == JVMTI_ERROR_NONE) {
        result = group.name == NULL || (strcmp(group.name, "system") != 0 && strcmp(group.name, "InnocuousThreadGroup") != 0);
        (*tool)->Deallocate(tool, (unsigned char *)group.name);
        (*env)->DeleteLocalRef(env, group.parent);
    }
    (*tool)->Deallocate(tool, (unsigned char *)info.name);
    (*env)->DeleteLocalRef(env, info.thread_group);
    (*env)->DeleteLocalRef(env, info.context_class_loader);
    return result;
}

/* Suspends one of the application's threads. 1 if it was not before; 0 if it was, or has ended, or is not the application's. */
static int suspend_one(JNIEnv *env, jthread thread, jthread self) {
    jvmtiError error;
    if ((*env)->IsSameObject(env, thread, self) || !is_application(env, thread)) {
        return 0;
    }
    error = (*tool)->SuspendThread(tool, thread);
    return error == JVMTI_ERROR_NONE ? 1 : error == JVMTI_ERROR_THREAD_SUSPENDED || error == JVMTI_ERROR_THREAD_NOT_ALIVE ? 0 : -ENOTSUP;
}

static int resume_all(JNIEnv *env, jobjectArray threads) {
    int result = 0;
    for (jsize i = 0; i < (*env)->GetArrayLength(env, threads); i++) {
        jthread thread = (*env)->GetObjectArrayElement(env, threads, i);
        jvmtiError error = thread != NULL ? (*tool)->ResumeThread(tool, thread) : JVMTI_ERROR_NONE;
        if (error != JVMTI_ERROR_NONE && error != JVMTI_ERROR_THREAD_NOT_ALIVE && error != JVMTI_ERROR_THREAD_NOT_SUSPENDED) {
            result = -ENOTSUP;
        }
        (*env)->DeleteLocalRef(env, thread);
    }
    return result;
}

/* Suspends what is not suspended yet, and writes it behind what the array holds; -E2BIG if that is full. Returns how many it holds now. */
static int suspend_new_ones(JNIEnv *env, jobjectArray threads, int held) {
    jthread *all;
    jthread self;
    jint count;
    int result = held;
    if ((*tool)->GetCurrentThread(tool, &self) != JVMTI_ERROR_NONE || (*tool)->GetAllThreads(tool, &count, &all) != JVMTI_ERROR_NONE) {
        return -ENOTSUP;
    }
    for (jint i = 0; i < count && result >= 0; i++) {
        if (result == (*env)->GetArrayLength(env, threads)) {
            result = -E2BIG;
        } else {
            int fresh = suspend_one(env, all[i], self);
            if (fresh > 0) {
                (*env)->SetObjectArrayElement(env, threads, result, all[i]);
            }
            result = fresh < 0 ? fresh : result + fresh;
        }
        (*env)->DeleteLocalRef(env, all[i]);
    }
    (*tool)->Deallocate(tool, (unsigned char *)all);
    (*env)->DeleteLocalRef(env, self);
    return result;
}

/* Suspended threads start no others once they are settled, so a pass that finds none is the last. */
static jint suspend_applications(SELF, jobjectArray threads) {
    int held = 0;
    int result = find_tool(env);
    if (result != 0 || (result = turn_virtual_threads(SUSPEND_ALL_VIRTUAL_THREADS)) != 0) {
        return result;
    }
    for (;;) {
        int settled = 0;
        result = suspend_new_ones(env, threads, held);
        if (result > held) {
            settled = jmp__settle_applications(env, threads, result);
        }
        result = settled < 0 ? settled : result;
        if (result < 0) {
            resume_all(env, threads);
            turn_virtual_threads(RESUME_ALL_VIRTUAL_THREADS);
            return result;
        }
        if (result == held) {
            return held;
        }
        held = result;
    }
}

static jint resume_applications(SELF, jobjectArray threads) {
    int result = resume_all(env, threads);
    return turn_virtual_threads(RESUME_ALL_VIRTUAL_THREADS) != 0 ? -ENOTSUP : result;
}

static jint resume_thread(SELF, jobject thread) { return (*tool)->ResumeThread(tool, thread) == JVMTI_ERROR_NONE ? 0 : -ESRCH; }

static jint suspend_thread(SELF, jobject thread) { return (*tool)->SuspendThread(tool, thread) == JVMTI_ERROR_NONE ? 0 : -ESRCH; }

static jint settle_applications(SELF, jobjectArray threads) {
    return jmp__settle_applications(env, threads, (*env)->GetArrayLength(env, threads));
}

/* The next fork knows these as the application's; null: it knows of none. */
static jint fork_applications(SELF, jobjectArray threads) {
    uintptr_t *records;
    jsize count;
    int result;
    if (threads == NULL) {
        return jmp__set_applications(NULL, 0);
    }
    count = (*env)->GetArrayLength(env, threads);
    records = calloc((size_t)count + 1, sizeof *records);
    if (records == NULL) {
        return -ENOMEM;
    }
    for (jsize i = 0; i < count; i++) {
        jthread thread = (*env)->GetObjectArrayElement(env, threads, i);
        records[i] = thread != NULL ? (uintptr_t)jmp__record_of(env, thread) : 0;
        (*env)->DeleteLocalRef(env, thread);
    }
    result = jmp__set_applications(records, count);
    free(records);
    return result;
}

#else

static jint suspension_check(SELF) { return -ENOSYS; }
static jint suspend_applications(SELF, jobjectArray threads) { return -ENOSYS; }
static jint resume_applications(SELF, jobjectArray threads) { return -ENOSYS; }
static jint resume_thread(SELF, jobject thread) { return -ENOSYS; }
static jint suspend_thread(SELF, jobject thread) { return -ENOSYS; }
static jint settle_applications(SELF, jobjectArray threads) { return -ENOSYS; }
static jint fork_applications(SELF, jobjectArray threads) { return -ENOSYS; }

#endif

static const JNINativeMethod methods[] = {
    METHOD("suspensionCheck", "()I", suspension_check),
    METHOD("suspendApplications", "([Ljava/lang/Thread;)I", suspend_applications),
    METHOD("resumeApplications", "([Ljava/lang/Thread;)I", resume_applications),
    METHOD("resumeThread", "(Ljava/lang/Thread;)I", resume_thread),
    METHOD("suspendThread", "(Ljava/lang/Thread;)I", suspend_thread),
    METHOD("settleApplications", "([Ljava/lang/Thread;)I", settle_applications),
    METHOD("forkApplications", "([Ljava/lang/Thread;)I", fork_applications),
};

const struct jmp__table jmp__suspend_table = {methods, sizeof methods / sizeof methods[0]};
