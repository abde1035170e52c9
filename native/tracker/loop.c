/* The tracker waits for everything in one place. While nothing happens it makes no system call. */
#include "tracker.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* How often it looks at what the kernel does not tell: members without a connection, a lock that is not free yet. */
#define LOOK_NANOS INT64_C(50000000)
/*
 * How long after a death shares are swept: the dying give up their connection to us and their locks one after another, and a child that one was just
 * starting may have inherited a lock for a moment longer. So once soon, and once more.
 */
#define SWEEP_SOON_NANOS INT64_C(200000000)
#define SWEEP_LATER_NANOS INT64_C(2000000000)

enum { TREE_PIPE, LISTENER, FIRST_CONNECTION };

struct state {
    const struct directory *directory;
    int tree_pipe; /* -1: at its end, so every process of the tree is gone */
    int listener;
    int64_t look_at;  /* when to look at members without a connection; INT64_MAX: there is none */
    int64_t sweep_at; /* when to look for what the dead had; INT64_MAX: that has been done */
    bool sweep_again; /* once more after that */
    bool paused;      /* the system had no room for a connection: not again at once */
};

static struct pollfd entries[FIRST_CONNECTION + CONNECTIONS_MOST];

/* Returns how many entries there are. */
static int fill_entries(const struct state *state) {
    int count = connections_count();
    bool accepts = !state->paused && connections_have_room();
    entries[TREE_PIPE] = (struct pollfd){.fd = state->tree_pipe, .events = POLLIN};
    entries[LISTENER] = (struct pollfd){.fd = accepts ? state->listener : -1, .events = POLLIN};
    for (int i = 0; i < count; i++) {
        entries[FIRST_CONNECTION + i] = (struct pollfd){.fd = connections_fd(i), .events = POLLIN};
    }
    return FIRST_CONNECTION + count;
}

static bool is_over(const struct state *state) { return state->tree_pipe < 0 && connections_count() == 0; }

static int timeout_millis(const struct state *state) {
    int64_t next = state->look_at < state->sweep_at ? state->look_at : state->sweep_at;
    int64_t nanos = next == INT64_MAX ? INT64_MAX : jmp__left(next);
    if ((state->paused || is_over(state)) && nanos > LOOK_NANOS) {
        nanos = LOOK_NANOS;
    }
    return nanos == INT64_MAX ? -1 : (int)(nanos / 1000000 + (nanos % 1000000 != 0));
}

/* Nobody writes into the tree pipe; what comes nevertheless is thrown away. */
static void read_tree_pipe(struct state *state) {
    char bytes[256];
    int64_t count = jmp_read(state->tree_pipe, bytes, sizeof bytes, 0);
    if (count == 0) {
        close(state->tree_pipe);
        state->tree_pipe = -1;
    }
}

static void accept_all(struct state *state) {
    state->paused = false;
    while (connections_have_room()) {
        int accepted = connections_accept(state->listener);
        if (accepted <= 0) {
            state->paused = accepted < 0;
            return;
        }
    }
}

/* Whoever dies while the first one is due is the second one's. */
static void plan_sweeps(struct state *state) {
    int64_t soon = jmp__deadline(SWEEP_SOON_NANOS);
    state->sweep_at = state->sweep_at < soon ? state->sweep_at : soon;
    state->sweep_again = true;
}

/* Returns whether a member died. */
static bool serve_ready(struct state *state, int ready) {
    bool died = false;
    /* From the last one down: what takes the place of a closed connection has been served already. */
    for (int i = ready - 1; i >= FIRST_CONNECTION; i--) {
        if (entries[i].revents != 0) {
            int served = connections_serve(state->directory, i - FIRST_CONNECTION);
            died = died || (served & SERVED_DIED) != 0;
            if ((served & SERVED_ENDED) != 0) {
                plan_sweeps(state);
            }
            if ((served & SERVED_UNHEARD) != 0 && state->look_at == INT64_MAX) {
                state->look_at = jmp__deadline(LOOK_NANOS);
            }
        }
    }
    return died;
}

static bool look_at_members(struct state *state) {
    int found = members_look(state->directory);
    if ((found & MEMBERS_DIED) != 0) {
        plan_sweeps(state);
    }
    state->look_at = (found & MEMBERS_UNHEARD) != 0 ? jmp__deadline(LOOK_NANOS) : INT64_MAX;
    return (found & MEMBERS_DIED) != 0;
}

/*
 * Removes the directory if nobody uses it. The lock tells, and not the connections: users lock before they connect and close both only by ending, in
 * any order, so a lock that is taken may be free in a moment, or belong to one that will connect. Returns 1 if there is nothing left to serve,
 * 0 if there is.
 */
static int try_to_end(const struct state *state) {
    int result = directory_lock(state->directory, LOCK_AS_REMOVER);
    if (result == 0) {
        directory_remove(state->directory);
    }
    /* An attempt in vain costs us our own lock. It is not needed any more: if nobody else has one either, a sweeper may be quicker, no matter. */
    return result == 0 || result == -ESTALE ? 1 : result == JMP_WOULD_BLOCK ? 0 : result;
}

int loop(const struct directory *directory, int tree_pipe, int listener) {
    struct state state = {.directory = directory, .tree_pipe = tree_pipe, .listener = listener, .look_at = INT64_MAX, .sweep_at = INT64_MAX};
    look_at_members(&state);
    broadcast(directory, BROADCAST_TO_ALL);
    shares_sweep(directory);
    for (;;) {
        int count = fill_entries(&state);
        int ready = poll(entries, (nfds_t)count, timeout_millis(&state));
        bool died;
        if (ready < 0) {
            if (errno == EINTR) {
                continue;
            }
            return -errno;
        }
        if (entries[TREE_PIPE].revents != 0) {
            read_tree_pipe(&state);
        }
        died = serve_ready(&state, count);
        if (jmp__left(state.look_at) == 0) {
            died = look_at_members(&state) || died;
        }
        if (died) {
            broadcast(directory, BROADCAST_TO_COUNTED);
        }
        if (jmp__left(state.sweep_at) == 0) {
            state.sweep_at = state.sweep_again ? jmp__deadline(SWEEP_LATER_NANOS) : INT64_MAX;
            state.sweep_again = false;
            shares_sweep(directory);
        }
        if (entries[LISTENER].revents != 0 || entries[LISTENER].fd < 0) {
            accept_all(&state);
        }
        if (is_over(&state)) {
            int result = try_to_end(&state);
            if (result != 0) {
                return result > 0 ? 0 : result;
            }
        }
    }
}
