#include "tracker_support.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

void tracker_tests_begin(void) {
    for (int fd = 3; fd < 20; fd++) {
        close(fd); /* whatever the test runner left open */
    }
    CHECK_IS(jmp_load(), 0);
    signal(SIGPIPE, SIG_IGN);
    CHECK_IS(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
}

static int make_file(const char *path) {
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    return fd;
}

static void *map_file(const char *path, size_t bytes) {
    int fd = make_file(path);
    void *memory;
    CHECK_IS(jmp_resize(fd, (int64_t)bytes, 1), 0);
    memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(memory != MAP_FAILED);
    close(fd);
    return memory;
}

static void path_in(char *room, size_t size, const char *folder, const char *name) {
    CHECK(snprintf(room, size, "%s/%s", folder, name) < (int)size);
}

void tree_make(struct tree *tree) {
    char path[256];
    struct stat namespace;
    *tree = (struct tree){.listener = -1};
    strcpy(tree->base, access("/dev/shm", W_OK) == 0 ? "/dev/shm/jmptestXXXXXX" : "/tmp/jmptestXXXXXX");
    CHECK(mkdtemp(tree->base) != NULL);
    tree->lock = tree_beside(tree, "jmp-0123456789abcdef", tree->path);
    CHECK_IS(flock(tree->lock, LOCK_SH), 0);
    path_in(path, sizeof path, tree->path, "members");
    tree->members = map_file(path, sizeof *tree->members);
    tree->members->header.version = JMP_LAYOUT_VERSION;
    tree->members->header.slots = JMP_MEMBER_SLOTS;
    tree->members->header.pid_namespace = stat("/proc/self/ns/pid", &namespace) == 0 ? (int64_t)namespace.st_ino : 0;
    atomic_store(&tree->members->header.magic, JMP_MEMBERS_MAGIC);
    CHECK_IS(jmp_pipe(tree->pipe, 0), 0);
    tree_listen(tree);
}

int tree_beside(const struct tree *tree, const char *name, char *path) {
    char lock[256];
    path_in(path, 128, tree->base, name);
    CHECK_IS(mkdir(path, 0700), 0);
    path_in(lock, sizeof lock, path, "lock");
    return make_file(lock);
}

void tree_listen(struct tree *tree) {
    char path[256];
    path_in(path, sizeof path, tree->path, "tracker");
    unlink(path);
    tree->listener = jmp_unix_listen(path, 128);
    CHECK(tree->listener >= 0);
}

static bool is_tracker_of(const char *pid, const char *path) {
    char place[300];
    char arguments[512] = "";
    FILE *file;
    size_t length;
    snprintf(place, sizeof place, "/proc/%s/cmdline", pid);
    file = fopen(place, "r");
    if (file == NULL) {
        return false;
    }
    length = fread(arguments, 1, sizeof arguments - 1, file);
    fclose(file);
    arguments[length] = '\0';
    return strcmp(arguments, JMP_TRACKER) == 0 && strcmp(arguments + strlen(arguments) + 1, path) == 0;
}

static int find_tracker(const char *path) {
    DIR *processes = opendir("/proc");
    int found = 0;
    CHECK(processes != NULL);
    for (struct dirent *entry; found == 0 && (entry = readdir(processes)) != NULL;) {
        found = isdigit((unsigned char)entry->d_name[0]) && is_tracker_of(entry->d_name, path) ? atoi(entry->d_name) : 0;
    }
    closedir(processes);
    return found;
}

static void start(struct tree *tree, const int *options, int option_count) {
    char arguments[400];
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int fds[] = {null, null, 2, tree->pipe[0], tree->listener}; /* 2: what the sanitizers say is to be seen */
    int length = snprintf(arguments, sizeof arguments, "%s%c%s", JMP_TRACKER, 0, tree->path) + 1;
    int result[3];
    int status[3];
    struct request request = {.program = JMP_TRACKER, .arguments = arguments, .arguments_length = (size_t)length, FDS(fds)};
    request.options = options;
    request.option_count = option_count;
    CHECK_IS(spawn_request(&request, result), 0);
    reap_surely(result[0], result[1], status);
    CHECK_IS(status[0], 0);
    CHECK_IS(status[1], 0);
    close(null);
    close(tree->listener);
    tree->listener = -1;
    tree->tracker = find_tracker(tree->path);
    CHECK(tree->tracker > 0);
}

void tracker_start(struct tree *tree) { start(tree, NULL, 0); }

void tracker_start_limited(struct tree *tree, int soft, int hard) {
    const int options[] = {JMP_OPTION_RLIMIT, JMP_RLIMIT_NOFILE, 0, soft, 0, hard};
    start(tree, options, sizeof options / sizeof options[0]);
}

void tracker_kill(struct tree *tree) {
    child_kill(tree->tracker);
    tree->tracker = 0;
}

void tracker_ends(struct tree *tree) {
    child_reap(tree->tracker, 0);
    tree->tracker = 0;
}

void tree_close_pipe(struct tree *tree) {
    close(tree->pipe[0]);
    close(tree->pipe[1]);
}

void tree_unlock(struct tree *tree) { close(tree->lock); }

void tree_end(struct tree *tree, int extra) {
    tree_close_pipe(tree);
    tree_unlock(tree);
    munmap(tree->members, sizeof *tree->members);
    tracker_ends(tree);
    CHECK_IS(count_entries(tree->base), extra);
    if (extra == 0) {
        CHECK_IS(rmdir(tree->base), 0);
    }
}

int count_entries(const char *path) {
    DIR *list = opendir(path);
    int count = -2;
    CHECK(list != NULL);
    while (readdir(list) != NULL) {
        count++;
    }
    closedir(list);
    return count;
}

bool exists(const char *path) { return access(path, F_OK) == 0; }

void tree_write(const struct tree *tree, const char *name, const char *text) {
    char path[256];
    int fd;
    path_in(path, sizeof path, tree->path, name);
    fd = make_file(path);
    CHECK_IS(jmp_write(fd, text, (int64_t)strlen(text)), strlen(text));
    close(fd);
}

struct jmp_line *segment_make(const struct tree *tree, const char *name, int lines, bool published) {
    char path[256];
    struct jmp_line *memory;
    struct jmp_segment_header *header;
    path_in(path, sizeof path, tree->path, name);
    memory = map_file(path, (size_t)lines * sizeof *memory);
    header = (struct jmp_segment_header *)memory;
    header->version = JMP_LAYOUT_VERSION;
    header->lines = lines;
    for (int i = 1; i < lines; i++) {
        atomic_store(&memory[i].lines, 1);
    }
    if (published) {
        atomic_store(&header->magic, JMP_SEGMENT_MAGIC);
    }
    return memory;
}

void segment_unmap(struct jmp_line *lines, int count) { CHECK_IS(munmap(lines, (size_t)count * sizeof *lines), 0); }

int tree_connect(const struct tree *tree) {
    char path[256];
    int fd;
    path_in(path, sizeof path, tree->path, "tracker");
    EVENTUALLY((fd = jmp_unix_connect(path)) != JMP_WOULD_BLOCK);
    CHECK(fd >= 0);
    return fd;
}

void send_message(int fd, int type, int slot, int64_t generation, const char *token, int descriptor) {
    struct jmp_message message = {.type = type, .slot = slot, .generation = generation};
    memcpy(message.token, token, strlen(token));
    CHECK_IS(jmp_send_descriptors(fd, &message, sizeof message, &descriptor, descriptor >= 0), sizeof message);
}

int answer_with(int fd, int *descriptor) {
    char byte;
    int count;
    int64_t received;
    CHECK_IS(jmp_await(fd, JMP_READABLE, -1, MILLIS(20000)), JMP_READABLE);
    received = jmp_receive_descriptors(fd, &byte, 1, descriptor, 1, &count, 0);
    if (count == 0) {
        *descriptor = -1;
    }
    return received == 0 || received == -ECONNRESET ? -1 : byte;
}

int answer(int fd) {
    int descriptor;
    int result = answer_with(fd, &descriptor);
    CHECK_IS(descriptor, -1);
    return result;
}

void settle(int fd) {
    send_message(fd, JMP_MESSAGE_REDEEM, 0, 0, "nobody's token", -1);
    CHECK_IS(answer(fd), 0);
}

void member_write(const struct tree *tree, int slot, int64_t generation, int state, int pid) {
    tree->members->slots[slot].pid = pid;
    tree->members->slots[slot].start = (int32_t)jmp_start_time(pid);
    atomic_store(&tree->members->slots[slot].word, JMP_MEMBER_WORD(generation, state));
}

int member_state(const struct tree *tree, int slot) { return JMP_MEMBER_STATE(atomic_load(&tree->members->slots[slot].word)); }

int64_t member_generation(const struct tree *tree, int slot) { return JMP_MEMBER_GENERATION(atomic_load(&tree->members->slots[slot].word)); }

int member_start(const struct tree *tree, int slot, int64_t generation, int state, bool hello) {
    int ready[2];
    char byte;
    int pid;
    CHECK_IS(jmp_pipe(ready, 0), 0);
    pid = child_fork();
    if (pid == 0) {
        close(ready[0]);
        member_write(tree, slot, generation, state, getpid());
        if (hello) {
            int fd = tree_connect(tree);
            send_message(fd, JMP_MESSAGE_HELLO, slot, generation, "", -1);
            settle(fd);
        }
        CHECK_IS(jmp_write(ready[1], "x", 1), 1);
        for (;;) {
            pause();
        }
    }
    close(ready[1]);
    CHECK_IS(jmp_read(ready[0], &byte, 1, 0), 1);
    close(ready[0]);
    return pid;
}

int child_fork(void) {
    int pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        CHECK_IS(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), 0);
    }
    return pid;
}

void child_kill(int pid) {
    int status[3];
    CHECK_IS(jmp_kill(pid, -1, "KILL"), 0);
    CHECK_IS(jmp_reap(pid, 1, status), 1);
    CHECK_IS(status[0], 1);
    CHECK_IS(status[1], SIGKILL);
}

void child_reap(int pid, int exit_code) {
    int status[3];
    int64_t until = nanos() + MILLIS(20000);
    while (jmp_reap(pid, 0, status) == 0) {
        CHECK(nanos() < until);
        usleep(500);
    }
    CHECK_IS(status[0], 0);
    CHECK_IS(status[1], exit_code);
}

static char state_of(int pid) {
    char place[64];
    char text[512] = "";
    FILE *file;
    const char *end;
    snprintf(place, sizeof place, "/proc/%d/stat", pid);
    file = fopen(place, "r");
    CHECK(file != NULL);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    end = strrchr(text, ')');
    CHECK(end != NULL);
    return end[2];
}

void child_sleeps(int pid) { EVENTUALLY(state_of(pid) == 'S'); }
