#include "jni_stubs.h"

#include <errno.h>
#include <string.h>

#define CLASS_NAME "org/jmultiprocessing/internal/ffi/NativePosix"

int jmp__path_in(JNIEnv *env, jbyteArray path, char *room) {
    jint length = (*env)->GetArrayLength(env, path);
    if (length > MAX_PATH_BYTES) {
        return -ENAMETOOLONG;
    }
    (*env)->GetByteArrayRegion(env, path, 0, length, (jbyte *)room);
    return memchr(room, '\0', (size_t)length) != NULL ? 0 : -EINVAL;
}

bool jmp__bytes_in(JNIEnv *env, jbyteArray array, struct jmp__bytes *bytes) {
    *bytes = (struct jmp__bytes){.array = array};
    if (array == NULL) {
        return true;
    }
    bytes->length = (*env)->GetArrayLength(env, array);
    bytes->copy = (*env)->GetByteArrayElements(env, array, NULL);
    return bytes->copy != NULL;
}

void jmp__bytes_done(JNIEnv *env, const struct jmp__bytes *bytes) {
    if (bytes->copy != NULL) {
        (*env)->ReleaseByteArrayElements(env, bytes->array, bytes->copy, JNI_ABORT);
    }
}

bool jmp__ints_in(JNIEnv *env, jintArray array, struct jmp__ints *ints) {
    *ints = (struct jmp__ints){.array = array};
    if (array == NULL) {
        return true;
    }
    ints->length = (*env)->GetArrayLength(env, array);
    ints->copy = (*env)->GetIntArrayElements(env, array, NULL);
    return ints->copy != NULL;
}

void jmp__ints_done(JNIEnv *env, const struct jmp__ints *ints) {
    if (ints->copy != NULL) {
        (*env)->ReleaseIntArrayElements(env, ints->array, ints->copy, JNI_ABORT);
    }
}

static bool install(JNIEnv *env, jclass type, const struct jmp__table *table) {
    return (*env)->RegisterNatives(env, type, table->methods, table->count) == JNI_OK;
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
    JNIEnv *env;
    jclass type;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK) {
        return JNI_ERR;
    }
    type = (*env)->FindClass(env, CLASS_NAME);
    if (type == NULL || !install(env, type, &jmp__io_table) || !install(env, type, &jmp__process_table) ||
        !install(env, type, &jmp__call_table) || !install(env, type, &jmp__fork_table) ||
        !install(env, type, &jmp__suspend_table) || jmp_load() != 0) {
        return JNI_ERR; /* a pending exception says why */
    }
    return JNI_VERSION_1_8;
}
