#include "check.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void descriptors_travel(void) {
    static const int counts[] = {0, 1, JMP_MAX_DESCRIPTORS};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        int pair[2];
        int sent[JMP_MAX_DESCRIPTORS];
        int received[JMP_MAX_DESCRIPTORS];
        int count;
        char text[8];
        int before = count_descriptors();
        int fds[2];
        CHECK_IS(jmp_pipe(fds, 3), 0);
        CHECK_IS(jmp_socket_pair(pair), 0);
        for (int k = 0; k < JMP_MAX_DESCRIPTORS; k++) {
            sent[k] = fds[0];
        }
        CHECK_IS(jmp_send_descriptors(pair[0], "abc", 3, sent, counts[i]), 3);
        CHECK_IS(jmp_receive_descriptors(pair[1], text, sizeof text, received, JMP_MAX_DESCRIPTORS, &count, 0), 3);
        CHECK_IS(count, counts[i]);
        CHECK_IS(count_descriptors(), before + 4 + count);
        jmp_write(fds[1], "x", 1);
        for (int k = 0; k < count; k++) {
            CHECK(fcntl(received[k], F_GETFD) & FD_CLOEXEC);
            CHECK_IS(jmp_await(received[k], JMP_READABLE, -1, 0), JMP_READABLE);
            jmp_close(received[k]);
        }
        CHECK_IS(jmp_receive_descriptors(pair[1], text, sizeof text, received, 1, &count, MILLIS(1)), JMP_WOULD_BLOCK);
        CHECK_IS(count, 0);
        jmp_close(pair[0]);
        CHECK_IS(jmp_receive_descriptors(pair[1], text, sizeof text, received, 1, &count, 0), 0);
        jmp_close(pair[1]);
        jmp_close(fds[0]);
        jmp_close(fds[1]);
    }
}

static void descriptors_without_room_are_closed(void) {
    int pair[2];
    int sent[5] = {0, 0, 0, 0, 0};
    int received[2];
    int count;
    char text[8];
    int before;
    CHECK_IS(jmp_socket_pair(pair), 0);
    before = count_descriptors();
    CHECK_IS(jmp_send_descriptors(pair[0], "a", 1, sent, 5), 1);
    CHECK_IS(jmp_receive_descriptors(pair[1], text, sizeof text, received, 2, &count, 0), 1);
    CHECK_IS(count, 2);
    CHECK_IS(count_descriptors(), before + 2);
    jmp_close(received[0]);
    jmp_close(received[1]);
    CHECK_IS(jmp_send_descriptors(pair[0], "a", 1, sent, 5), 1);
    CHECK_IS(jmp_receive_descriptors(pair[1], text, sizeof text, NULL, 0, &count, 0), 1);
    CHECK_IS(count, 0);
    jmp_close(pair[0]);
    jmp_close(pair[1]);
}

static void dropped_descriptors_are_an_error(void) {
    int pair[2];
    int sent[5] = {0, 0, 0, 0, 0};
    int received[5];
    int count;
    char text[8];
    struct rlimit before;
    struct rlimit few;
    CHECK_IS(jmp_socket_pair(pair), 0);
    CHECK_IS(jmp_send_descriptors(pair[0], "a", 1, sent, 5), 1);
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = (rlim_t)pair[1] + 3;
    setrlimit(RLIMIT_NOFILE, &few);
    CHECK_IS(jmp_receive_descriptors(pair[1], text, sizeof text, received, 5, &count, 0), -EMSGSIZE);
    setrlimit(RLIMIT_NOFILE, &before);
    CHECK_IS(count, 0);
    jmp_close(pair[0]);
    jmp_close(pair[1]);
}

static void sending_checks_its_parameters(void) {
    int pair[2];
    int sent[1] = {0};
    CHECK_IS(jmp_socket_pair(pair), 0);
    CHECK_IS(jmp_send_descriptors(pair[0], "", 0, sent, 1), -EINVAL);
    CHECK_IS(jmp_send_descriptors(pair[0], "a", 1, sent, JMP_MAX_DESCRIPTORS + 1), -EINVAL);
    sent[0] = 9999;
    CHECK_IS(jmp_send_descriptors(pair[0], "a", 1, sent, 1), -EBADF);
    jmp_close(pair[1]);
    CHECK_IS(jmp_send_descriptors(pair[0], "a", 1, sent, 0), -EPIPE);
    jmp_close(pair[0]);
}

static void unix_sockets_connect(void) {
    char folder[] = "/tmp/jmp-test-XXXXXX";
    char path[64];
    char longest[200];
    struct stat status;
    uint8_t address[16];
    int port[2];
    int listener;
    int client;
    int server;
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/s", folder);
    CHECK_IS(jmp_unix_connect(path), -ENOENT);
    CHECK((listener = jmp_unix_listen(path, 4)) >= 0);
    CHECK_IS(stat(path, &status), 0);
    CHECK_IS(status.st_mode & 0777, 0600);
    CHECK_IS(jmp_unix_listen(path, 4), -EADDRINUSE);
    CHECK_IS(jmp_accept(listener), JMP_WOULD_BLOCK);
    CHECK((client = jmp_unix_connect(path)) >= 0);
    CHECK_IS(jmp_await(listener, JMP_READABLE, -1, MILLIS(1000)), JMP_READABLE);
    CHECK((server = jmp_accept(listener)) >= 0);
    CHECK(fcntl(server, F_GETFD) & FD_CLOEXEC);
    CHECK(fcntl(server, F_GETFL) & O_NONBLOCK);
    CHECK_IS(jmp_peer_uid(client), jmp_uid());
    CHECK_IS(jmp_peer_uid(server), jmp_uid());
    CHECK_IS(jmp_socket_address(server, 0, address, port), 0);
    jmp_close(client);
    jmp_close(server);
    jmp_close(listener);
    CHECK_IS(jmp_unix_connect(path), -ECONNREFUSED);
    unlink(path);
    rmdir(folder);
    memset(longest, 'x', sizeof longest);
    longest[104] = '\0';
    CHECK_IS(jmp_unix_listen(longest, 4), -ENAMETOOLONG);
    CHECK_IS(jmp_unix_connect(""), -ENOENT);
}

static void full_backlog_would_block(void) {
    char folder[] = "/tmp/jmp-test-XXXXXX";
    char path[64];
    int clients[16];
    int count = 0;
    int listener;
    int last;
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/s", folder);
    CHECK((listener = jmp_unix_listen(path, 1)) >= 0);
    while (count < 16 && (last = jmp_unix_connect(path)) >= 0) {
        clients[count++] = last;
    }
    CHECK(count < 16);
    CHECK(last == JMP_WOULD_BLOCK || last == -ECONNREFUSED);
    while (count > 0) {
        jmp_close(clients[--count]);
    }
    jmp_close(listener);
    unlink(path);
    rmdir(folder);
}

static void connect_over(const uint8_t *address, int length) {
    uint8_t found[16];
    int port[2];
    int listener = jmp_tcp_listen(address, length, 0, 0, 4);
    int client;
    int server;
    if (listener == -EADDRNOTAVAIL || listener == -EAFNOSUPPORT) {
        fprintf(stderr, "  (no address of %d bytes here)\n", length);
        return;
    }
    CHECK(listener >= 0);
    CHECK_IS(jmp_socket_address(listener, 0, found, port), length);
    CHECK(memcmp(found, address, (size_t)length) == 0);
    CHECK(port[0] > 0);
    CHECK((client = jmp_tcp_connect(address, length, 0, port[0])) >= 0);
    CHECK_IS(jmp_await(client, JMP_WRITABLE, -1, MILLIS(5000)), JMP_WRITABLE);
    CHECK_IS(jmp_socket_error(client), 0);
    CHECK_IS(jmp_await(listener, JMP_READABLE, -1, MILLIS(5000)), JMP_READABLE);
    CHECK((server = jmp_accept(listener)) >= 0);
    CHECK_IS(jmp_socket_address(server, 1, found, port), length);
    CHECK_IS(jmp_peer_uid(server), -ENOTSUP);
    CHECK_IS(jmp_write(client, "ping", 4), 4);
    CHECK_IS(jmp_await(server, JMP_READABLE, -1, MILLIS(5000)), JMP_READABLE);
    jmp_close(server);
    jmp_close(listener);
    jmp_close(client);
}

static void tcp_connects(void) {
    static const uint8_t v4[4] = {127, 0, 0, 1};
    static const uint8_t v6[16] = {[15] = 1};
    int port[2];
    uint8_t address[16];
    int listener;
    int client;
    connect_over(v4, 4);
    connect_over(v6, 16);
    CHECK_IS(jmp_tcp_listen(v4, 5, 0, 0, 4), -EINVAL);
    CHECK_IS(jmp_tcp_connect(v4, 4, 0, 70000), -EINVAL);
    /* A port that was just given back refuses. */
    CHECK((listener = jmp_tcp_listen(v4, 4, 0, 0, 4)) >= 0);
    CHECK_IS(jmp_socket_address(listener, 0, address, port), 4);
    jmp_close(listener);
    client = jmp_tcp_connect(v4, 4, 0, port[0]);
    if (client >= 0) {
        CHECK_IS(jmp_await(client, JMP_WRITABLE, -1, MILLIS(5000)), JMP_WRITABLE);
        CHECK_IS(jmp_socket_error(client), -ECONNREFUSED);
        jmp_close(client);
    } else {
        CHECK_IS(client, -ECONNREFUSED);
    }
    CHECK_IS(jmp_socket_error(0), -ENOTSOCK);
}

int main(void) {
    /* The tests send descriptor 0; it should be nothing special. */
    CHECK(freopen("/dev/null", "r", stdin) != NULL);
    CHECK_IS(jmp_load(), 0);
    RUN(descriptors_travel);
    RUN(descriptors_without_room_are_closed);
    RUN(dropped_descriptors_are_an_error);
    RUN(sending_checks_its_parameters);
    RUN(unix_sockets_connect);
    RUN(full_backlog_would_block);
    RUN(tcp_connects);
    return 0;
}
