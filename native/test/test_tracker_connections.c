/* What the tracker stands: malformed and greedy clients, strangers, many of everything. */
#include "tracker_support.h"

#include <sys/resource.h>
#include <sys/stat.h>

static void a_malformed_message_closes_its_connection_alone(void) {
    struct tree tree;
    static const struct {
        int type;
        int slot;
        int64_t generation;
        int descriptors;
    } malformed[] = {
        {0, 0, 0, 0},
        {4, 0, 0, 0},
        {-1, 0, 0, 0},
        {JMP_MESSAGE_HELLO, -1, 1, 0},
        {JMP_MESSAGE_HELLO, JMP_MEMBER_SLOTS, 1, 0},
        {JMP_MESSAGE_HELLO, 2, 1, 0}, /* nobody's */
        {JMP_MESSAGE_HELLO, 1, 2, 0}, /* another generation */
        {JMP_MESSAGE_HELLO, 1, 1, 1},
        {JMP_MESSAGE_DEPOSIT, 0, 0, 0},
        {JMP_MESSAGE_DEPOSIT, 0, 0, 2},
        {JMP_MESSAGE_REDEEM, 0, 0, 1},
    };
    int good;
    int fds[2];
    tree_make(&tree);
    tracker_start(&tree);
    member_write(&tree, 1, 1, JMP_MEMBER_ALIVE, getpid());
    good = tree_connect(&tree);
    CHECK_IS(jmp_pipe(fds, 0), 0);
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct jmp_message message = {.type = malformed[i].type, .slot = malformed[i].slot, .generation = malformed[i].generation};
        int bad = tree_connect(&tree);
        CHECK_IS(jmp_send_descriptors(bad, &message, sizeof message, fds, malformed[i].descriptors), sizeof message);
        CHECK_IS(answer(bad), -1);
        close(bad);
        settle(good);
    }
    CHECK_IS(member_state(&tree, 1), JMP_MEMBER_ALIVE);
    close(fds[0]);
    CHECK_IS(jmp_write(fds[1], "x", 1), -EPIPE); /* the tracker kept none of the descriptors */
    close(fds[1]);
    close(good);
    tree_end(&tree, 0);
}

/* The process goes on, unheard. Its end is found all the same. */
static void a_member_whose_connection_was_closed_is_watched(void) {
    struct tree tree;
    int member;
    int bad;
    tree_make(&tree);
    tracker_start(&tree);
    bad = tree_connect(&tree);
    settle(bad); /* it has looked for its first time */
    member = member_start(&tree, 7, 3, JMP_MEMBER_ALIVE, false);
    send_message(bad, JMP_MESSAGE_HELLO, 7, 3, "", -1);
    send_message(bad, JMP_MESSAGE_HELLO, 7, 3, "", -1); /* twice */
    CHECK_IS(answer(bad), -1);
    CHECK_IS(member_state(&tree, 7), JMP_MEMBER_ALIVE);
    child_kill(member);
    EVENTUALLY(member_state(&tree, 7) == JMP_MEMBER_DEAD);
    close(bad);
    tree_end(&tree, 0);
}

static void messages_come_in_pieces_and_together(void) {
    enum { TOGETHER = 40 };
    struct tree tree;
    struct jmp_message messages[TOGETHER];
    int fd;
    int half;
    tree_make(&tree);
    tracker_start(&tree);
    fd = tree_connect(&tree);
    half = tree_connect(&tree);
    for (int i = 0; i < TOGETHER; i++) {
        messages[i] = (struct jmp_message){.type = JMP_MESSAGE_REDEEM};
    }
    for (size_t at = 0; at < sizeof messages[0]; at++) {
        CHECK_IS(jmp_write(fd, (char *)messages + at, 1), 1);
        settle(half);
    }
    CHECK_IS(answer(fd), 0);
    CHECK_IS(jmp_write(fd, messages, sizeof messages), sizeof messages);
    for (int i = 0; i < TOGETHER; i++) {
        CHECK_IS(answer(fd), 0);
    }
    CHECK_IS(jmp_write(half, messages, 20), 20);
    close(half);
    settle(fd);
    close(fd);
    tree_end(&tree, 0);
}

static void one_that_never_reads_stops_nobody(void) {
    struct tree tree;
    int good;
    int greedy;
    int64_t sent = 0;
    struct jmp_message message = {.type = JMP_MESSAGE_REDEEM};
    tree_make(&tree);
    tracker_start(&tree);
    good = tree_connect(&tree);
    greedy = tree_connect(&tree);
    while (sent >= 0 || sent == JMP_WOULD_BLOCK) {
        if (sent == JMP_WOULD_BLOCK) {
            CHECK_IS(jmp_await(greedy, JMP_WRITABLE, -1, MILLIS(20000)), JMP_WRITABLE);
        }
        sent = jmp_write(greedy, &message, sizeof message);
    }
    CHECK(sent == -EPIPE || sent == -ECONNRESET);
    settle(good);
    close(greedy);
    close(good);
    tree_end(&tree, 0);
}

/* The folder and the socket are opened to all, for the test; only the tracker's own look is left. */
static void other_users_are_refused(void) {
    struct tree tree;
    char path[160];
    int good;
    int pid;
    if (geteuid() != 0) {
        fprintf(stderr, "  not run: only root can become another user\n");
        return;
    }
    tree_make(&tree);
    tracker_start(&tree);
    snprintf(path, sizeof path, "%s/tracker", tree.path);
    CHECK(chmod(tree.base, 0755) == 0 && chmod(tree.path, 0755) == 0 && chmod(path, 0666) == 0);
    good = tree_connect(&tree);
    settle(good);
    pid = child_fork();
    if (pid == 0) {
        int fd;
        struct jmp_message message = {.type = JMP_MESSAGE_REDEEM};
        CHECK_IS(setuid(65534), 0);
        fd = tree_connect(&tree);
        (void)jmp_write(fd, &message, sizeof message); /* may come too late already */
        _exit(answer(fd) == -1 ? 0 : 1);
    }
    child_reap(pid, 0);
    settle(good);
    close(good);
    tree_end(&tree, 0);
}

static bool deposit_numbered(int fd, int number, int descriptor) {
    char token[JMP_TOKEN_BYTES];
    snprintf(token, sizeof token, "%d", number);
    send_message(fd, JMP_MESSAGE_DEPOSIT, 0, 0, token, descriptor);
    return answer(fd) == 1;
}

static void deposits_have_a_bound(void) {
    struct tree tree;
    int kept = 0;
    int descriptor;
    int fd;
    int fds[2];
    tree_make(&tree);
    tracker_start(&tree);
    fd = tree_connect(&tree);
    CHECK_IS(jmp_pipe(fds, 0), 0);
    while (deposit_numbered(fd, kept, fds[0])) {
        kept++;
    }
    CHECK(kept <= 4096 && kept > 0);
    send_message(fd, JMP_MESSAGE_REDEEM, 0, 0, "0", -1);
    CHECK_IS(answer_with(fd, &descriptor), 1);
    close(descriptor);
    CHECK(deposit_numbered(fd, kept, fds[0]));
    close(fds[0]);
    close(fds[1]);
    close(fd);
    tree_end(&tree, 0);
}

static void a_thousand_connections(void) {
    enum { MANY = 1000 };
    struct tree tree;
    struct rlimit limit;
    static int fds[MANY];
    CHECK_IS(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    CHECK_IS(setrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < 2 * MANY) {
        fprintf(stderr, "  not run: too few descriptors\n");
        return;
    }
    tree_make(&tree);
    tracker_start_limited(&tree, 256, (int)limit.rlim_cur);
    for (int i = 0; i < MANY; i++) {
        fds[i] = tree_connect(&tree);
        member_write(&tree, i, 1, JMP_MEMBER_ALIVE, getpid());
        send_message(fds[i], JMP_MESSAGE_HELLO, i, 1, "", -1);
    }
    for (int i = 0; i < MANY; i++) {
        settle(fds[i]);
    }
    for (int i = 0; i < MANY; i += 2) {
        close(fds[i]);
    }
    for (int i = 0; i < MANY; i++) {
        if (i % 2 == 0) {
            EVENTUALLY(member_state(&tree, i) == JMP_MEMBER_DEAD);
        } else {
            settle(fds[i]);
            CHECK_IS(member_state(&tree, i), JMP_MEMBER_ALIVE);
            close(fds[i]);
        }
    }
    tree_end(&tree, 0);
}

/* Neither kind takes what the other needs: those who come too late wait, and have their turn when there is room. */
static void few_descriptors_are_shared_out(void) {
    enum { MANY = 200 };
    struct tree tree;
    int fds[MANY];
    int kept = 0;
    tree_make(&tree);
    tracker_start_limited(&tree, 64, 400);
    fds[0] = tree_connect(&tree);
    while (deposit_numbered(fds[0], kept, 2)) {
        kept++;
    }
    CHECK(kept >= 20 && kept < 100);
    for (int i = 1; i < MANY; i++) {
        fds[i] = tree_connect(&tree);
        send_message(fds[i], JMP_MESSAGE_REDEEM, 0, 0, "none", -1);
    }
    settle(fds[0]);
    for (int i = 1; i < MANY; i++) {
        CHECK_IS(answer(fds[i]), 0);
        close(fds[i]);
    }
    close(fds[0]);
    tree_end(&tree, 0);
}

/* Others may use up what it counted on, as the whole system's files. */
static void it_waits_for_descriptors_without_spinning(void) {
    struct tree tree;
    struct rlimit before;
    struct rlimit none = {.rlim_cur = 5};
    int fd;
    tree_make(&tree);
    tracker_start(&tree);
    fd = tree_connect(&tree);
    settle(fd);
    CHECK_IS(prlimit(tree.tracker, RLIMIT_NOFILE, NULL, &before), 0);
    none.rlim_max = before.rlim_max;
    CHECK_IS(prlimit(tree.tracker, RLIMIT_NOFILE, &none, NULL), 0);
    close(fd);
    fd = tree_connect(&tree);
    send_message(fd, JMP_MESSAGE_REDEEM, 0, 0, "none", -1);
    for (int i = 0; i < 5; i++) {
        usleep(10000);
        child_sleeps(tree.tracker);
    }
    CHECK_IS(jmp_await(fd, JMP_READABLE, -1, 0), 0);
    CHECK_IS(prlimit(tree.tracker, RLIMIT_NOFILE, &before, NULL), 0);
    CHECK_IS(answer(fd), 0);
    close(fd);
    tree_end(&tree, 0);
}

int main(void) {
    tracker_tests_begin();
    RUN(deposits_have_a_bound);
    RUN(a_malformed_message_closes_its_connection_alone);
    RUN(a_member_whose_connection_was_closed_is_watched);
    RUN(messages_come_in_pieces_and_together);
    RUN(one_that_never_reads_stops_nobody);
    RUN(other_users_are_refused);
    RUN(a_thousand_connections);
    RUN(few_descriptors_are_shared_out);
    RUN(it_waits_for_descriptors_without_spinning);
    return 0;
}
