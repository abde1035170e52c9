package org.jmultiprocessing.internal.os;

import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.ForkPosix;
import org.jmultiprocessing.internal.ffi.Posix;

/** Forks this JVM with all its threads. Which of its threads may go on in the child, and what has to be put right there, is the caller's matter. */
public final class LiveFork {
    private static final String RECORDS = "find the VM's records of its threads";
    /** In the order of the JMP_FORK_ steps. */
    private static final List<String> STEPS = List.of("", "find out where the C library and the VM keep what has to be known", "prepare",
            "send a signal to all threads", "stop all threads", "count the threads",
            "find a moment at which no thread takes a lock of the C library", RECORDS, "clone",
            "clone a thread");
    private static final int PIDFD = 1;
    private static final int STEP = 2;
    private static final int THREAD = 3;
    private static final int PAUSE = 4;
    private static final int RESULTS = 5;
    private static final int STDERR = 2;
    /** What a child writes into its signal notes once it lives; no signal has this number. */
    private static final byte ALIVE = 64;
    /** That, and its process id. */
    private static final int NOTE = 5;

    /** In a child of {@link #forkSelf}: when it was forked. */
    private static QuietMoment moment;

    /** System property: {@code allow} forks a JVM with threads that a native library has made. */
    private static final String NATIVES_PROPERTY = "jmultiprocessing.fork.nativeThreads";

    private LiveFork() { }

    /** @return why no JVM can be forked here; null if one that is as expected can */
    public static String platformObstacle() {
        Posix posix = Binding.posix();
        int needed = Posix.CAN_FORK | Posix.CAN_PIDFD;
        return (posix.capabilities() & needed) == needed ? null
                : "forking a JVM takes x86-64 Linux 5.3 with glibc, and the jni binding; this one is " + posix.binding();
    }

    /** @return why this JVM cannot be forked; null if it can */
    public static String obstacle() {
        String platform = platformObstacle();
        if (platform != null) {
            return platform;
        }
        Posix posix = Binding.posix();
        ForkPosix fork = (ForkPosix) posix;
        int result = fork.forkCheck();
        if (result < 0) {
            return "this JVM or its C library is not as expected (" + posix.errnoName(-result) + ")";
        }
        return fork.isHeapShared() == 0 ? null
                : "the collector of this JVM shares its heap with children instead of giving them a copy: use another one, such as -XX:+UseG1GC";
    }

    /**
     * What a child is to have; null where it has what this process has.
     *
     * @param stdio its descriptors 0 to 2; closed there, if above
     * @param environment its environment as a block of strings
     * @param environmentCount how many these are
     * @param directory its directory, NUL-terminated
     * @param limits its limits, as {@link #encode} makes them
     */
    public record Given(int[] stdio, byte[] environment, int environmentCount, byte[] directory, int[] limits) { }

    /**
     * Forks this JVM. Blocks for about a millisecond, and so do all other threads; longer, but not they, while there is always one that takes a lock
     * of the C library or the dynamic loader.
     *
     * @param sibling whether the child is to be a child of this process's parent, which has to reap it
     * @param given what it gets
     * @param report where the child writes if it cannot come into being, before it ends
     * @return in this process the child; in the child null
     * @throws OsException if there is no child, naming the step
     */
    public static Forked fork(boolean sibling, Given given, int report) {
        return fork(sibling ? ForkPosix.SIBLING : 0, given, report);
    }

    private static Forked fork(int flags, Given given, int report) {
        Posix posix = Binding.posix();
        int[] result = new int[RESULTS];
        int pid = ((ForkPosix) posix).fork(flags, given.stdio(), given.environment(), given.environmentCount(), given.directory(),
                given.limits(), report, result);
        if (OsErrors.is(pid, "EPERM") && STEPS.get(result[STEP]).equals(RECORDS)) {
            throw new IllegalStateException("cannot fork this JVM, since nobody knows what its thread " + result[THREAD] + " would do in a child: the"
                    + " JVM does not know it, so a native library has made it. Allow such threads by -D" + NATIVES_PROPERTY
                    + "=allow, or use another start method");
        }
        if (OsErrors.is(pid, "EAGAIN") && result[THREAD] > 0) {
            throw new OsException("fork", "this JVM", "EAGAIN", "a signal for thread " + result[THREAD]
                    + " cannot be queued, since this user has as many queued as are allowed: raise ulimit -i");
        }
        if (pid < 0) {
            throw OsErrors.of("fork: " + STEPS.get(result[STEP]), result[THREAD] > 0 ? "thread " + result[THREAD] : "this JVM", pid);
        }
        return pid == 0 ? null : new Forked(pid, result[PIDFD], result[PAUSE]);
    }

    /**
     * As {@link #fork}, of a JVM that has threads of its own: they are suspended meanwhile, at a moment at which none holds what the child would
     * miss, and stay so in the child. That calls {@link #settleSelf} first of all.
     *
     * @param given what it gets
     * @param report where the child writes if it cannot come into being, before it ends
     * @return in this process the child; in the child null
     * @throws OsException if there is no child, naming the step
     * @throws IllegalStateException if there was no such moment, naming the thread and what it held
     */
    public static synchronized Forked forkSelf(Given given, int report) {
        ForkPosix posix = (ForkPosix) Binding.posix();
        QuietMoment quiet = QuietMoment.find();
        boolean inChild = false;
        try {
            OsErrors.check("fork", "this JVM", posix.forkApplications(Forking.ghostsAnd(quiet.suspended())));
            Forked forked = fork("allow".equals(System.getProperty(NATIVES_PROPERTY)) ? ForkPosix.NATIVES : 0, given, report);
            inChild = forked == null;
            return forked;
        } finally {
            posix.forkApplications(null);
            if (inChild) {
                moment = quiet;
            } else {
                quiet.resume();
            }
        }
    }

    /** @return why this JVM cannot be forked with the threads that it has; null if it can, by what can be known ahead */
    public static String selfObstacle() {
        String general = obstacle();
        return general != null ? general : QuietMoment.obstacle();
    }

    /**
     * In a child of {@link #forkSelf}: has it be a process of its own, as far as this package knows.
     *
     * @param jdk found in the parent
     * @throws Exception if something of the JDK is not as expected
     */
    public static void settleSelf(JdkState jdk) throws Exception {
        moment.settle();
        jdk.renew();
        jdk.renewStreams();
        Forking.begin(moment.suspended());
    }

    /**
     * Forks a spare child of this process's parent, which waits to be given something.
     *
     * @return in this process the child; in the child null
     * @throws OsException if there is no child, naming the step
     */
    public static Forked forkSpare() {
        return fork(ForkPosix.SIBLING | ForkPosix.SPARE, new Given(null, null, 0, null, null), STDERR);
    }

    /**
     * In a spare child: takes what it is given, limits excepted that its threads have each for itself.
     *
     * @param given what it gets
     * @param report where it writes if that fails, before it ends
     */
    public static void settle(Given given, int report) {
        OsErrors.check("settle", "this process", ((ForkPosix) Binding.posix()).forkSettle(given.stdio(), given.environment(),
                given.environmentCount(), given.directory(), given.limits(), report));
    }

    /**
     * A child.
     *
     * @param pid its id
     * @param pidfd a descriptor for it, which belongs to the caller; -1 if there is none
     * @param pauseMicros for how long this process stood still, in the end
     */
    public record Forked(int pid, int pidfd, int pauseMicros) { }

    /**
     * @param limits of a child
     * @return as {@link Given} wants them; null if there are none
     */
    public static int[] encode(SpawnRequest.Limits limits) {
        return limits.encoded();
    }

    /**
     * @param environment a byte in each character
     * @return as {@link Given} wants it
     */
    public static byte[] block(List<String> environment) {
        return CStrings.blockOfBytes(environment);
    }

    /**
     * @param text a path
     * @return as {@link Given} wants it
     */
    public static byte[] path(String text) {
        return CStrings.of(text);
    }

    /**
     * In a child: says that it lives, and who it is.
     *
     * @param notes the writing end of its signal notes
     */
    public static void tellAlive(int notes) {
        int pid = Binding.posix().pid();
        byte[] note = {ALIVE, (byte) (pid >> 24), (byte) (pid >> 16), (byte) (pid >> 8), (byte) pid};
        OsErrors.check("write", "signal notes", Binding.posix().write(notes, note, 0, note.length));
    }

    /**
     * In the parent: waits until a child says that it lives. Not interruptible.
     *
     * @param notes the reading end of its signal notes
     * @param deadline how long
     * @return its process id; 0 if it failed to come into being, and ends; negative if it has said nothing
     */
    public static int awaitAlive(Fd notes, Deadline deadline) {
        byte[] note = new byte[NOTE];
        boolean interrupted = false;
        notes.acquire();
        try {
            while (true) {
                // The note is smaller than what a pipe takes in one piece.
                int count = Io.read(notes, note, 0, note.length, 0);
                if (count != Io.WOULD_BLOCK) {
                    return count == NOTE && note[0] == ALIVE
                            ? (note[1] & 0xFF) << 24 | (note[2] & 0xFF) << 16 | (note[3] & 0xFF) << 8 | note[4] & 0xFF : 0;
                }
                if (deadline.isOver()) {
                    return -1;
                }
                interrupted |= !Uninterrupted.await(notes, Fd.READABLE, deadline);
            }
        } finally {
            notes.release();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** In a fork server: Ctrl-C is not for it. Its children hear of it again. */
    public static void ignoreInterrupt() {
        OsErrors.check("sigaction", "SIGINT", ((ForkPosix) Binding.posix()).ignoreInterrupt());
    }
}
