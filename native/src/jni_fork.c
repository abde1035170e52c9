/* Stubs for forking this JVM, and for what has to be put right in its child: fields of the JDK that remember whose process this was. */
#include "jni_stubs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static jint fork_check(SELF) { return jmp_fork_check(); }
static jint fork_fail(SELF, jint step, jint error) { return jmp_fork_fail(step, error); }

static jint pidfd_open(SELF, jint pid) { return jmp__pidfd_open(pid); }
static jint ignore_interrupt(SELF, jboolean heirs) { return jmp_fork_ignore_interrupt(heirs); }

static jint fork_self(SELF, jint flags, jintArray stdio, jbyteArray environment, jint environment_count, jbyteArray directory, jintArray options,
                      jint report_fd, jintArray result) {
    char folder[MAX_PATH_BYTES];
    struct jmp__bytes block = {0};
    struct jmp__ints places = {0};
    struct jmp__ints option_list = {0};
    int outcome[JMP_FORK_RESULTS] = {-1, -1, JMP_FORK_PREPARE};
    int pid = directory != NULL ? jmp__path_in(env, directory, folder) : 0;
    if (pid == 0) {
        pid = -ENOMEM;
        if (jmp__bytes_in(env, environment, &block) && jmp__ints_in(env, stdio, &places) && jmp__ints_in(env, options, &option_list)) {
            pid = jmp_fork(flags, places.copy, (const char *)block.copy, (size_t)block.length, environment_count,
                           directory != NULL ? folder : NULL, option_list.copy, option_list.length, report_fd, outcome);
        }
        jmp__bytes_done(env, &block);
        jmp__ints_done(env, &places);
        jmp__ints_done(env, &option_list);
    }
    if (!(*env)->ExceptionCheck(env)) {
        (*env)->SetIntArrayRegion(env, result, 0, JMP_FORK_RESULTS, outcome);
    }
    return pid;
}

static jint fork_settle(SELF, jintArray stdio, jbyteArray environment, jint environment_count, jbyteArray directory, jintArray options,
                        jint report_fd) {
    char folder[MAX_PATH_BYTES];
    struct jmp__bytes block = {0};
    struct jmp__ints places = {0};
    struct jmp__ints option_list = {0};
    int result = directory != NULL ? jmp__path_in(env, directory, folder) : 0;
    if (result == 0) {
        result = -ENOMEM;
        if (jmp__bytes_in(env, environment, &block) && jmp__ints_in(env, stdio, &places) && jmp__ints_in(env, options, &option_list)) {
            result = jmp_fork_settle(places.copy, (const char *)block.copy, (size_t)block.length, environment_count,
                                     directory != NULL ? folder : NULL, option_list.copy, option_list.length, report_fd);
        }
        jmp__bytes_done(env, &block);
        jmp__ints_done(env, &places);
        jmp__ints_done(env, &option_list);
    }
    return result;
}

/* A field's holder: an instance, or a class for a static field. */
static jfieldID find_field(JNIEnv *env, jclass type, jobject receiver, jstring name, jstring signature) {
    const char *name_text = (*env)->GetStringUTFChars(env, name, NULL);
    const char *signature_text = name_text != NULL ? (*env)->GetStringUTFChars(env, signature, NULL) : NULL;
    jfieldID field = NULL;
    if (signature_text != NULL) {
        field = receiver == NULL ? (*env)->GetStaticFieldID(env, type, name_text, signature_text)
                                 : (*env)->GetFieldID(env, type, name_text, signature_text);
        (*env)->ReleaseStringUTFChars(env, signature, signature_text);
    }
    if (name_text != NULL) {
        (*env)->ReleaseStringUTFChars(env, name, name_text);
    }
    (*env)->ExceptionClear(env);
    return field;
}

static jlong field_of(SELF, jclass type, jboolean is_static, jstring name, jstring signature) {
    return (jlong)(intptr_t)find_field(env, type, is_static ? NULL : type, name, signature);
}

static jobject get_object(SELF, jclass type, jlong field, jobject receiver) {
    jfieldID id = (jfieldID)(intptr_t)field;
    return receiver == NULL ? (*env)->GetStaticObjectField(env, type, id) : (*env)->GetObjectField(env, receiver, id);
}

static void set_object(SELF, jclass type, jlong field, jobject receiver, jobject value) {
    jfieldID id = (jfieldID)(intptr_t)field;
    if (receiver == NULL) {
        (*env)->SetStaticObjectField(env, type, id, value);
    } else {
        (*env)->SetObjectField(env, receiver, id, value);
    }
}

static void set_number(SELF, jclass type, jlong field, jobject receiver, jboolean is_long, jlong value) {
    jfieldID id = (jfieldID)(intptr_t)field;
    if (is_long) {
        if (receiver == NULL) {
            (*env)->SetStaticLongField(env, type, id, value);
        } else {
            (*env)->SetLongField(env, receiver, id, value);
        }
    } else if (receiver == NULL) {
        (*env)->SetStaticIntField(env, type, id, (jint)value);
    } else {
        (*env)->SetIntField(env, receiver, id, (jint)value);
    }
}

/* Looks in /proc/self/maps whether the memory at an address is shared with children instead of copied. -ESRCH if nothing is there. */
static int is_shared(uintptr_t address) {
    char text[8192];
    size_t held = 0;
    int result = -ESRCH;
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    for (;;) {
        char *line = text;
        char *end;
        int64_t count = jmp_read(fd, text + held, (int64_t)(sizeof text - held - 1), 0);
        if (count <= 0) {
            break;
        }
        held += (size_t)count;
        text[held] = '\0';
        while ((end = strchr(line, '\n')) != NULL) {
            char *rest;
            uintptr_t first = (uintptr_t)strtoull(line, &rest, 16);
            uintptr_t beyond = (uintptr_t)strtoull(rest + 1, &rest, 16);
            if (address >= first && address < beyond) {
                result = rest[4] == 's'; /* " rw-s" */
            }
            line = end + 1;
        }
        held -= (size_t)(line - text);
        memmove(text, line, held);
        if (held == sizeof text - 1) {
            break; /* no line is that long */
        }
    }
    close(fd);
    return result;
}

/* A collector that maps its heap several times, as ZGC, maps it shared: parent and child would work on the same objects. */
static jint is_heap_shared(SELF) {
    jbyteArray object = (*env)->NewByteArray(env, 64);
    void *address;
    if (object == NULL) {
        return -ENOMEM;
    }
    address = (*env)->GetPrimitiveArrayCritical(env, object, NULL);
    if (address == NULL) {
        return -ENOMEM;
    }
    (*env)->ReleasePrimitiveArrayCritical(env, object, address, JNI_ABORT);
    return is_shared((uintptr_t)address);
}

static const JNINativeMethod methods[] = {
    METHOD("forkCheck", "()I", fork_check),
    METHOD("forkFail", "(II)I", fork_fail),
    METHOD("fork", "(I[I[BI[B[II[I)I", fork_self),
    METHOD("forkSettle", "([I[BI[B[II)I", fork_settle),
    METHOD("pidfdOpen", "(I)I", pidfd_open),
    METHOD("ignoreInterrupt", "(Z)I", ignore_interrupt),
    METHOD("isHeapShared", "()I", is_heap_shared),
    METHOD("fieldOf", "(Ljava/lang/Class;ZLjava/lang/String;Ljava/lang/String;)J", field_of),
    METHOD("getObject", "(Ljava/lang/Class;JLjava/lang/Object;)Ljava/lang/Object;", get_object),
    METHOD("setObject", "(Ljava/lang/Class;JLjava/lang/Object;Ljava/lang/Object;)V", set_object),
    METHOD("setNumber", "(Ljava/lang/Class;JLjava/lang/Object;ZJ)V", set_number),
};

const struct jmp__table jmp__fork_table = {methods, sizeof methods / sizeof methods[0]};
