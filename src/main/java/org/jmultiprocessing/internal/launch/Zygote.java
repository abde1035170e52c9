package org.jmultiprocessing.internal.launch;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.ChildPid;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.ControlSocket;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.LiveFork;
import org.jmultiprocessing.internal.os.PipeEnds;
import org.jmultiprocessing.internal.os.SpawnRequest;
import org.jmultiprocessing.internal.registry.Kept;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** This process's side of one fork server, from its start to its end. Safe for any number of threads; one request at a time. */
final class Zygote {
    /** A server forks in a millisecond, and a forked child lives a millisecond later. */
    static final String PATIENCE_PROPERTY = "jmultiprocessing.forkserver.patience";
    private static final long DEFAULT_PATIENCE_MILLIS = 5000;
    /** To load what the program wants preloaded. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_DESCRIPTORS = 253;

    private final ControlSocket control;
    private final ChildPid server;
    private final String settings;
    private final Map<String, String> environment;
    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private volatile String trouble;

    private Zygote(ControlSocket control, ChildPid server, String settings, Map<String, String> environment) {
        this.control = control;
        this.server = server;
        this.settings = settings;
        this.environment = environment;
        Kept.add(control.fd());
        Kept.add(server.sentinel());
    }

    /**
     * Starts a server and has it practise. Blocks until it can serve, or has said why it cannot.
     *
     * @param settings of {@link ChildDefaults#settings} now
     * @throws OsException if it cannot be started
     */
    static Zygote start(String settings, List<String> preload, Supplier<StartData> rehearsal) {
        Zygote zygote = spawn(settings, preload);
        boolean ready = false;
        try {
            ControlSocket.Message greeting = zygote.control.receive(Deadline.after(START_PATIENCE));
            if (greeting == null) {
                zygote.fail("it ended while it started, or took too long");
            } else {
                String obstacle = new WireInput(greeting.bytes(), 0, greeting.bytes().length, null).readString();
                if (!obstacle.isEmpty()) {
                    zygote.fail(obstacle);
                } else {
                    zygote.rehearse(rehearsal);
                }
            }
            ready = true;
            return zygote;
        } finally {
            if (!ready) {
                zygote.end();
            }
        }
    }

    private static Zygote spawn(String settings, List<String> preload) {
        JvmCommand.Builder builder = JvmCommand.builder().forkServer();
        if (!preload.isEmpty()) {
            builder.jvmOptions(List.of("-D" + ZygoteMain.PRELOAD_PROPERTY + "=" + String.join(",", preload)));
        }
        JvmCommand command = builder.build();
        Map<String, String> environment = ChildEnvironment.with(Map.of());
        ControlSocket[] ends = ControlSocket.pair();
        // Its children get streams of their own. Only what it is to preload may have something to say.
        Redirect output = preload.isEmpty() ? Redirect.to(new File("/dev/null")) : Redirect.INHERIT;
        boolean started = false;
        try (ControlSocket theirs = ends[1];
                ChildStdio stdio = new ChildStdio(ChildStdio.nothing(), output, output);
                Fd optionFile = JvmOptionFile.of(command.argumentFile())) {
            int[] descriptors = new int[Launcher.JVM_OPTIONS + 1];
            for (int i = 0; i < descriptors.length; i++) {
                descriptors[i] = stdio.descriptor(i <= 2 ? i : 0);
            }
            descriptors[ZygoteMain.CONTROL] = theirs.fd().number();
            descriptors[Launcher.JVM_OPTIONS] = optionFile.number();
            ChildPid server = ChildPid.spawn(new SpawnRequest(command.program(), command.arguments(Launcher.JVM_OPTIONS), environment, null,
                    descriptors, SpawnRequest.NO_LIMITS));
            started = true;
            return new Zygote(ends[0], server, settings, environment);
        } finally {
            if (!started) {
                ends[0].close();
            }
        }
    }

    /** First the server runs a child's task itself, to have all that takes; then a child of it has to do so, and to end well. */
    private void rehearse(Supplier<StartData> rehearsal) {
        Redirect nowhere = Redirect.to(new File("/dev/null"));
        try (ChildStdio stdio = new ChildStdio(ChildStdio.nothing(), nowhere, nowhere)) {
            LaunchedChild child = null;
            for (ForkRequest asked : new ForkRequest[] {ForkRequest.PRACTICE, ForkRequest.PLAIN}) {
                try (StartData start = rehearsal.get()) {
                    LaunchRequest request = new LaunchRequest(start, JvmCommand.plain(), environment, null, ChildStdio.nothing(), nowhere, nowhere,
                            SpawnRequest.NO_LIMITS, true, null);
                    child = launch(request, asked, stdio);
                }
            }
            if (child == null) {
                fail(trouble == null ? "its first child did not come into being" : trouble);
            } else if (!child.join(Duration.ofSeconds(10)) || child.exit().join().code() != 0) {
                child.kill("KILL");
                fail("its first child did not do its task: " + child.exit().join());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("the thread that was to see its first child end was interrupted");
        }
    }

    /** It is of no use any more, and ends. */
    private void fail(String reason) {
        if (trouble == null) {
            trouble = reason;
        }
        end();
    }

    /** @return why it is of no use; null if it serves */
    String trouble() {
        return trouble;
    }

    /** @return how the server has ended */
    CompletableFuture<ExitStatus> exit() {
        return server.exit();
    }

    int pid() {
        return server.pid();
    }

    int controlDescriptor() {
        return control.fd().number();
    }

    /** @return whether a child under these settings would be as if it were spawned */
    boolean serves(String settingsNow) {
        return trouble == null && settings.equals(settingsNow);
    }

    /** Has it end, at once. */
    void end() {
        Kept.drop(control.fd());
        server.kill("KILL");
        server.exit().thenAccept(status -> Kept.drop(server.sentinel()));
    }

    /**
     * Has a child forked.
     *
     * @return it; null if it has to be spawned instead
     */
    LaunchedChild launch(LaunchRequest request, ChildStdio stdio) {
        ForkRequest asked = ForkRequest.of(request, environment, named);
        return asked == null || request.start().descriptors().length > MOST_DESCRIPTORS - Launcher.TRANSFERRED ? null : launch(request, asked, stdio);
    }

    private LaunchedChild launch(LaunchRequest request, ForkRequest asked, ChildStdio stdio) {
        Deadline deadline = Deadline.after(Duration.ofMillis(Long.getLong(PATIENCE_PROPERTY, DEFAULT_PATIENCE_MILLIS)));
        try (PipeEnds notes = PipeEnds.open("signal notes")) {
            int pid;
            try (ChildFiles files = new ChildFiles(request, stdio, notes.writer(), notes.writer())) {
                pid = ask(asked, files.descriptors(), asked.practice() ? Deadline.after(START_PATIENCE) : deadline);
            }
            if (pid <= 0) {
                return null;
            }
            // Only the child has the other end now, so that its end is the end of the pipe.
            notes.writer().close();
            return living(ChildPid.adopt(pid), notes, request, stdio, deadline);
        }
    }

    private LaunchedChild living(ChildPid child, PipeEnds notes, LaunchRequest request, ChildStdio stdio, Deadline deadline) {
        boolean lives = false;
        try {
            Boolean said = LiveFork.awaitAlive(notes.reader(), deadline);
            if (said == null) {
                fail("process " + child.pid() + ", which it has forked, gave no sign of life in time");
            }
            lives = Boolean.TRUE.equals(said);
            return lives ? new LaunchedChild(child, request.daemon(), stdio, notes.takeReader()) : null;
        } finally {
            if (!lives) {
                child.kill("KILL");
            }
        }
    }

    /** The child's process id; 0 after a practice, negative if there is no child. */
    private synchronized int ask(ForkRequest asked, int[] descriptors, Deadline deadline) {
        if (trouble != null) {
            return -1;
        }
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a control socket"));
        asked.write(out);
        ControlSocket.Message reply = null;
        try {
            if (control.send(out.array(), out.length(), descriptors, deadline)) {
                reply = control.receive(deadline);
            }
        } catch (OsException e) {
            fail(e.getMessage());
            return -1;
        }
        if (reply == null) {
            fail(deadline.isOver() ? "it did not answer in time" : "it has ended");
            return -1;
        }
        WireInput in = new WireInput(reply.bytes(), 0, reply.bytes().length, null);
        int pid = in.readInt();
        String refused = in.readString();
        if (!refused.isEmpty()) {
            fail(refused);
        }
        return pid;
    }
}
