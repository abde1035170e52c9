/*
 * jmp_tracker DIRECTORY, with descriptor 3 the reading end of the tree pipe and 4 the listening socket. The program forks once and its first process
 * ends at once, with 0 if the second one serves, so who started it has nothing to reap later; see EXIT_ for the reasons not to serve.
 */
#include "tracker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TREE_PIPE = 3, LISTENER = 4 };

enum { EXIT_SERVES = 0, EXIT_USAGE = 2, EXIT_DIRECTORY = 3, EXIT_DESCRIPTORS = 4, EXIT_FORK = 5, EXIT_FAILED = 6 };

/* Descriptors for what is neither a connection nor a deposit: directories, segments, descriptors that come with a message. */
#define SPARE_DESCRIPTORS 300

/* Opens the directory by its parent and locks it. The path is as before afterwards: it is what the process list shows. */
static int open_tree(char *path, struct directory *tree) {
    char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *above = slash == NULL ? "." : slash == path ? "/" : path;
    int parent;
    int result;
    if (*name == '\0') {
        return -EINVAL;
    }
    if (slash != NULL) {
        *slash = '\0';
    }
    parent = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0) {
        return -errno;
    }
    if (slash != NULL) {
        *slash = '/';
    }
    result = directory_open(parent, name, tree);
    if (result == -ENOLCK) {
        directory_close(tree);
    }
    return result == 0 ? directory_lock(tree, LOCK_AS_USER) : result;
}

static int check_descriptors(void) {
    struct stat status;
    return fstat(TREE_PIPE, &status) == 0 && S_ISFIFO(status.st_mode) && fstat(LISTENER, &status) == 0 && S_ISSOCK(status.st_mode) ? 0 : -EBADF;
}

/* Nobody but the end of the tree ends us: neither the terminal that the tree was started from, nor who stops all of a user's programs politely. */
static void ignore_signals(void) {
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    const struct sigaction action = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        sigaction(ignored[i], &action, NULL);
    }
}

/*
 * Shares out the descriptors that the system allows, so that neither deposits nor connections can take the last one: a message whose descriptor
 * finds no room would be lost.
 */
static void share_descriptors(void) {
    enum { WANTED = CONNECTIONS_MOST + DEPOSITS_MOST + SPARE_DESCRIPTORS };
    struct rlimit limit;
    int most;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    if (limit.rlim_cur < WANTED && limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = limit;
        raised.rlim_cur = limit.rlim_max < WANTED ? limit.rlim_max : WANTED;
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            limit = raised;
        }
    }
    most = limit.rlim_cur < WANTED ? (int)limit.rlim_cur - SPARE_DESCRIPTORS : WANTED - SPARE_DESCRIPTORS;
    if (most < CONNECTIONS_MOST + DEPOSITS_MOST) {
        most = most > 8 ? most : 8;
        deposits_limit(most / 4);
        connections_limit(most - most / 4);
    }
}

int main(int count, char **arguments) {
    struct directory tree;
    pid_t child;
    if (count != 2) {
        return EXIT_USAGE;
    }
    /* Before the fork, so that the starter learns of what fails. The lock is the open file's, so it stays with the second process. */
    if (open_tree(arguments[1], &tree) != 0) {
        return EXIT_DIRECTORY;
    }
    if (check_descriptors() != 0 || jmp_set_non_blocking(TREE_PIPE, 1) != 0 || jmp_set_non_blocking(LISTENER, 1) != 0) {
        return EXIT_DESCRIPTORS;
    }
    ignore_signals();
    child = fork();
    if (child != 0) {
        return child > 0 ? EXIT_SERVES : EXIT_FORK;
    }
    setsid();
    if (chdir("/") != 0) {
        return EXIT_DIRECTORY;
    }
    share_descriptors();
    directory_sweep(&tree);
    return loop(&tree, TREE_PIPE, LISTENER) == 0 ? EXIT_SERVES : EXIT_FAILED;
}
