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
        !install(env, type, &jmp__call_table) || jmp_load() != 0) {
        return JNI_ERR; /* a pending exception says why */
    }
    return JNI_VERSION_1_8;
}
