/* The only signal handler that the library installs: it notes why a child ends, and then lets the JVM do what it does. */
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static const int noted[] = {SIGTERM, SIGINT, SIGHUP};
#define NOTED (sizeof noted / sizeof noted[0])

/* Written before our handler is installed, and never after: the handler may read it at any time. */
static struct sigaction previous[NOTED];
static bool installed[NOTED];
static atomic_int note_fd = -1;

static void note(int signal, siginfo_t *info, void *context) {
    int saved = errno;
    unsigned char byte = (unsigned char)signal;
    /* One attempt: a handler cannot wait, and if nobody reads any more the note is of no use. */
    ssize_t written = write(atomic_load(&note_fd), &byte, 1);
    (void)written;
    errno = saved;
    for (size_t i = 0; i < NOTED; i++) {
        if (noted[i] != signal) {
            continue;
        }
        if (previous[i].sa_flags & SA_SIGINFO) {
            previous[i].sa_sigaction(signal, info, context);
        } else {
            previous[i].sa_handler(signal);
        }
    }
}

static bool has_handler(const struct sigaction *action) {
    return action->sa_flags & SA_SIGINFO || (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

int jmp_note_signals(int fd) {
    atomic_store(&note_fd, fd);
    for (size_t i = 0; i < NOTED; i++) {
        struct sigaction ours;
        if (installed[i]) {
            continue;
        }
        if (sigaction(noted[i], NULL, &previous[i]) != 0) {
            return -errno;
        }
        if (!has_handler(&previous[i])) {
            continue;
        }
        ours = previous[i];
        ours.sa_sigaction = note;
        ours.sa_flags |= SA_SIGINFO;
        if (sigaction(noted[i], &ours, NULL) != 0) {
            return -errno;
        }
        installed[i] = true;
    }
    return 0;
}
