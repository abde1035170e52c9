/* The tracker while its tree lives: deaths, deposits. */
#include "tracker_support.h"

static void a_starter_connects_before_the_tracker_runs(void) {
    struct tree tree;
    int early;
    tree_make(&tree);
    early = tree_connect(&tree);
    send_message(early, JMP_MESSAGE_REDEEM, 0, 0, "none", -1);
    tracker_start(&tree);
    CHECK_IS(answer(early), 0);
    close(early);
    tree_end(&tree, 0);
}

/* As WaitPoint waits; ends with 0 if a broadcast woke it: seq is another one, and the count is another epoch's. */
static int waiter_start(struct jmp_wait_point *point, bool counted) {
    int pid;
    if (counted) {
        atomic_fetch_add(&point->waiters, 1);
    }
    pid = child_fork();
    if (pid == 0) {
        int32_t seq = atomic_load(&point->seq);
        uint32_t epoch = atomic_load(&point->waiters) >> JMP_WAITERS_EPOCH_SHIFT;
        int result = jmp_wait_word((int64_t)(intptr_t)&point->seq, seq, -1);
        _exit(result == 0 && atomic_load(&point->seq) == seq + 1 && atomic_load(&point->waiters) >> JMP_WAITERS_EPOCH_SHIFT != epoch ? 0 : 1);
    }
    child_sleeps(pid);
    return pid;
}

static void a_death_is_noted_and_told_to_all_who_wait(void) {
    enum { LINES = 100 };
    struct tree tree;
    struct jmp_line *arena;
    struct jmp_line *queue;
    struct jmp_line *unpublished;
    int member;
    int waiters[3];
    tree_make(&tree);
    tracker_start(&tree);
    arena = segment_make(&tree, "arena-1", LINES, true);
    queue = segment_make(&tree, "queue-1", 2, true);
    unpublished = segment_make(&tree, "arena-2", 2, false);
    tree_write(&tree, "arena-short", "jmparena");
    tree_write(&tree, "starting", "");
    atomic_store(&unpublished[1].points[0].waiters, 1);
    atomic_store(&arena[50].points[1].waiters, 7U << JMP_WAITERS_EPOCH_SHIFT | 0x8003);
    atomic_store(&arena[50].points[1].seq, INT32_MAX);
    atomic_store(&arena[51].points[1].waiters, 0xffffU << JMP_WAITERS_EPOCH_SHIFT | 1);
    atomic_store(&arena[51].owner, 123);
    /* What an object has behind its line looks as if somebody waited there. */
    atomic_store(&arena[60].lines, 3);
    for (int i = 61; i < 63; i++) {
        memset(&arena[i], 7, sizeof arena[i]);
    }
    member = member_start(&tree, 5, 9, JMP_MEMBER_ALIVE, true);
    waiters[0] = waiter_start(&arena[1].points[0], true);
    waiters[1] = waiter_start(&arena[LINES - 1].points[1], true);
    waiters[2] = waiter_start(&queue[1].points[1], true);
    child_kill(member);
    for (int i = 0; i < 3; i++) {
        child_reap(waiters[i], 0);
    }
    /* Noted before it is told. */
    CHECK_IS(member_state(&tree, 5), JMP_MEMBER_DEAD);
    CHECK_IS(member_generation(&tree, 5), 9);
    CHECK_IS(atomic_load(&arena[1].points[0].waiters), 1U << JMP_WAITERS_EPOCH_SHIFT);
    CHECK_IS(atomic_load(&arena[50].points[1].waiters), 8U << JMP_WAITERS_EPOCH_SHIFT);
    CHECK_IS(atomic_load(&arena[50].points[1].seq), INT32_MIN);
    CHECK_IS(atomic_load(&arena[51].points[1].waiters), 0);
    CHECK_IS(atomic_load(&arena[51].owner), 123);
    for (int i = 61; i < 63; i++) {
        for (size_t byte = 0; byte < sizeof arena[i]; byte++) {
            CHECK_IS(((unsigned char *)&arena[i])[byte], 7);
        }
    }
    CHECK_IS(atomic_load(&arena[1].points[1].seq), 0);
    CHECK_IS(atomic_load(&arena[1].points[1].waiters), 0);
    CHECK_IS(((struct jmp_segment_header *)arena)->lines, LINES);
    CHECK_IS(((struct jmp_segment_header *)arena)->version, JMP_LAYOUT_VERSION);
    CHECK_IS(atomic_load(&unpublished[1].points[0].waiters), 1);

    member = member_start(&tree, JMP_MEMBER_SLOTS - 1, 1, JMP_MEMBER_LEAVING, true);
    waiters[0] = waiter_start(&arena[1].points[0], true);
    child_kill(member);
    child_reap(waiters[0], 0);
    CHECK_IS(member_state(&tree, JMP_MEMBER_SLOTS - 1), JMP_MEMBER_LEFT);
    CHECK_IS(atomic_load(&arena[1].points[0].waiters), 2U << JMP_WAITERS_EPOCH_SHIFT);
    segment_unmap(arena, LINES);
    segment_unmap(queue, 2);
    segment_unmap(unpublished, 2);
    tree_end(&tree, 0);
}

static void a_slot_is_its_present_members_alone(void) {
    struct tree tree;
    int first;
    int second;
    int again;
    tree_make(&tree);
    tracker_start(&tree);
    first = member_start(&tree, 3, 1, JMP_MEMBER_ALIVE, true);
    second = member_start(&tree, 4, 1, JMP_MEMBER_ALIVE, true);
    member_write(&tree, 3, 2, JMP_MEMBER_ALIVE, getpid()); /* somebody else saw the death first, and the slot went to a new member */
    again = tree_connect(&tree);
    send_message(again, JMP_MESSAGE_HELLO, 3, 2, "", -1);
    settle(again);
    child_kill(first);
    child_kill(second);
    EVENTUALLY(member_state(&tree, 4) == JMP_MEMBER_DEAD);
    CHECK_IS(member_state(&tree, 3), JMP_MEMBER_ALIVE);

    /* A member that connects anew is dead when its last connection is closed. */
    {
        int more = tree_connect(&tree);
        send_message(more, JMP_MESSAGE_HELLO, 3, 2, "", -1);
        settle(more);
        close(again);
        settle(more);
        CHECK_IS(member_state(&tree, 3), JMP_MEMBER_ALIVE);
        close(more);
    }
    EVENTUALLY(member_state(&tree, 3) == JMP_MEMBER_DEAD);
    tree_end(&tree, 0);
}

/* Its member is alive before it can say HELLO. */
static void one_that_dies_before_it_says_hello_is_found(void) {
    struct tree tree;
    int member;
    int stranger;
    tree_make(&tree);
    tracker_start(&tree);
    stranger = tree_connect(&tree);
    settle(stranger); /* it has looked for its first time */
    member = member_start(&tree, 8, 1, JMP_MEMBER_ALIVE, false);
    CHECK_IS(jmp_kill(member, -1, "KILL"), 0);
    close(stranger); /* a connection ends that said nothing: it may have been that member's */
    EVENTUALLY(member_state(&tree, 8) == JMP_MEMBER_DEAD);
    child_kill(member); /* not reaped until now */
    tree_end(&tree, 0);
}

/* It asked something and was gone before the answer. That its process lives, in this test, shows that nobody had to look for it. */
static void one_that_dies_before_its_answer_is_noted_at_once(void) {
    struct tree tree;
    int fd;
    tree_make(&tree);
    tracker_start(&tree);
    member_write(&tree, 0, 1, JMP_MEMBER_ALIVE, getpid());
    fd = tree_connect(&tree);
    settle(fd);
    CHECK_IS(jmp_kill(tree.tracker, -1, "STOP"), 0);
    send_message(fd, JMP_MESSAGE_HELLO, 0, 1, "", -1);
    send_message(fd, JMP_MESSAGE_REDEEM, 0, 0, "none", -1);
    close(fd);
    CHECK_IS(jmp_kill(tree.tracker, -1, "CONT"), 0);
    EVENTUALLY(member_state(&tree, 0) == JMP_MEMBER_DEAD);
    tree_end(&tree, 0);
}

static void expect_text(int fd, const char *expected) {
    char text[64];
    int64_t length = jmp_read(fd, text, sizeof text - 1, 0);
    CHECK_IS(length, strlen(expected));
    text[length] = '\0';
    CHECK(strcmp(text, expected) == 0);
    close(fd);
}

static void deposits_outlive_who_made_them(void) {
    struct tree tree;
    int fds[2];
    int descriptor;
    int depositor;
    int fetcher;
    tree_make(&tree);
    tracker_start(&tree);
    CHECK_IS(jmp_pipe(fds, 0), 0);
    CHECK_IS(jmp_write(fds[1], "here", 4), 4);
    depositor = tree_connect(&tree);
    send_message(depositor, JMP_MESSAGE_DEPOSIT, 0, 0, "token 1", fds[0]);
    CHECK_IS(answer(depositor), 1);
    send_message(depositor, JMP_MESSAGE_DEPOSIT, 0, 0, "token 1", fds[0]);
    CHECK_IS(answer(depositor), 0); /* one already has it */
    close(depositor);
    close(fds[0]);
    fetcher = tree_connect(&tree);
    send_message(fetcher, JMP_MESSAGE_REDEEM, 0, 0, "token 2", -1);
    CHECK_IS(answer(fetcher), 0);
    send_message(fetcher, JMP_MESSAGE_REDEEM, 0, 0, "token 1", -1);
    CHECK_IS(answer_with(fetcher, &descriptor), 1);
    CHECK(descriptor >= 0);
    expect_text(descriptor, "here");
    send_message(fetcher, JMP_MESSAGE_REDEEM, 0, 0, "token 1", -1);
    CHECK_IS(answer(fetcher), 0);
    /* The tracker keeps nothing of what was refused or fetched: nobody reads any more. */
    CHECK_IS(jmp_write(fds[1], "x", 1), -EPIPE);
    close(fds[1]);
    close(fetcher);
    tree_end(&tree, 0);
}

int main(void) {
    tracker_tests_begin();
    RUN(a_starter_connects_before_the_tracker_runs);
    RUN(a_death_is_noted_and_told_to_all_who_wait);
    RUN(a_slot_is_its_present_members_alone);
    RUN(one_that_dies_before_it_says_hello_is_found);
    RUN(one_that_dies_before_its_answer_is_noted_at_once);
    RUN(deposits_outlive_who_made_them);
    return 0;
}
