/* Stubs for descriptors, waiting and sockets. */
#include "jni_stubs.h"

#include <errno.h>

/* ---- descriptors ---- */

static jint close_fd(SELF, jint fd) { return jmp_close(fd); }
static jint duplicate(SELF, jint fd) { return jmp_duplicate(fd); }

/* Copies a pair of descriptors out if the call that made them went well. */
static jint pair_out(JNIEnv *env, jintArray out, const int *pair, int result) {
    if (result == 0) {
        (*env)->SetIntArrayRegion(env, out, 0, 2, pair);
    }
    return result;
}

static jint make_pipe(SELF, jintArray fds, jint non_blocking) {
    int pair[2];
    return pair_out(env, fds, pair, jmp_pipe(pair, non_blocking));
}

static jint socket_pair(SELF, jintArray fds) {
    int pair[2];
    return pair_out(env, fds, pair, jmp_socket_pair(pair));
}

static jint pipe_capacity(SELF, jint fd, jint bytes) { return jmp_pipe_capacity(fd, bytes); }
static jint set_non_blocking(SELF, jint fd, jboolean non_blocking) { return jmp_set_non_blocking(fd, non_blocking); }

static jint open_file(SELF, jbyteArray path, jint mode) {
    char room[MAX_PATH_BYTES];
    int result = jmp__path_in(env, path, room);
    return result == 0 ? jmp_open_file(room, mode) : result;
}

static jint lock_file(SELF, jint fd, jboolean exclusive, jboolean block) { return jmp_lock_file(fd, exclusive, block); }
static jlong file_id(SELF, jint fd) { return jmp_file_id(fd); }

static jint symbolic_link(SELF, jbyteArray text, jbyteArray path) {
    char text_room[MAX_PATH_BYTES];
    char path_room[MAX_PATH_BYTES];
    int result = jmp__path_in(env, text, text_room);
    if (result == 0) {
        result = jmp__path_in(env, path, path_room);
    }
    return result == 0 ? jmp_symbolic_link(text_room, path_room) : result;
}

static jint remove_file(SELF, jbyteArray path) {
    char room[MAX_PATH_BYTES];
    int result = jmp__path_in(env, path, room);
    return result == 0 ? jmp_remove_file(room) : result;
}

static jint anonymous_file(SELF) { return jmp_anonymous_file(); }

static jint read_through(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length, jlong spin_nanos, jbyte *piece) {
    jint count = (jint)jmp_read(fd, piece, length, spin_nanos);
    if (count > 0) {
        (*env)->SetByteArrayRegion(env, buffer, offset, count, piece);
    }
    return count;
}

__attribute__((noinline)) static jint read_small(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length, jlong spin_nanos) {
    jbyte piece[SMALL_PIECE];
    return read_through(env, fd, buffer, offset, length, spin_nanos, piece);
}

/* One piece a call: a second read could block on a blocking descriptor although there is something to return. */
__attribute__((noinline)) static jint read_large(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length, jlong spin_nanos) {
    jbyte piece[LARGE_PIECE];
    return read_through(env, fd, buffer, offset, at_most(length, LARGE_PIECE), spin_nanos, piece);
}

static jint read_bytes(SELF, jint fd, jbyteArray buffer, jint offset, jint length, jlong spin_nanos) {
    return length <= SMALL_PIECE ? read_small(env, fd, buffer, offset, length, spin_nanos) : read_large(env, fd, buffer, offset, length, spin_nanos);
}

static jint write_through(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length, jbyte *piece) {
    (*env)->GetByteArrayRegion(env, buffer, offset, length, piece);
    return (jint)jmp_write(fd, piece, length);
}

__attribute__((noinline)) static jint write_small(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length) {
    jbyte piece[SMALL_PIECE];
    return write_through(env, fd, buffer, offset, length, piece);
}

__attribute__((noinline)) static jint write_large(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length) {
    jbyte piece[LARGE_PIECE];
    return write_through(env, fd, buffer, offset, at_most(length, LARGE_PIECE), piece);
}

static jint write_bytes(SELF, jint fd, jbyteArray buffer, jint offset, jint length) {
    return length <= SMALL_PIECE ? write_small(env, fd, buffer, offset, length) : write_large(env, fd, buffer, offset, length);
}

static jlong read_to(SELF, jint fd, jlong address, jlong length) { return jmp_read(fd, (void *)(intptr_t)address, length, 0); }
static jlong write_from(SELF, jint fd, jlong address, jlong length) { return jmp_write(fd, (const void *)(intptr_t)address, length); }

/* ---- waiting ---- */

static jint await(SELF, jint fd, jint events, jint wake_fd, jlong timeout_nanos) { return jmp_await(fd, events, wake_fd, timeout_nanos); }

static jint poll_all(SELF, jintArray fds, jintArray events, jint count, jlong timeout_nanos) {
    jint *fd_copy = (*env)->GetIntArrayElements(env, fds, NULL);
    jint *event_copy = fd_copy != NULL ? (*env)->GetIntArrayElements(env, events, NULL) : NULL;
    jint result = -ENOMEM;
    if (event_copy != NULL) {
        result = jmp_poll(fd_copy, event_copy, count, timeout_nanos);
        (*env)->ReleaseIntArrayElements(env, events, event_copy, 0);
    }
    if (fd_copy != NULL) {
        (*env)->ReleaseIntArrayElements(env, fds, fd_copy, JNI_ABORT);
    }
    return result;
}

static jint wake_create(SELF, jintArray fds) {
    int pair[2];
    return pair_out(env, fds, pair, jmp_wake_create(pair));
}

static jint wake_signal(SELF, jint fd) { return jmp_wake_signal(fd); }
static jint wake_clear(SELF, jint fd) { return jmp_wake_clear(fd); }
static jint watch_create(SELF) { return jmp_watch_create(); }
static jint watch_add(SELF, jint watch, jint fd, jint events) { return jmp_watch_add(watch, fd, events); }
static jint watch_remove(SELF, jint watch, jint fd) { return jmp_watch_remove(watch, fd); }

/* More than this many events come with the next call. */
#define WATCH_ROOM 64

static jint watch_wait(SELF, jint watch, jintArray fds, jintArray events, jlong timeout_nanos) {
    int found[WATCH_ROOM];
    int found_events[WATCH_ROOM];
    jint room = at_most(at_most((*env)->GetArrayLength(env, fds), (*env)->GetArrayLength(env, events)), WATCH_ROOM);
    jint count = jmp_watch_wait(watch, found, found_events, room, timeout_nanos);
    if (count > 0) {
        (*env)->SetIntArrayRegion(env, fds, 0, count, found);
        (*env)->SetIntArrayRegion(env, events, 0, count, found_events);
    }
    return count;
}

/* ---- sockets ---- */

static jint send_descriptors(SELF, jint fd, jbyteArray buffer, jint offset, jint length, jintArray fds, jint count) {
    jbyte piece[SMALL_PIECE];
    int sent[JMP_MAX_DESCRIPTORS];
    if (count < 0 || count > JMP_MAX_DESCRIPTORS) {
        return -EINVAL;
    }
    length = at_most(length, SMALL_PIECE);
    (*env)->GetByteArrayRegion(env, buffer, offset, length, piece);
    if (count > 0) {
        (*env)->GetIntArrayRegion(env, fds, 0, count, sent);
    }
    return (jint)jmp_send_descriptors(fd, piece, length, sent, count);
}

static jint receive_through(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length, jintArray fds, jlong spin_nanos, jbyte *piece) {
    int received[1 + JMP_MAX_DESCRIPTORS];
    jint room = at_most((*env)->GetArrayLength(env, fds) - 1, JMP_MAX_DESCRIPTORS);
    jint bytes = (jint)jmp_receive_descriptors(fd, piece, length, received + 1, room, received, spin_nanos);
    if (bytes > 0) {
        (*env)->SetByteArrayRegion(env, buffer, offset, bytes, piece);
    }
    if (room >= 0) {
        (*env)->SetIntArrayRegion(env, fds, 0, 1 + received[0], received);
    }
    return bytes;
}

__attribute__((noinline)) static jint receive_small(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length, jintArray fds,
                                                    jlong spin_nanos) {
    jbyte piece[SMALL_PIECE];
    return receive_through(env, fd, buffer, offset, length, fds, spin_nanos, piece);
}

__attribute__((noinline)) static jint receive_large(JNIEnv *env, jint fd, jbyteArray buffer, jint offset, jint length, jintArray fds,
                                                    jlong spin_nanos) {
    jbyte piece[LARGE_PIECE];
    return receive_through(env, fd, buffer, offset, at_most(length, LARGE_PIECE), fds, spin_nanos, piece);
}

static jint receive_descriptors(SELF, jint fd, jbyteArray buffer, jint offset, jint length, jintArray fds, jlong spin_nanos) {
    return length <= SMALL_PIECE ? receive_small(env, fd, buffer, offset, length, fds, spin_nanos)
                                 : receive_large(env, fd, buffer, offset, length, fds, spin_nanos);
}

static jint unix_listen(SELF, jbyteArray path, jint backlog) {
    char room[MAX_PATH_BYTES];
    int result = jmp__path_in(env, path, room);
    return result == 0 ? jmp_unix_listen(room, backlog) : result;
}

static jint unix_connect(SELF, jbyteArray path) {
    char room[MAX_PATH_BYTES];
    int result = jmp__path_in(env, path, room);
    return result == 0 ? jmp_unix_connect(room) : result;
}

/* Copies an internet address to room, which has 16 bytes; its length is checked in C. */
static jint address_in(JNIEnv *env, jbyteArray address, uint8_t *room) {
    jint length = (*env)->GetArrayLength(env, address);
    (*env)->GetByteArrayRegion(env, address, 0, at_most(length, 16), (jbyte *)room);
    return length;
}

static jint tcp_listen(SELF, jbyteArray address, jint scope, jint port, jint backlog) {
    uint8_t room[16];
    jint length = address_in(env, address, room);
    return jmp_tcp_listen(room, length, scope, port, backlog);
}

static jint tcp_connect(SELF, jbyteArray address, jint scope, jint port) {
    uint8_t room[16];
    jint length = address_in(env, address, room);
    return jmp_tcp_connect(room, length, scope, port);
}

static jint socket_error(SELF, jint fd) { return jmp_socket_error(fd); }
static jint accept_connection(SELF, jint fd) { return jmp_accept(fd); }

static jint socket_address(SELF, jint fd, jboolean peer, jbyteArray address, jintArray port) {
    uint8_t bytes[16];
    int numbers[2];
    jint length = jmp_socket_address(fd, peer, bytes, numbers);
    if (length >= 0) {
        (*env)->SetByteArrayRegion(env, address, 0, length, (const jbyte *)bytes);
        (*env)->SetIntArrayRegion(env, port, 0, 2, numbers);
    }
    return length;
}

static jint peer_uid(SELF, jint fd) { return jmp_peer_uid(fd); }

static const JNINativeMethod methods[] = {
    METHOD("close", "(I)I", close_fd),
    METHOD("duplicate", "(I)I", duplicate),
    METHOD("pipe", "([II)I", make_pipe),
    METHOD("socketPair", "([I)I", socket_pair),
    METHOD("pipeCapacity", "(II)I", pipe_capacity),
    METHOD("setNonBlocking", "(IZ)I", set_non_blocking),
    METHOD("openFile", "([BI)I", open_file),
    METHOD("lockFile", "(IZZ)I", lock_file),
    METHOD("fileId", "(I)J", file_id),
    METHOD("symbolicLink", "([B[B)I", symbolic_link),
    METHOD("removeFile", "([B)I", remove_file),
    METHOD("anonymousFile", "()I", anonymous_file),
    METHOD("read", "(I[BIIJ)I", read_bytes),
    METHOD("write", "(I[BII)I", write_bytes),
    METHOD("readTo", "(IJJ)J", read_to),
    METHOD("writeFrom", "(IJJ)J", write_from),
    METHOD("await", "(IIIJ)I", await),
    METHOD("poll", "([I[IIJ)I", poll_all),
    METHOD("wakeCreate", "([I)I", wake_create),
    METHOD("wakeSignal", "(I)I", wake_signal),
    METHOD("wakeClear", "(I)I", wake_clear),
    METHOD("watchCreate", "()I", watch_create),
    METHOD("watchAdd", "(III)I", watch_add),
    METHOD("watchRemove", "(II)I", watch_remove),
    METHOD("watchWait", "(I[I[IJ)I", watch_wait),
    METHOD("sendDescriptors", "(I[BII[II)I", send_descriptors),
    METHOD("receiveDescriptors", "(I[BII[IJ)I", receive_descriptors),
    METHOD("unixListen", "([BI)I", unix_listen),
    METHOD("unixConnect", "([B)I", unix_connect),
    METHOD("tcpListen", "([BIII)I", tcp_listen),
    METHOD("tcpConnect", "([BII)I", tcp_connect),
    METHOD("socketError", "(I)I", socket_error),
    METHOD("accept", "(I)I", accept_connection),
    METHOD("socketAddress", "(IZ[B[I)I", socket_address),
    METHOD("peerUid", "(I)I", peer_uid),
};

const struct jmp__table jmp__io_table = {methods, sizeof methods / sizeof methods[0]};
