/* Stubs for identity, processes and memory. */
#include "jni_stubs.h"

#include <errno.h>

#define MAX_TEXT 256

/* ---- identity ---- */

static jint abi_version(SELF) { return jmp_abi_version(); }
static jint capabilities(SELF) { return jmp_capabilities(); }

static jstring text_of(JNIEnv *env, int (*describe)(int, char *, size_t), jint number) {
    char text[MAX_TEXT];
    describe(number, text, sizeof text);
    return (*env)->NewStringUTF(env, text);
}

static jstring errno_name(SELF, jint number) { return text_of(env, jmp_errno_name, number); }

static jstring errno_text(SELF, jint number) { return text_of(env, jmp_errno_text, number); }

static jstring signal_name(SELF, jint number) { return text_of(env, jmp_signal_name, number); }

static jint pid(SELF) { return jmp_pid(); }
static jint parent_pid(SELF) { return jmp_parent_pid(); }
static jint uid(SELF) { return jmp_uid(); }
static jlong start_time(SELF, jint process) { return jmp_start_time(process); }

static jint random_bytes(SELF, jbyteArray out) {
    jbyte piece[SMALL_PIECE];
    jint length = (*env)->GetArrayLength(env, out);
    for (jint at = 0; at < length;) {
        jint part = at_most(length - at, SMALL_PIECE);
        int result = jmp_random(piece, (size_t)part);
        if (result != 0) {
            return result;
        }
        (*env)->SetByteArrayRegion(env, out, at, part, piece);
        at += part;
    }
    return 0;
}

/* ---- processes ---- */

static jint spawn(SELF, jbyteArray path, jbyteArray arguments, jint argument_count, jbyteArray environment, jint environment_count,
                  jbyteArray directory, jintArray fds, jintArray options, jintArray result) {
    char program[MAX_PATH_BYTES];
    char folder[MAX_PATH_BYTES];
    struct jmp__bytes argument_block = {0};
    struct jmp__bytes environment_block = {0};
    struct jmp__ints fd_list = {0};
    struct jmp__ints option_list = {0};
    int outcome[3] = {-1, -1, JMP_STEP_PREPARE};
    int error = jmp__path_in(env, path, program);
    if (error == 0 && directory != NULL) {
        error = jmp__path_in(env, directory, folder);
    }
    if (error == 0) {
        error = -ENOMEM;
        if (jmp__bytes_in(env, arguments, &argument_block) && jmp__bytes_in(env, environment, &environment_block) && jmp__ints_in(env, fds, &fd_list)
            && jmp__ints_in(env, options, &option_list)) {
            error = jmp_spawn(program, (const char *)argument_block.copy, (size_t)argument_block.length, argument_count,
                              (const char *)environment_block.copy, (size_t)environment_block.length, environment_count,
                              directory != NULL ? folder : NULL, fd_list.copy, fd_list.length, option_list.copy, option_list.length, outcome);
        }
    }
    jmp__ints_done(env, &option_list);
    jmp__ints_done(env, &fd_list);
    jmp__bytes_done(env, &environment_block);
    jmp__bytes_done(env, &argument_block);
    if (!(*env)->ExceptionCheck(env)) {
        (*env)->SetIntArrayRegion(env, result, 0, 3, outcome);
    }
    return error;
}

static jint reap(SELF, jint process, jboolean block, jintArray status) {
    int words[3];
    jint result = jmp_reap(process, block, words);
    if (result == 1) {
        (*env)->SetIntArrayRegion(env, status, 0, 3, words);
    }
    return result;
}

static jint send_signal(SELF, jint process, jint pidfd, jstring signal) {
    const char *name = (*env)->GetStringUTFChars(env, signal, NULL);
    jint result = -ENOMEM;
    if (name != NULL) {
        result = jmp_kill(process, pidfd, name);
        (*env)->ReleaseStringUTFChars(env, signal, name);
    }
    return result;
}

static jint note_signals(SELF, jint fd) { return jmp_note_signals(fd); }
static void exit_now(SELF, jint code) { jmp_exit_now(code); }

/*
 * What java.lang.Shutdown.exit does in JDK 17 to 25, up to the halt: whoever comes later waits for the class's monitor for ever. JNI does not ask
 * whether these are private; another JDK may not have them, and then the caller takes the long way.
 */
static jint exit_after_hooks(SELF, jint code) {
    jclass shutdown = (*env)->FindClass(env, "java/lang/Shutdown");
    jmethodID run_hooks = shutdown != NULL ? (*env)->GetStaticMethodID(env, shutdown, "runHooks", "()V") : NULL;
    if (run_hooks == NULL) {
        (*env)->ExceptionClear(env);
        return -ENOTSUP;
    }
    if ((*env)->MonitorEnter(env, shutdown) != JNI_OK) {
        return -ENOMEM;
    }
    (*env)->CallStaticVoidMethod(env, shutdown, run_hooks);
    jmp_exit_now(code);
    return 0;
}

/* ---- shared memory ---- */

static jint page_size(SELF) { return jmp_page_size(); }

static jint with_name(JNIEnv *env, jbyteArray name, int (*act)(const char *)) {
    char room[MAX_PATH_BYTES];
    int result = jmp__path_in(env, name, room);
    return result == 0 ? act(room) : result;
}

static jint shared_create(SELF, jbyteArray name) { return with_name(env, name, jmp_shared_create); }

static jint shared_open(SELF, jbyteArray name) { return with_name(env, name, jmp_shared_open); }

static jint shared_unlink(SELF, jbyteArray name) { return with_name(env, name, jmp_shared_unlink); }

static jlong file_size(SELF, jint fd) { return jmp_file_size(fd); }
static jint resize(SELF, jint fd, jlong bytes, jboolean reserve) { return jmp_resize(fd, bytes, reserve); }
static jlong map(SELF, jint fd, jlong offset, jlong length, jboolean writable) { return jmp_map(fd, offset, length, writable); }
static jint unmap(SELF, jlong address, jlong length) { return jmp_unmap(address, length); }

static jobject buffer(SELF, jlong address, jint length) { return (*env)->NewDirectByteBuffer(env, (void *)(intptr_t)address, length); }

static jint wait_word(SELF, jlong address, jint expected, jlong timeout_nanos) { return jmp_wait_word(address, expected, timeout_nanos); }
static jint wake_word(SELF, jlong address, jint count) { return jmp_wake_word(address, count); }

/* The value of an int field, or of "fd" in a FileDescriptor field, wherever the JDK's channel classes keep it. */
static jint descriptor_of(SELF, jobject channel) {
    jclass type = (*env)->GetObjectClass(env, channel);
    jfieldID field = (*env)->GetFieldID(env, type, "fdVal", "I");
    jobject holder;
    jint fd;
    if (field != NULL) {
        fd = (*env)->GetIntField(env, channel, field);
        return fd >= 0 ? fd : -EBADF;
    }
    (*env)->ExceptionClear(env);
    field = (*env)->GetFieldID(env, type, "fd", "Ljava/io/FileDescriptor;");
    if (field == NULL) {
        (*env)->ExceptionClear(env);
        return -ENOTSUP;
    }
    holder = (*env)->GetObjectField(env, channel, field);
    if (holder == NULL) {
        return -EBADF;
    }
    field = (*env)->GetFieldID(env, (*env)->GetObjectClass(env, holder), "fd", "I");
    if (field == NULL) {
        (*env)->ExceptionClear(env);
        return -ENOTSUP;
    }
    fd = (*env)->GetIntField(env, holder, field);
    return fd >= 0 ? fd : -EBADF;
}

static const JNINativeMethod methods[] = {
    METHOD("abiVersion", "()I", abi_version),
    METHOD("capabilities", "()I", capabilities),
    METHOD("errnoName", "(I)Ljava/lang/String;", errno_name),
    METHOD("errnoText", "(I)Ljava/lang/String;", errno_text),
    METHOD("signalName", "(I)Ljava/lang/String;", signal_name),
    METHOD("pid", "()I", pid),
    METHOD("parentPid", "()I", parent_pid),
    METHOD("uid", "()I", uid),
    METHOD("startTime", "(I)J", start_time),
    METHOD("random", "([B)I", random_bytes),
    METHOD("spawn", "([B[BI[BI[B[I[I[I)I", spawn),
    METHOD("reap", "(IZ[I)I", reap),
    METHOD("kill", "(IILjava/lang/String;)I", send_signal),
    METHOD("noteSignals", "(I)I", note_signals),
    METHOD("exitNow", "(I)V", exit_now),
    METHOD("exitAfterHooks", "(I)I", exit_after_hooks),
    METHOD("pageSize", "()I", page_size),
    METHOD("sharedCreate", "([B)I", shared_create),
    METHOD("sharedOpen", "([B)I", shared_open),
    METHOD("sharedUnlink", "([B)I", shared_unlink),
    METHOD("fileSize", "(I)J", file_size),
    METHOD("resize", "(IJZ)I", resize),
    METHOD("map", "(IJJZ)J", map),
    METHOD("unmap", "(JJ)I", unmap),
    METHOD("buffer", "(JI)Ljava/nio/ByteBuffer;", buffer),
    METHOD("waitWord", "(JIJ)I", wait_word),
    METHOD("wakeWord", "(JI)I", wake_word),
    METHOD("descriptorOf", "(Ljava/nio/channels/Channel;)I", descriptor_of),
};

const struct jmp__table jmp__process_table = {methods, sizeof methods / sizeof methods[0]};
