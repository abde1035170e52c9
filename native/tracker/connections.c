/* Connections to the processes of the tree, and of other trees that use what belongs to this one. */
#include "tracker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* So many messages of one connection in a row; the others have their turn then. */
#define MESSAGES_IN_A_ROW 16

struct connection {
    int fd;
    int descriptor; /* that came with the message that is arriving, or -1 */
    int slot;       /* -1 until it said HELLO */
    int64_t generation;
    size_t arrived; /* bytes of the message */
    struct jmp_message message;
};

static struct connection connections[CONNECTIONS_MOST];
static int count;
static int limit = CONNECTIONS_MOST;

void connections_limit(int most) { limit = most; }

int connections_count(void) { return count; }

bool connections_have_room(void) { return count < limit; }

int connections_fd(int index) { return connections[index].fd; }

int connections_accept(int listener) {
    for (;;) {
        int fd = jmp_accept(listener);
        if (fd == JMP_WOULD_BLOCK) {
            return 0;
        }
        if (fd < 0) {
            return fd;
        }
        if (jmp_peer_uid(fd) == jmp_uid()) {
            connections[count++] = (struct connection){.fd = fd, .descriptor = -1, .slot = -1};
            return 1;
        }
        close(fd); /* also one that went away already */
    }
}

/*
 * Closes a connection. If its process has ended, its member dies; if we close it because of what came, the process lives on unheard. One that never
 * said HELLO may have been a member's that was killed before.
 */
static int close_connection(int index, bool ended) {
    struct connection *closed = &connections[index];
    int served = closed->slot >= 0 && ended ? SERVED_CLOSED | SERVED_ENDED : SERVED_CLOSED;
    if (closed->slot >= 0 && members_goodbye(closed->slot, closed->generation, ended)) {
        served |= SERVED_DIED;
    } else if (closed->slot < 0 || !ended) {
        served |= SERVED_UNHEARD;
    }
    jmp__close_quietly(closed->descriptor);
    close(closed->fd);
    *closed = connections[--count];
    return served;
}

/* Whether a result of reading or writing says that the process at the other end is gone. */
static bool says_ended(int64_t result) { return result == -EPIPE || result == -ECONNRESET; }

/* The answers are one byte each, so one that has no room comes from a client that asks and asks without reading. */
static int answer(const struct connection *connection, char byte, int descriptor) {
    int64_t sent = jmp_send_descriptors(connection->fd, &byte, 1, &descriptor, descriptor >= 0 ? 1 : 0);
    return sent == 1 ? 0 : sent == JMP_WOULD_BLOCK ? -EAGAIN : (int)sent;
}

static int take_deposit(struct connection *connection) {
    if (deposits_put(connection->message.token, connection->descriptor) != 0) {
        return answer(connection, 0, -1);
    }
    connection->descriptor = -1;
    return answer(connection, 1, -1);
}

static int redeem(const struct connection *connection) {
    int descriptor = deposits_find(connection->message.token);
    int result;
    if (descriptor < 0) {
        return answer(connection, 0, -1);
    }
    /* Forgotten only when it is sent. */
    result = answer(connection, 1, descriptor);
    if (result == 0) {
        deposits_forget(connection->message.token);
    }
    return result;
}

static int hello(const struct directory *directory, struct connection *connection) {
    int result = connection->slot < 0 ? members_hello(directory, connection->message.slot, connection->message.generation) : -EPROTO;
    if (result == 0) {
        connection->slot = connection->message.slot;
        connection->generation = connection->message.generation;
    }
    return result;
}

/* Does what the message says, which is complete. A negative result closes the connection. */
static int obey(const struct directory *directory, struct connection *connection) {
    bool with_descriptor = connection->descriptor >= 0;
    if (with_descriptor != (connection->message.type == JMP_MESSAGE_DEPOSIT)) {
        return -EPROTO;
    }
    switch (connection->message.type) {
    case JMP_MESSAGE_HELLO:
        return hello(directory, connection);
    case JMP_MESSAGE_DEPOSIT:
        return take_deposit(connection);
    case JMP_MESSAGE_REDEEM:
        return redeem(connection);
    default:
        return -EPROTO;
    }
}

/* Returns the bytes that arrived, 0 at the end, JMP_WOULD_BLOCK, -errno. */
static int64_t receive(struct connection *connection) {
    char *at = (char *)&connection->message + connection->arrived;
    int descriptors[2];
    int came;
    int64_t missing = (int64_t)(sizeof connection->message - connection->arrived);
    int64_t received = jmp_receive_descriptors(connection->fd, at, missing, descriptors, 2, &came, 0);
    if (came == 1 && connection->descriptor < 0) {
        connection->descriptor = descriptors[0];
    } else {
        for (int i = 0; i < came; i++) {
            close(descriptors[i]);
        }
        received = came > 0 ? -EPROTO : received;
    }
    connection->arrived += received > 0 ? (size_t)received : 0;
    return received;
}

int connections_serve(const struct directory *directory, int index) {
    struct connection *connection = &connections[index];
    for (int messages = 0; messages < MESSAGES_IN_A_ROW;) {
        int64_t received = receive(connection);
        int result;
        if (received == JMP_WOULD_BLOCK) {
            return 0;
        }
        if (received <= 0) {
            return close_connection(index, received == 0 || says_ended(received));
        }
        if (connection->arrived < sizeof connection->message) {
            continue;
        }
        result = obey(directory, connection);
        if (result != 0) {
            return close_connection(index, says_ended(result));
        }
        jmp__close_quietly(connection->descriptor); /* of a deposit that was refused */
        connection->descriptor = -1;
        connection->arrived = 0;
        messages++;
    }
    return 0;
}
