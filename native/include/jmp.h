/*
 * The contract of libjmultiprocessing. Everything that the library exports is declared here (and JNI_OnLoad); a test compares.
 *
 * Results: a function that returns int or int64_t gives a value >= 0, or -errno. JMP_WOULD_BLOCK is the one result outside that.
 * EINTR never comes back: interrupted calls go on, with what is left of their time.
 * Blocking: only functions that say so block.
 * Threads: any thread may call all of it at any time, unless a function says otherwise. Only jmp_load and jmp_note_signals keep state.
 * Ownership: pointers are borrowed for the call. Descriptors that are returned belong to the caller, are close-on-exec and are closed with
 * jmp_close. On an error nothing was made, and out-parameters are unspecified unless the function says otherwise.
 * Time: nanoseconds of the monotonic clock; a negative timeout waits for ever, 0 only looks.
 * The library never ends or talks for the process, and reaps no child but the one that it is asked about.
 */
#ifndef JMP_H
#define JMP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(JMP_BUILDING)
#define JMP_API __attribute__((visibility("default")))
#else
#define JMP_API
#endif

/* Raised by one whenever a signature, a number in this file or the meaning of either changes. */
#define JMP_ABI_VERSION 1

/* A non-blocking descriptor has no data, or no room. No errno has this value. */
#define JMP_WOULD_BLOCK (-10000)

/* Event bits. A descriptor whose other end is closed, or that has an error, is ready for whatever was asked. */
enum { JMP_READABLE = 1, JMP_WRITABLE = 2, JMP_WOKEN = 4 };

/* Capability bits. */
enum {
    JMP_CAN_PIDFD = 1,                   /* jmp_spawn gives a pidfd */
    JMP_CAN_LIMITS = 1 << 1,             /* jmp_spawn honours limits and niceness (affinity: ENOTSUP where the system has none, as macOS) */
    JMP_CAN_NOTE_SIGNALS = 1 << 2,       /* jmp_note_signals works */
    JMP_CAN_CHANNEL_DESCRIPTOR = 1 << 3, /* NativePosix.descriptorOf works (always, it is part of the JNI side) */
    JMP_CAN_FUTEX = 1 << 4,              /* jmp_wait_word blocks in the kernel */
    JMP_CAN_FORK = 1 << 5                /* the library was built for a system where jmp_fork may work; jmp_fork_check says whether it does */
};

/* Kinds of spawn options (SpawnOptions.java); the words that follow each kind. */
enum {
    JMP_OPTION_RLIMIT = 1,  /* resource, soft high, soft low, hard high, hard low; the 64-bit value -1 means no limit */
    JMP_OPTION_NICE = 2,    /* increment */
    JMP_OPTION_AFFINITY = 3 /* n, cpu... */
};

/* Resources of JMP_OPTION_RLIMIT, in the order of SpawnOptions.RESOURCES. */
enum {
    JMP_RLIMIT_AS,
    JMP_RLIMIT_CORE,
    JMP_RLIMIT_CPU,
    JMP_RLIMIT_DATA,
    JMP_RLIMIT_FSIZE,
    JMP_RLIMIT_MEMLOCK,
    JMP_RLIMIT_NOFILE,
    JMP_RLIMIT_NPROC,
    JMP_RLIMIT_RSS,
    JMP_RLIMIT_STACK,
    JMP_RLIMIT_COUNT
};

/* Steps of a spawn, in the order in which they happen and of SpawnOptions.STEPS. */
enum {
    JMP_STEP_NONE,
    JMP_STEP_PREPARE,  /* checking parameters, memory, the fail pipe */
    JMP_STEP_FORK,     /* clone(2) or fork(2) */
    JMP_STEP_STDIO,    /* bringing the descriptors to their places */
    JMP_STEP_CLOSE,    /* closing all others */
    JMP_STEP_CHDIR,    /* chdir(2) */
    JMP_STEP_RLIMIT,   /* setrlimit(2) */
    JMP_STEP_NICE,     /* nice(2) */
    JMP_STEP_AFFINITY, /* sched_setaffinity(2) */
    JMP_STEP_SIGNALS,  /* the signal mask */
    JMP_STEP_EXEC      /* execve(2) */
};

/* Steps of a fork in the parent, in the order in which they happen and of LiveFork.STEPS. */
enum {
    JMP_FORK_NONE,
    JMP_FORK_LAYOUT,  /* finding out where the C library and the VM keep what has to be known */
    JMP_FORK_PREPARE, /* memory, a free signal, the end of an earlier attempt */
    JMP_FORK_SEND,    /* signals to all threads */
    JMP_FORK_STOP,    /* their answers */
    JMP_FORK_COUNT,   /* comparing with the kernel's count of threads */
    JMP_FORK_LOCKS,   /* a moment at which no thread has to do with a lock that knows its owner by its id */
    JMP_FORK_VM,      /* finding the VM's records of the threads */
    JMP_FORK_CLONE,   /* clone(2) of the process */
    JMP_FORK_TWIN     /* in the child: clone(2) of a thread */
};

/* ---- identity ---- */

/* Returns JMP_ABI_VERSION as the library was built with. */
JMP_API int jmp_abi_version(void);

/*
 * Process-wide set-up, once, before anything else; JNI_OnLoad does it. SIGCHLD inherited as ignored becomes default (else the kernel reaps
 * children itself and their exit codes are lost). Looks whether SIGPIPE has its deadly default; in a JVM it has not (see jmp_write).
 * Returns 0. Calling it again looks again.
 */
JMP_API int jmp_load(void);

/* Returns the JMP_CAN_ bits of this system; asks the kernel, so it costs a system call. */
JMP_API int jmp_capabilities(void);

/* Writes the symbolic name of a positive errno ("ENOENT", or "E" and the number) to buffer, cut at size, NUL-terminated. Returns 0. */
JMP_API int jmp_errno_name(int number, char *buffer, size_t size);

/* Writes the system's text for a positive errno to buffer, cut at size, NUL-terminated; bytes beyond ASCII become '?'. Returns 0. */
JMP_API int jmp_errno_text(int number, char *buffer, size_t size);

/* Writes the name of a signal ("SIGKILL", or "SIG" and the number) to buffer, cut at size, NUL-terminated. Returns 0. */
JMP_API int jmp_signal_name(int number, char *buffer, size_t size);

/* Returns this process's id, asked of the kernel each time. */
JMP_API int jmp_pid(void);

/* Returns the id of the process that started this one, or of the one that adopted it. */
JMP_API int jmp_parent_pid(void);

/* Returns the effective user id; -EOVERFLOW if it does not fit. */
JMP_API int jmp_uid(void);

/*
 * Returns when a process started, in a unit of the system, for comparing only: pid and start time together name a process for ever. A process
 * that has ended but is not reaped still has its start time. -ESRCH if there is none.
 */
JMP_API int64_t jmp_start_time(int pid);

/* Fills memory with cryptographically strong random bytes. Returns 0. May block early in the system's start, until its generator is seeded. */
JMP_API int jmp_random(void *out, size_t length);

/* ---- descriptors ---- */

/* Closes a descriptor. It is gone even if an error is returned. Returns 0. */
JMP_API int jmp_close(int fd);

/* Returns a duplicate, at least 3. */
JMP_API int jmp_duplicate(int fd);

/* Makes a pipe: fds[0] reads, fds[1] writes. Bit 0 of non_blocking: the reading end is non-blocking; bit 1: the writing end. Returns 0. */
JMP_API int jmp_pipe(int fds[2], int non_blocking);

/* Makes a connected pair of non-blocking Unix stream sockets. Returns 0. */
JMP_API int jmp_socket_pair(int fds[2]);

/* Asks the kernel to give a pipe room for so many bytes. Returns the room that it has now; on an error the pipe is as it was. */
JMP_API int jmp_pipe_capacity(int fd, int bytes);

/* Sets O_NONBLOCK of the open file, so of all duplicates. Returns 0. */
JMP_API int jmp_set_non_blocking(int fd, int non_blocking);

/*
 * Opens a file, blocking. mode: 0 read, 1 write and truncate, 2 append, made with mode 0666 less umask; JMP_OPEN_SHARED: an existing file for
 * reading and writing, -ELOOP for a symbolic link; JMP_CREATE_EXCLUSIVE: a new one, 0600, -EEXIST if there is one. Returns a descriptor. May
 * block (FIFO).
 */
enum { JMP_OPEN_SHARED = 3, JMP_CREATE_EXCLUSIVE = 4 };
JMP_API int jmp_open_file(const char *path, int mode);

/*
 * Locks an open file (flock(2)), exclusive or shared, until the last descriptor of that open file is closed; a lock that it has is exchanged. With
 * block not 0 it blocks until nobody stands in the way. Returns 0, or JMP_WOULD_BLOCK.
 */
JMP_API int jmp_lock_file(int fd, int exclusive, int block);

/* Returns the inode number of a file or shared memory object. */
JMP_API int64_t jmp_file_id(int fd);

/* Makes a symbolic link with that text. Returns 0; -EEXIST if there is something of that name. */
JMP_API int jmp_symbolic_link(const char *text, const char *path);

/* Removes the name of a file or symbolic link. Returns 0. */
JMP_API int jmp_remove_file(const char *path);

/* Returns a descriptor, for reading and writing, of a file without a name: in memory, else unlinked from $TMPDIR or /tmp. */
JMP_API int jmp_anonymous_file(void);

/*
 * Reads at most length bytes, as many as are there. On a non-blocking descriptor without data it tries again for spin_nanos (burning the
 * CPU), then gives JMP_WOULD_BLOCK. On a blocking one it blocks. Returns bytes read; 0 at the end (and for length 0).
 */
JMP_API int64_t jmp_read(int fd, void *buffer, int64_t length, int64_t spin_nanos);

/*
 * Writes what there is room for. Returns bytes written, or JMP_WOULD_BLOCK. Blocks on a blocking descriptor. Where nobody reads any more the
 * result is -EPIPE, and no SIGPIPE ends the process: where the signal had its default disposition at jmp_load it is blocked for the call and
 * taken back; in a JVM, whose own handler ignores it, nothing needs to be done.
 */
JMP_API int64_t jmp_write(int fd, const void *buffer, int64_t length);

/* ---- waiting ---- */

/*
 * Blocks until a descriptor is ready for one of the events (JMP_READABLE, JMP_WRITABLE) or wake_fd is signalled. Either may be -1.
 * Returns the bits found, JMP_WOKEN among them; 0 after the time; -EBADF if a descriptor is not open.
 */
JMP_API int jmp_await(int fd, int events, int wake_fd, int64_t timeout_nanos);

/*
 * Blocks until one of count descriptors is ready; negative ones are ignored. events[i] is what is asked of fds[i] and is replaced by what was
 * found. Returns how many are ready, 0 after the time; -EBADF if one is not open.
 */
JMP_API int jmp_poll(const int *fds, int *events, int count, int64_t timeout_nanos);

/* Makes a wake descriptor pair: wait on fds[0], signal fds[1]. They may be one and the same descriptor: close it once then. Returns 0. */
JMP_API int jmp_wake_create(int fds[2]);

/* Makes fds[0] of a wake pair readable; doing so twice is like once. Also async-signal-safe. Returns 0. */
JMP_API int jmp_wake_signal(int signal_fd);

/* Makes fds[0] of a wake pair unready. Returns 0. */
JMP_API int jmp_wake_clear(int wait_fd);

/* Makes a watch: a set of descriptors for one thread to wait on while others change it. Returns a descriptor, closed with jmp_close. */
JMP_API int jmp_watch_create(void);

/*
 * Watches fd for one event; after that event it must be added again. Adding one that is there changes its events. Returns 0; -EPERM for a
 * regular file, which is always ready.
 */
JMP_API int jmp_watch_add(int watch, int fd, int events);

/* Watches fd no longer; an event under way may still be reported. Returns 0, also if it was not there. Call it before fd is closed. */
JMP_API int jmp_watch_remove(int watch, int fd);

/*
 * Blocks until watched descriptors are ready and writes at most room of them, with their events. One thread at a time for each watch.
 * Returns how many; 0 after the time, which may be rounded up to a millisecond.
 */
JMP_API int jmp_watch_wait(int watch, int *fds, int *events, int room, int64_t timeout_nanos);

/* ---- sockets ---- */

/* The most descriptors that one message can carry. */
#define JMP_MAX_DESCRIPTORS 253

/*
 * Sends bytes (at least one) and count descriptors (at most JMP_MAX_DESCRIPTORS) in one message over a Unix socket. The descriptors stay the
 * caller's. Returns bytes sent, the descriptors went with the first; JMP_WOULD_BLOCK or -errno: nothing was sent. Never SIGPIPE.
 */
JMP_API int64_t jmp_send_descriptors(int fd, const void *buffer, int64_t length, const int *fds, int count);

/*
 * Receives at most length bytes and the descriptors that came with them. fds gets at most room of them, *count says how many; those without room
 * are closed. spin_nanos as in jmp_read. Returns bytes received, 0 at the end, JMP_WOULD_BLOCK; -EMSGSIZE if the kernel had to drop descriptors
 * (this process has too many open): all that came are closed and the bytes are lost. On an error *count is 0.
 */
JMP_API int64_t jmp_receive_descriptors(int fd, void *buffer, int64_t length, int *fds, int room, int *count, int64_t spin_nanos);

/*
 * Makes a non-blocking listening Unix socket at path, which must not exist, for this user only (0600). Returns a descriptor; the caller unlinks
 * the path in the end. -ENAMETOOLONG for more than 103 bytes.
 */
JMP_API int jmp_unix_listen(const char *path, int backlog);

/* Connects a non-blocking Unix socket. Returns the connected descriptor; JMP_WOULD_BLOCK where the backlog is full. */
JMP_API int jmp_unix_connect(const char *path);

/* Makes a non-blocking listening TCP socket with SO_REUSEADDR. address: 4 or 16 bytes in network order; "::" takes IPv4 too. */
JMP_API int jmp_tcp_listen(const uint8_t *address, int address_length, int scope, int port, int backlog);

/* Starts to connect a non-blocking TCP socket with TCP_NODELAY. Returns the descriptor; wait for JMP_WRITABLE, then ask jmp_socket_error. */
JMP_API int jmp_tcp_connect(const uint8_t *address, int address_length, int scope, int port);

/* Returns 0, or -errno of what happened to a socket (SO_ERROR, cleared by asking). */
JMP_API int jmp_socket_error(int fd);

/* Takes a connection: non-blocking, TCP_NODELAY where that applies. Returns a descriptor, or JMP_WOULD_BLOCK. */
JMP_API int jmp_accept(int fd);

/*
 * Writes the address of a socket's other end (peer not 0) or of its own; port[0] is the port, port[1] the IPv6 scope id.
 * Returns the number of address bytes: 4 or 16, 0 for a Unix socket.
 */
JMP_API int jmp_socket_address(int fd, int peer, uint8_t address[16], int port[2]);

/* Returns the user id of the process at the other end of a Unix socket when it connected or listened; -ENOTSUP for other sockets. */
JMP_API int jmp_peer_uid(int fd);

/* ---- processes ---- */

/*
 * Starts a program, by clone(CLONE_VM | CLONE_VFORK) where possible, else by fork(2). Blocks until exec has happened or failed.
 * path: not searched for. arguments, environment: blocks of count NUL-terminated strings in length bytes. directory: or NULL.
 * fds[i] becomes descriptor i of the child, in any permutation, with repetitions; at least three; they stay the caller's. Every other descriptor
 * is closed in the child, close-on-exec or not. Signal dispositions are the default ones, but SIGHUP, SIGINT and SIGQUIT stay ignored where this
 * process ignores them (nohup, background jobs): a hangup that spares the parent spares its children. A JVM that starts with one of them ignored
 * leaves it so. No signal is blocked. options: option_count words, JMP_OPTION_ records. result gets {pid, pidfd or -1, failed step}; on an error
 * the pid is -1 and no child is left.
 * The child must be reaped with jmp_reap, the pidfd closed with jmp_close. Returns 0, or -errno of the failed step.
 */
JMP_API int jmp_spawn(const char *path, const char *arguments, size_t arguments_length, int argument_count, const char *environment,
                      size_t environment_length, int environment_count, const char *directory, const int *fds, int fd_count, const int *options,
                      int option_count, int result[3]);

/*
 * Reaps a child by its pid if it has ended; with block not 0 it blocks until then. status gets {0, exit code, 0} or {1, signal, core dumped}.
 * Returns 1 if it has ended and is reaped now, 0 if it still runs, -ECHILD if it is no child of this process (any more).
 */
JMP_API int jmp_reap(int pid, int block, int status[3]);

/*
 * Sends a signal to one process (never to a group). signal: a name without SIG: TERM, KILL, INT, STOP, CONT, HUP, USR1, USR2, QUIT, SEGV, ABRT.
 * pidfd: the process's, or -1; with one the signal cannot hit another process that got the pid. Returns 0.
 */
JMP_API int jmp_kill(int pid, int pidfd, const char *signal);

/*
 * From now on SIGTERM, SIGINT and SIGHUP write one byte, the signal's number, to fd before the handler runs that was installed before. A
 * signal that is ignored or has its default disposition is left alone. fd stays open until the process ends and should be non-blocking: the
 * handler writes once. Not to be called by two threads at once; calling it again changes fd. Returns 0.
 */
JMP_API int jmp_note_signals(int fd);

/*
 * Whether this process can be forked with all its threads: x86-64 Linux with glibc, in a JVM that is as expected or without one. Returns 0;
 * -ENOTSUP, -ENOSYS where this was not built for it; -EBUSY while another thread forks, or if no signal is free; -ESRCH if /proc is not its own.
 */
JMP_API int jmp_fork_check(void);

/*
 * Forks this process: the child has all the parent's threads, each at the point where it stood. All threads are stopped meanwhile, for about a
 * millisecond and more for a large heap; before, for moments, while one takes a lock. One fork at a time: -EBUSY. In the child, before any other
 * thread runs: stdio becomes its descriptors 0 to 2 unless NULL (each above 2 is then closed); it takes the environment, the directory and the
 * options, each unless NULL, as in jmp_spawn. What fails there ends the child, after it wrote {int step as for jmp_spawn, int errno} to report_fd.
 * JMP_FORK_SIBLING: the child is a child of this process's parent, which has to reap it. JMP_FORK_SPARE: it goes on to ignore SIGINT if this process
 * does, until jmp_fork_settle. JMP_FORK_NATIVES: threads that no VM owns are allowed beside suspended ones. No pthread_atfork handler runs.
 * result gets {pid or -1, pidfd or -1, failed step, id of the thread that is to blame or 0, microseconds for which this process was stopped}.
 * Returns the pid, 0 in the child, or -errno: then there is no child, and every thread goes on. -ETIMEDOUT: the one to blame
 * has all signals blocked; -EDEADLK: for seconds there was always one with a lock that knows its owner by its id, as when libraries are loaded.
 */
enum { JMP_FORK_SIBLING = 1, JMP_FORK_SPARE = 2, JMP_FORK_NATIVES = 4, JMP_FORK_RESULTS = 5 };
JMP_API int jmp_fork(int flags, const int stdio[3], const char *environment, size_t environment_length, int environment_count,
                     const char *directory, const int *options, int option_count, int report_fd, int result[JMP_FORK_RESULTS]);

/* In a spare child: takes later what it could have been given at the fork, but for niceness and affinity: they are its threads'. Returns 0. */
JMP_API int jmp_fork_settle(const int stdio[3], const char *environment, size_t environment_length, int environment_count,
                            const char *directory, const int *options, int option_count, int report_fd);

/* Ignores SIGINT in this process; in the children that it forks too if heirs is not 0, else it is to them what it was before. Returns 0. */
JMP_API int jmp_fork_ignore_interrupt(int heirs);

/* For tests: the next fork fails at that JMP_FORK_ step with that errno, once. JMP_FORK_NONE takes the order back. Returns 0. */
JMP_API int jmp_fork_fail(int step, int error);

/* _exit(2): ends the process at once. Does not return. */
JMP_API void jmp_exit_now(int code);

/* ---- shared memory ---- */

/* Returns bytes per page. */
JMP_API int jmp_page_size(void);

/* Creates a shared memory object (O_EXCL, 0600) and returns its descriptor. name: with the leading slash, at most 30 characters. */
JMP_API int jmp_shared_create(const char *name);

/* Opens a shared memory object for reading and writing and returns its descriptor. */
JMP_API int jmp_shared_open(const char *name);

/* Removes the name of a shared memory object; those who have it open keep it. Returns 0. */
JMP_API int jmp_shared_unlink(const char *name);

/* Returns the size in bytes of a file or shared memory object. */
JMP_API int64_t jmp_file_size(int fd);

/*
 * Sets the size of a file or shared memory object. reserve not 0: all pages are there afterwards, so that touching them cannot fail (macOS
 * cannot promise that for shared memory); -ENOSPC, and the old size, where they do not fit. May take a while for large sizes. Returns 0.
 */
JMP_API int jmp_resize(int fd, int64_t bytes, int reserve);

/* Maps length bytes of an object, shared, for reading and, with writable, for writing. offset: a multiple of the page size. Returns the address. */
JMP_API int64_t jmp_map(int fd, int64_t offset, int64_t length, int writable);

/* Unmaps what jmp_map mapped. Returns 0. */
JMP_API int jmp_unmap(int64_t address, int64_t length);

/*
 * Blocks while the aligned int at address, in memory shared by any processes, is expected. Returns 0 after a wake-up, or when the value is another
 * one (also without reason: look again), 1 after the time. Where the system has no such wait it looks again at growing intervals of up to 5 ms.
 */
JMP_API int jmp_wait_word(int64_t address, int expected, int64_t timeout_nanos);

/* Wakes at most count of those that wait on a word. Returns how many the kernel says it woke, 0 where it does not say. */
JMP_API int jmp_wake_word(int64_t address, int count);

#ifdef __cplusplus
}
#endif

#endif
