package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.ChildPid;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.PipeEnds;
import org.jmultiprocessing.internal.os.SpawnRequest;

/**
 * Starts a child: by a fork server where that is wanted and there is one ({@link ForkServer}), else by SPAWN, a fresh JVM. Its start data lie in a
 * file without a name, so this process never waits for the child to read them, however big they are, and nobody else can read them.
 *
 * <p>The child finds at fixed numbers, after its standard streams: the start data, the life line ({@link LifeLine}), the pipe for its signal
 * notes, a file with its JVM options if these are too long for a command line (else an empty one), both ends of the tree pipe,
 * and the descriptors that travel.
 *
 * <p>Where the milliseconds of a start go, for a child with a method reference and a Connection, by the uptime stamps of {@code -Xlog:class+load};
 * two virtual CPUs in a slow phase, in which CPython's spawn took 36 to 41 ms to its target's first line:
 *
 * <table>
 * <caption>One start, with a class archive</caption>
 * <tr><th></th><th>JDK 17</th><th>JDK 25</th><th></th></tr>
 * <tr><td>in the parent, to exec</td><td>2 - 3</td><td>2 - 3</td><td>0.2 - 0.5 of it in C; the command is kept, which saves 0.8</td></tr>
 * <tr><td>the JVM, to our {@code main}</td><td>36.0</td><td>39.8</td><td>a bare JVM takes as long: the limit</td></tr>
 * <tr><td>our library, life line, start data</td><td>3.5</td><td>1.4</td><td></td></tr>
 * <tr><td>identity, target's class</td><td>1.7</td><td>0.1</td><td>4 and 9 more where the class is not in the archive, as jars are opened</td></tr>
 * <tr><td>a way to call the target</td><td>0.2</td><td>0.2</td><td>by JNI; a hidden class takes 1 to 6: 25 parses it in Java</td></tr>
 * <tr><td>the arguments</td><td>2.0</td><td>0.1</td><td></td></tr>
 * <tr><td>after the target: hooks</td><td>0.5</td><td>0.5</td><td>3 - 14 where the JVM's own farewell is wanted</td></tr>
 * <tr><td>the kernel takes the process apart</td><td>3 - 4</td><td>4 - 5</td><td></td></tr>
 * <tr><td>in the parent, to the return of join</td><td>0.7</td><td>0.7</td><td>watcher, waitpid, wake-up</td></tr>
 * </table>
 */
public final class Launcher {
    /** Descriptor of the start data in the child. */
    static final int START_DATA = 3;
    /** Descriptor of the life line in the child. */
    static final int LIFE_LINE = 4;
    /** Descriptor of the signal notes in the child. */
    static final int SIGNAL_NOTES = 5;
    /** Descriptor of the JVM options in the child. */
    static final int JVM_OPTIONS = 6;
    /** Descriptor of the tree pipe's reading end in the child. */
    static final int TREE_READER = 7;
    /** Descriptor of the tree pipe's writing end in the child. */
    static final int TREE_WRITER = 8;
    /** First descriptor that travels. */
    static final int TRANSFERRED = 9;

    private Launcher() { }

    /**
     * Starts a child.
     *
     * @param request what and how; its start data stay the caller's
     * @return the child
     * @throws org.jmultiprocessing.errors.OsException naming the step that failed; nothing is left then
     */
    public static LaunchedChild launch(LaunchRequest request) {
        LaunchedChild child = null;
        Children.expect(request.daemon());
        try (ChildStdio stdio = new ChildStdio(request.stdin(), request.stdout(), request.stderr())) {
            child = launch(request, stdio);
        } finally {
            if (child == null) {
                Children.expectNoMore(request.daemon());
            }
        }
        ClassArchive.makeInBackground(request.command(), request.start().roots());
        return child;
    }

    private static LaunchedChild launch(LaunchRequest request, ChildStdio stdio) {
        boolean launched = false;
        try {
            LaunchedChild child = request.rehearsal() == null ? null : ForkServer.launch(request, stdio);
            if (child == null) {
                child = spawn(request, stdio);
            }
            Children.add(child);
            launched = true;
            return child;
        } finally {
            if (!launched) {
                stdio.closeStreams();
            }
        }
    }

    /** Whatever fails once there is a child, the child does not outlive the failure: nobody would know of it. */
    private static LaunchedChild spawn(LaunchRequest request, ChildStdio stdio) {
        ChildPid spawned = null;
        try (PipeEnds notes = PipeEnds.open("signal notes")) {
            spawned = spawn(request, stdio, notes.writer());
            if (request.rehearsal() != null) {
                ForkServer.startBehind(notes.reader(), request.rehearsal());
            }
            return new LaunchedChild(spawned, request.daemon(), stdio, notes.takeReader());
        } catch (RuntimeException | Error e) {
            if (spawned != null) {
                spawned.kill("KILL");
            }
            throw e;
        }
    }

    private static ChildPid spawn(LaunchRequest request, ChildStdio stdio, Fd notes) {
        JvmCommand command = request.command();
        try (Fd optionFile = JvmOptionFile.of(command.argumentFile());
                ChildFiles files = new ChildFiles(request, stdio, notes, optionFile)) {
            return ChildPid.spawn(new SpawnRequest(command.program(), command.arguments(JVM_OPTIONS), request.environment(), request.directory(),
                    files.descriptors(), request.limits()));
        }
    }
}
