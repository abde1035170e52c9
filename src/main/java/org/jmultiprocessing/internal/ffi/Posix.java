package org.jmultiprocessing.internal.ffi;

import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/**
 * The operations that the library asks of the operating system, and nothing else. {@link NativePosix} reaches our C library by JNI,
 * {@code JnaPosix} calls libc by JNA.
 *
 * <p>Every {@code int} or {@code long} result is {@code >= 0}, or {@code -errno}; Java turns the latter into a name with {@link #errnoName} and
 * never compares it with a number. {@link #WOULD_BLOCK} is the one result outside that: a non-blocking descriptor is not ready. Descriptors made
 * here are close-on-exec. EINTR never comes back. Nothing here throws, but for running out of memory. All of it may be called from any thread.
 * Only the methods that say so block; they block the calling platform thread.
 */
public interface Posix {
    /** A non-blocking descriptor has no data, or no room. No errno has this value. */
    int WOULD_BLOCK = -10_000;

    /** Event bit: the descriptor can be read, or its other end is closed. */
    int READABLE = 1;
    /** Event bit: the descriptor can be written, or its other end is closed. */
    int WRITABLE = 2;
    /** Result bit of {@link #await}: the wake descriptor was signalled. */
    int WOKEN = 4;

    /** Capability: {@link #spawn} returns a pidfd. Else it is -1 and the caller needs a sentinel of its own. */
    int CAN_PIDFD = 1;
    /** Capability: {@link #spawn} honours limits, niceness and affinity. */
    int CAN_LIMITS = 1 << 1;
    /** Capability: {@link #noteSignals} works. */
    int CAN_NOTE_SIGNALS = 1 << 2;
    /** Capability: {@link #descriptorOf} works. */
    int CAN_CHANNEL_DESCRIPTOR = 1 << 3;
    /** Capability: {@link #waitWord} blocks in the kernel instead of looking again and again. */
    int CAN_FUTEX = 1 << 4;
    /** Capability: this is a {@link ForkPosix}, and {@link ForkPosix#forkCheck} says whether this JVM can be forked. */
    int CAN_FORK = 1 << 5;

    /** Mode of {@link #openFile}: an existing file, for reading and writing; not by a symbolic link. */
    int OPEN_SHARED = 3;
    /** Mode of {@link #openFile}: a new file, for reading and writing, mode 0600; EEXIST if the name is taken. */
    int CREATE_EXCLUSIVE = 4;

    // ---- identity ----

    /** @return {@code "jni"} or {@code "jna"} */
    String binding();

    /** @return the CAN_ bits of this platform and binding */
    int capabilities();

    /**
     * @param errno a positive errno (minus the result of an operation)
     * @return its symbolic name such as {@code "ENOENT"}, or {@code "E" + errno} if it has none
     */
    String errnoName(int errno);

    /**
     * @param errno a positive errno
     * @return the system's text for it
     */
    String errnoText(int errno);

    /**
     * @param signal a signal number of this platform
     * @return its name such as {@code "SIGKILL"}; {@code "SIG" + signal} for one without a name (real-time signals)
     */
    String signalName(int signal);

    /** @return this process's id, asked of the kernel each time */
    int pid();

    /** @return the id of the process that started this one, or of the one that adopted it */
    int parentPid();

    /** @return the effective user id */
    int uid();

    /**
     * @param pid a process
     * @return when it started, in a unit of the platform, good for comparing only (pid plus this names a process for ever); -errno if there is none
     */
    long startTime(int pid);

    /**
     * @param out filled with cryptographically strong random bytes
     * @return 0
     */
    int random(byte[] out);

    // ---- descriptors ----

    /**
     * @param fd closed, even if an error is returned
     * @return 0
     */
    int close(int fd);

    /**
     * @param fd an open descriptor
     * @return a duplicate, close-on-exec, at least 3
     */
    int duplicate(int fd);

    /**
     * A POSIX pipe.
     *
     * @param fds receives the reading end at 0 and the writing end at 1
     * @param nonBlocking bit 0: the reading end is non-blocking; bit 1: the writing end
     * @return 0
     */
    int pipe(int[] fds, int nonBlocking);

    /**
     * A connected pair of non-blocking Unix stream sockets.
     *
     * @param fds receives both ends
     * @return 0
     */
    int socketPair(int[] fds);

    /**
     * Tells the kernel to give a pipe more room (F_SETPIPE_SZ), best effort.
     *
     * @param fd either end of a pipe
     * @param bytes the room wanted
     * @return the room that it has now; -errno if the platform or a quota refuses (the pipe goes on as it was)
     */
    int pipeCapacity(int fd, int bytes);

    /**
     * @param fd a descriptor
     * @param nonBlocking what O_NONBLOCK is to be (it belongs to the open file, so to all duplicates)
     * @return 0
     */
    int setNonBlocking(int fd, boolean nonBlocking);

    /**
     * Opens a file. Blocking, close-on-exec.
     *
     * @param path NUL-terminated
     * @param mode for a child's stdio: 0 read, 1 write and truncate, 2 append, made with mode 0666 less umask; or {@link #OPEN_SHARED},
     *        {@link #CREATE_EXCLUSIVE}
     * @return a descriptor
     */
    int openFile(byte[] path, int mode);

    /**
     * Locks an open file (flock(2)) until its descriptor and all duplicates of it are closed. A lock that it has already is exchanged.
     *
     * @param fd a file
     * @param exclusive against everybody, or shared
     * @param block whether to block until nobody holds it otherwise
     * @return 0, or {@link #WOULD_BLOCK}
     */
    int lockFile(int fd, boolean exclusive, boolean block);

    /**
     * @param fd a file or shared memory object
     * @return its inode number: another one on the same file system has another as long as this one exists
     */
    long fileId(int fd);

    /**
     * Makes a symbolic link.
     *
     * @param text what it says, NUL-terminated
     * @param path where, NUL-terminated; nothing may be there
     * @return 0
     */
    int symbolicLink(byte[] text, byte[] path);

    /**
     * @param path of a file or symbolic link, NUL-terminated
     * @return 0: the name is gone
     */
    int removeFile(byte[] path);

    /**
     * A file without a name, in memory where the platform can (memfd_create), else unlinked from a temporary folder.
     *
     * @return a descriptor open for reading and writing, blocking
     */
    int anonymousFile();

    /**
     * Reads what is there, at most {@code length} bytes. Never blocks on a non-blocking descriptor; tries again for up to {@code spinNanos}
     * before it says {@link #WOULD_BLOCK}.
     *
     * @param fd a descriptor
     * @param buffer where to
     * @param offset first index
     * @param length at most so many; checked by the caller
     * @param spinNanos how long to insist, 0 for one attempt
     * @return bytes read, 0 at the end, {@link #WOULD_BLOCK} or -errno
     */
    int read(int fd, byte[] buffer, int offset, int length, long spinNanos);

    /**
     * Writes what there is room for.
     *
     * @param fd a descriptor
     * @param buffer what
     * @param offset first index
     * @param length how much; checked by the caller
     * @return bytes written, {@link #WOULD_BLOCK} or -errno; never raises SIGPIPE in a way that the JVM would see
     */
    int write(int fd, byte[] buffer, int offset, int length);

    /**
     * As {@link #read}, into memory by address.
     *
     * @param fd a descriptor
     * @param address valid for {@code length} bytes
     * @param length at most so many
     * @return bytes read, 0 at the end, {@link #WOULD_BLOCK} or -errno
     */
    long readTo(int fd, long address, long length);

    /**
     * As {@link #write}, from memory by address.
     *
     * @param fd a descriptor
     * @param address valid for {@code length} bytes
     * @param length how much
     * @return bytes written, {@link #WOULD_BLOCK} or -errno
     */
    long writeFrom(int fd, long address, long length);

    // ---- waiting ----

    /**
     * Blocks until a descriptor is ready or the wake descriptor is signalled.
     *
     * @param fd a descriptor
     * @param events READABLE, WRITABLE or both
     * @param wakeFd a wake descriptor ({@link #wakeCreate}), or -1
     * @param timeoutNanos at most so long; negative: for ever; 0: only look
     * @return READABLE, WRITABLE and WOKEN bits; 0 after the time
     */
    int await(int fd, int events, int wakeFd, long timeoutNanos);

    /**
     * Blocks until one of several descriptors is ready.
     *
     * @param fds descriptors; negative ones are ignored
     * @param events events asked for, replaced by the events found
     * @param count how many entries of both count
     * @param timeoutNanos as in {@link #await}
     * @return how many are ready, 0 after the time
     */
    int poll(int[] fds, int[] events, int count, long timeoutNanos);

    /**
     * Makes a wake descriptor pair: an eventfd twice, or a pipe.
     *
     * @param fds receives the end to wait on at 0 and the end to signal at 1 (the same descriptor where an eventfd serves)
     * @return 0
     */
    int wakeCreate(int[] fds);

    /**
     * @param signalFd the second descriptor of {@link #wakeCreate}; signalling twice is like once
     * @return 0
     */
    int wakeSignal(int signalFd);

    /**
     * @param waitFd the first descriptor of {@link #wakeCreate}, made unready
     * @return 0
     */
    int wakeClear(int waitFd);

    /**
     * Makes a watch: a set of descriptors for one thread to wait on while others add to it (epoll, kqueue).
     *
     * @return a handle of this binding (a descriptor, or an index), for the watch methods only
     */
    int watchCreate();

    /**
     * Watches a descriptor for one event; after that event it must be added again. Adding one that is there changes its events.
     *
     * @param watch the watch
     * @param fd a descriptor
     * @param events READABLE, WRITABLE or both
     * @return 0
     */
    int watchAdd(int watch, int fd, int events);

    /**
     * @param watch the watch
     * @param fd not watched from now on; an event already under way may still be reported
     * @return 0, also if it was not there
     */
    int watchRemove(int watch, int fd);

    /**
     * Blocks until watched descriptors are ready. One thread at a time.
     *
     * @param watch the watch
     * @param fds receives the ready descriptors
     * @param events receives their events
     * @param timeoutNanos as in {@link #await}
     * @return how many
     */
    int watchWait(int watch, int[] fds, int[] events, long timeoutNanos);

    // ---- sockets ----

    /**
     * Sends bytes and descriptors in one message over a Unix socket (SCM_RIGHTS). At least one byte.
     *
     * @param fd a connected Unix socket
     * @param buffer the bytes
     * @param offset first index
     * @param length how many, at least 1
     * @param fds descriptors to send
     * @param count how many of them, at most 253
     * @return bytes sent (the descriptors went with the first), {@link #WOULD_BLOCK} or -errno (nothing was sent)
     */
    int sendDescriptors(int fd, byte[] buffer, int offset, int length, int[] fds, int count);

    /**
     * Receives bytes, and the descriptors that came with them, from a Unix socket. Descriptors that have no room in {@code fds} are closed.
     *
     * @param fd a connected Unix socket
     * @param buffer where to
     * @param offset first index
     * @param length at most so many bytes
     * @param fds receives {@code {count, fd, fd, ...}}; close-on-exec
     * @param spinNanos as in {@link #read}
     * @return bytes received, 0 at the end, {@link #WOULD_BLOCK} or -errno
     */
    int receiveDescriptors(int fd, byte[] buffer, int offset, int length, int[] fds, long spinNanos);

    /**
     * Makes a non-blocking listening Unix socket; the path must not exist. Nobody but this user can connect (mode 0600).
     *
     * @param path NUL-terminated, at most 103 bytes before the NUL
     * @param backlog as in listen(2)
     * @return a descriptor
     */
    int unixListen(byte[] path, int backlog);

    /**
     * Starts to connect to a Unix socket. The socket is non-blocking; where the backlog is full the result is {@link #WOULD_BLOCK} and the
     * caller tries again.
     *
     * @param path NUL-terminated
     * @return a connected descriptor, {@link #WOULD_BLOCK} or -errno
     */
    int unixConnect(byte[] path);

    /**
     * Makes a non-blocking listening TCP socket with SO_REUSEADDR.
     *
     * @param address 4 or 16 bytes, network order
     * @param scope the IPv6 scope id, else 0
     * @param port 0 for any
     * @param backlog as in listen(2)
     * @return a descriptor
     */
    int tcpListen(byte[] address, int scope, int port, int backlog);

    /**
     * Starts to connect a non-blocking TCP socket with TCP_NODELAY. Wait for WRITABLE, then ask {@link #socketError}.
     *
     * @param address 4 or 16 bytes, network order
     * @param scope the IPv6 scope id, else 0
     * @param port the port
     * @return a descriptor, connected or connecting, or -errno
     */
    int tcpConnect(byte[] address, int scope, int port);

    /**
     * @param fd a socket
     * @return 0, or -errno of what happened to it (SO_ERROR, which is then cleared)
     */
    int socketError(int fd);

    /**
     * Takes a connection from a listening socket; non-blocking, TCP_NODELAY where that applies.
     *
     * @param fd a listening socket
     * @return a descriptor, {@link #WOULD_BLOCK} or -errno
     */
    int accept(int fd);

    /**
     * @param fd an internet socket
     * @param peer the other end's name, or this end's
     * @param address receives 4 or 16 address bytes, has room for 16
     * @param port receives the port at 0 and the scope id at 1
     * @return the number of address bytes: 4 or 16, 0 for a Unix socket
     */
    int socketAddress(int fd, boolean peer, byte[] address, int[] port);

    /**
     * @param fd a connected Unix socket
     * @return the user id of the process that connected or listened (SO_PEERCRED, getpeereid)
     */
    int peerUid(int fd);

    // ---- processes ----

    /**
     * Starts a program: fork (vfork-like where possible) and exec in one C function. In the child signal dispositions and the signal mask are
     * the default ones (SIGHUP, SIGINT and SIGQUIT stay ignored where this process ignores them),
     * {@code fds[i]} is descriptor {@code i} and all others are closed. Blocks until exec has happened or failed.
     *
     * @param path the program, NUL-terminated, not searched for
     * @param arguments NUL-terminated strings, one after another, the program's name first
     * @param argumentCount how many
     * @param environment NUL-terminated {@code NAME=value} strings
     * @param environmentCount how many
     * @param directory the working directory, NUL-terminated, or null for this process's
     * @param fds the child's descriptors 0, 1, 2, ...; at least three, each open in this process
     * @param options null or pairs and more as {@link SpawnOptions} writes them
     * @param result receives {@code {pid, pidfd or -1, failed step}}; the steps are those of {@link SpawnOptions#stepName}
     * @return 0, or -errno with the failed step
     */
    int spawn(byte[] path, byte[] arguments, int argumentCount, byte[] environment, int environmentCount, byte[] directory, int[] fds, int[] options,
            int[] result);

    /**
     * Reaps a child of this process, by its pid.
     *
     * @param pid a child
     * @param block whether to block the calling platform thread until it has ended
     * @param status receives {@code {0, exit code, 0}} or {@code {1, signal, core dumped}}
     * @return 1 if it has ended and is reaped now, 0 if it still runs
     */
    int reap(int pid, boolean block, int[] status);

    /**
     * Sends a signal.
     *
     * @param pid a process
     * @param pidfd its pidfd, or -1; with one the signal cannot hit another process that got the pid
     * @param signal a name without SIG: TERM, KILL, INT, STOP, CONT, HUP, USR1, USR2, QUIT, SEGV, ABRT
     * @return 0
     */
    int kill(int pid, int pidfd, String signal);

    /**
     * Makes this process write one byte, the signal's number, to a descriptor when SIGTERM, SIGINT or SIGHUP arrives, before the JVM's own
     * handler runs. A signal without a JVM handler ({@code -Xrs}) or with the user's is left alone.
     *
     * @param fd open until the process ends
     * @return 0
     */
    int noteSignals(int fd);

    /**
     * Ends this process at once: no hooks, no flushing ({@code _exit(2)}).
     *
     * @param code 0 to 255
     */
    void exitNow(int code);

    /**
     * Ends this process as {@code Runtime.exit} does, the shutdown hooks and deletions on exit included, but without what the JVM does after them:
     * it waits for its compiler threads in steps of 10 ms, tells its agents and writes what it was told to write at exit.
     *
     * @param code 0 to 255
     * @return does not return, but for -errno (ENOTSUP) where the JVM is one that we do not know; nothing has happened then
     */
    int exitAfterHooks(int code);

    // ---- shared memory ----

    /** @return bytes per page */
    int pageSize();

    /**
     * Creates a shared memory object of its own (O_EXCL), mode 0600.
     *
     * @param name NUL-terminated, with the leading slash, at most 30 characters
     * @return a descriptor of an empty object
     */
    int sharedCreate(byte[] name);

    /**
     * @param name NUL-terminated, with the leading slash
     * @return a descriptor, open for reading and writing
     */
    int sharedOpen(byte[] name);

    /**
     * @param name NUL-terminated, with the leading slash
     * @return 0
     */
    int sharedUnlink(byte[] name);

    /**
     * @param fd a file or shared memory object
     * @return its size in bytes
     */
    long fileSize(int fd);

    /**
     * Sets the size of a file or shared memory object.
     *
     * @param fd the object
     * @param bytes its new size
     * @param reserve whether all pages are to be there now (posix_fallocate), so that touching them cannot fail later
     * @return 0; ENOSPC where they do not fit
     */
    int resize(int fd, long bytes, boolean reserve);

    /**
     * Maps a shared object.
     *
     * @param fd the object
     * @param offset a multiple of the page size
     * @param length bytes, more than 0
     * @param writable whether it is to be written
     * @return the address, or -errno
     */
    long map(int fd, long offset, long length, boolean writable);

    /**
     * @param address as from {@link #map}
     * @param length as given to it
     * @return 0
     */
    int unmap(long address, long length);

    /**
     * @param address mapped memory
     * @param length at most {@link Integer#MAX_VALUE}
     * @return a direct buffer over it, big-endian as all new buffers; it does not keep the mapping alive
     */
    ByteBuffer buffer(long address, int length);

    /**
     * Blocks while a word in shared memory has a value (futex(2), os_sync_wait_on_address; else looks again at growing intervals).
     *
     * @param address of an aligned int
     * @param expected the value
     * @param timeoutNanos at most so long; negative: for ever
     * @return 0 after a wake-up or when the value is another; 1 after the time
     */
    int waitWord(long address, int expected, long timeoutNanos);

    /**
     * Wakes those that wait on a word.
     *
     * @param address of an aligned int
     * @param count at most so many
     * @return how many the kernel says it woke (0 where it does not say)
     */
    int wakeWord(long address, int count);

    /**
     * @param channel a selectable channel of the JDK
     * @return its descriptor, still owned by the channel; -errno (ENOTSUP) if it has none that we can find
     */
    int descriptorOf(Channel channel);

    // ---- methods ----

    /**
     * Finds a method or constructor, whatever its access, and initializes its class.
     *
     * @param type has it, or inherits it
     * @param isStatic whether it is static
     * @param name its name, or {@code <init>}
     * @param signature its descriptor
     * @return its id, good as long as the class is there; 0 if there is none, or this binding calls no methods
     */
    long findMethod(Class<?> type, boolean isStatic, String name, String signature);

    /**
     * Calls a method or constructor. Nothing is checked: what does not fit crashes the JVM.
     *
     * @param type where it was found
     * @param method its id
     * @param receiver an instance of the type; null for a static method or a constructor
     * @param letters the first letter of the type of each parameter, at most 255, and then of the result; {@code N} for a constructor
     * @param objects an element for each parameter, read if that is an object
     * @param numbers an element for each parameter, read if that is none: its value, or the bits of a floating-point number. At least one: the
     *     first gets such a result
     * @return a result that is an object, or the object that was made; else null
     * @throws Exception what the method throws
     */
    Object callMethod(Class<?> type, long method, Object receiver, byte[] letters, Object[] objects, long[] numbers) throws Exception;
}
