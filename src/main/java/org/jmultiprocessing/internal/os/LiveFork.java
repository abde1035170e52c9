package org.jmultiprocessing.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.ForkPosix;
import org.jmultiprocessing.internal.ffi.Posix;

/** Forks this JVM with all its threads. Which of its threads may go on in the child, and what has to be put right there, is the caller's matter. */
public final class LiveFork {
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
    /** What it writes if it cannot come into being: a step and an errno, an int each. */
    private static final int FAILURE = 8;

    /** In a child of {@link #forkSelf}: when it was forked. */
    private static QuietMoment moment;

    private LiveFork() { }

    /** @return why no JVM can be forked here; null if one that is as expected can */
    public static String platformObstacle() {
        Posix posix = Binding.posix();
        if ((posix.capabilities() & Posix.CAN_FORK) == 0) {
            return "forking a JVM takes x86-64 Linux with glibc, and the jni binding; this one is " + posix.binding();
        }
        return (posix.capabilities() & Posix.CAN_PIDFD) != 0 ? null
                : "forking a JVM takes pidfd_open, which Linux has since 5.3, and which a sandbox may forbid";
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
            return ForkTrouble.obstacle(result);
        }
        if (hasHugePages()) {
            return "it has memory in huge pages of a pool, of which children may get no copies: use transparent ones instead, by"
                    + " -XX:+UseTransparentHugePages";
        }
        return fork.isHeapShared() == 0 ? null
                : "the collector of this JVM shares its heap with children instead of giving them a copy: use another one, such as -XX:+UseG1GC";
    }

    /** Who writes to such a page gets a copy from the pool, or takes it away from the others if that is empty: they are killed when they touch it. */
    private static boolean hasHugePages() {
        // Not by channels, for which the JDK opens a socket that it keeps.
        try (InputStream status = new FileInputStream("/proc/self/status")) {
            String text = new String(status.readAllBytes(), StandardCharsets.US_ASCII);
            int pages = text.indexOf("\nHugetlbPages:");
            return pages >= 0 && !text.substring(text.indexOf(':', pages) + 1).stripLeading().startsWith("0 kB");
        } catch (IOException e) {
            throw new UncheckedIOException("/proc/self/status, which was there a moment ago", e);
        }
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
        int[] result = new int[RESULTS];
        return outcome(fork(flags, given, report, result), result);
    }

    private static int fork(int flags, Given given, int report, int[] result) {
        return ((ForkPosix) Binding.posix()).fork(flags, given.stdio(), given.environment(), given.environmentCount(), given.directory(),
                given.limits(), report, result);
    }

    private static Forked outcome(int pid, int[] result) {
        if (pid < 0) {
            throw ForkTrouble.of(result[STEP], pid, result[THREAD]);
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
        // What can fail comes before there is a child: the threads that look after it.
        Cleaning.cleaner();
        Watcher.get();
        int flags = "allow".equals(System.getProperty(ForkTrouble.NATIVES_PROPERTY)) ? ForkPosix.NATIVES : 0;
        int[] result = new int[RESULTS];
        int pid = -1;
        QuietMoment quiet = QuietMoment.find();
        try {
            OsErrors.check("fork", "this JVM", posix.forkApplications(Forking.ghostsAnd(quiet.suspended())));
            pid = fork(flags, given, report, result);
        } finally {
            posix.forkApplications(null);
            if (pid == 0) {
                moment = quiet;
            } else {
                quiet.resume();
            }
        }
        return outcome(pid, result);
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
     * What a child has said first.
     *
     * @param pid its process id, if it lives; else 0
     * @param silent whether it has said nothing so far
     * @param failure why it could not come into being, as far as it has said so; else null
     */
    public record FirstWord(int pid, boolean silent, OsException failure) {
        /** @return whether the child lives */
        public boolean isAlive() {
            return pid > 0;
        }

        /** @return why it could not be forked; null if that is not why it failed, so that it would fail if it were spawned too */
        public String complaint() {
            return failure != null && failure.operation().startsWith("fork") ? failure.getMessage() : null;
        }
    }

    /**
     * In the parent: waits until a child says that it lives. Not interruptible.
     *
     * @param notes the reading end of its signal notes
     * @param directory that it was to work in; null for none
     * @param deadline how long
     * @return what it says
     */
    public static FirstWord awaitAlive(Fd notes, String directory, Deadline deadline) {
        byte[] note = new byte[NOTE];
        boolean interrupted = false;
        notes.acquire();
        try {
            while (true) {
                // The note is smaller than what a pipe takes in one piece.
                int count = Io.read(notes, note, 0, note.length, 0);
                if (count != Io.WOULD_BLOCK) {
                    return firstWord(notes, note, count, directory);
                }
                if (deadline.isOver()) {
                    return new FirstWord(0, true, null);
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

    private static FirstWord firstWord(Fd notes, byte[] note, int count, String directory) {
        if (count == NOTE && note[0] == ALIVE) {
            return new FirstWord(ByteBuffer.wrap(note).getInt(1), false, null);
        }
        byte[] failure = Arrays.copyOf(note, FAILURE);
        // Whoever could write the beginning has written all of it.
        if (count != NOTE || Io.read(notes, failure, NOTE, FAILURE - NOTE, 0) != FAILURE - NOTE) {
            return new FirstWord(0, false, null);
        }
        ByteBuffer words = ByteBuffer.wrap(failure).order(ByteOrder.nativeOrder());
        return new FirstWord(0, false, ForkTrouble.ofChild(words.getInt(), words.getInt(), directory));
    }

    /** In a fork server: Ctrl-C is not for it. Its children hear of it again. */
    public static void ignoreInterrupt() {
        OsErrors.check("sigaction", "SIGINT", ((ForkPosix) Binding.posix()).ignoreInterrupt(false));
    }
}
