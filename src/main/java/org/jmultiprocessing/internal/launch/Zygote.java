package org.jmultiprocessing.internal.launch;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.ChildPid;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.ControlSocket;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.LiveFork;
import org.jmultiprocessing.internal.os.PipeEnds;
import org.jmultiprocessing.internal.os.SpawnRequest;
import org.jmultiprocessing.internal.registry.Kept;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * This process's side of one fork server, from its start to its end. So that a start need not wait for a fork, the server forks a spare child ahead:
 * it waits at a socket of its own, for which this process has the other end. Safe for any number of threads; one request at a time.
 */
final class Zygote {
    /** A server forks in a millisecond, and a forked child lives a millisecond later. */
    static final String PATIENCE_PROPERTY = "jmultiprocessing.forkserver.patience";
    private static final long DEFAULT_PATIENCE_MILLIS = 5000;
    /** To load what the program wants preloaded. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration DRAINING = Duration.ofSeconds(1);
    private static final int MOST_DESCRIPTORS = 253;

    private final ControlSocket control;
    private final ChildPid server;
    private final String settings;
    private final Map<String, String> environment;
    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private volatile String trouble;
    private volatile String complaint;
    private final ReentrantLock lock = new ReentrantLock();
    private Spare spare;
    /** Whether the reply is still to come that tells of a spare child. */
    private boolean spareAsked;
    private ControlSocket sparesSocket;
    private boolean ended;

    private Zygote(ZygoteProcess process, String settings) {
        this.control = process.control();
        this.server = process.server();
        this.environment = process.environment();
        this.settings = settings;
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
        Zygote zygote = new Zygote(ZygoteProcess.start(preload), settings);
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
                fail("its first child did not come into being" + (complaint == null ? "" : ": " + complaint));
            } else if (!child.join(Duration.ofSeconds(10)) || child.exit().join().code() != 0) {
                child.kill("KILL");
                fail("its first child did not do its task: " + child.exit().join());
            } else {
                askForSpare(new String[0]);
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

    /** @return why a child of it did not come into being last; null if all did */
    String complaint() {
        return complaint;
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

    /** Has it end, at once, and a spare child of it. */
    void end() {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                Spare last = takeSpare(Deadline.after(DRAINING));
                if (last != null) {
                    last.close();
                }
                Kept.drop(control.fd());
                server.kill("KILL");
                server.exit().thenAccept(status -> Kept.drop(server.sentinel()));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has a child forked, or takes one that was forked ahead.
     *
     * @return it; null if it has to be spawned instead
     */
    LaunchedChild launch(LaunchRequest request, ChildStdio stdio) {
        ForkRequest asked = ForkRequest.of(request, environment);
        if (asked == null || request.start().descriptors().length > MOST_DESCRIPTORS - Launcher.TRANSFERRED) {
            return null;
        }
        Deadline deadline = patience();
        Spare ready = null;
        if (asked.suitsSpare()) {
            lock.lock();
            try {
                ready = takeSpare(deadline);
            } finally {
                lock.unlock();
            }
        }
        LaunchedChild child = ready == null ? null : launch(request, asked, ready, stdio, deadline);
        if (child == null) {
            child = launch(request, asked, stdio);
            askForSpare(ForkRequest.newRoots(request, named));
        }
        return child;
    }

    /** How long a forked child may take to give a sign of life. */
    static Deadline patience() {
        return Deadline.after(Duration.ofMillis(Long.getLong(PATIENCE_PROPERTY, DEFAULT_PATIENCE_MILLIS)));
    }

    /** The next spare child is forked while this one begins. */
    private LaunchedChild launch(LaunchRequest request, ForkRequest asked, Spare ready, ChildStdio stdio, Deadline deadline) {
        try (Spare spare = ready; PipeEnds notes = PipeEnds.open("signal notes")) {
            boolean sent;
            try (ChildFiles files = new ChildFiles(request, stdio, notes.writer(), notes.writer())) {
                sent = spare.send(asked, files.descriptors(), deadline);
            }
            askForSpare(ForkRequest.newRoots(request, named));
            notes.writer().close();
            return sent && firstWord(notes, request, deadline).isAlive()
                    ? new LaunchedChild(spare.take(), request.daemon(), stdio, notes.takeReader()) : null;
        }
    }

    private LaunchedChild launch(LaunchRequest request, ForkRequest asked, ChildStdio stdio) {
        Deadline deadline = patience();
        try (PipeEnds notes = PipeEnds.open("signal notes")) {
            int pid;
            try (ChildFiles files = new ChildFiles(request, stdio, notes.writer(), notes.writer())) {
                pid = ask(asked, files.descriptors(), asked.kind() == ForkRequest.Kind.PRACTICE ? Deadline.after(START_PATIENCE) : deadline);
            }
            // Only the child has the other end now, so that its end is the end of the pipe.
            notes.writer().close();
            if (asked.kind() == ForkRequest.Kind.PRACTICE) {
                return null;
            }
            if (pid <= 0) {
                // A server that is killed may have forked before it could say so, and that child is not to run beside another one.
                pid = firstWord(notes, request, deadline).pid();
                return pid == 0 ? null : new LaunchedChild(ChildPid.adopt(pid), request.daemon(), stdio, notes.takeReader());
            }
            return living(ChildPid.adopt(pid), notes, request, stdio, deadline);
        }
    }

    /** What a child complains of concerns that child: it is spawned, and the server goes on. */
    private LiveFork.FirstWord firstWord(PipeEnds notes, LaunchRequest request, Deadline deadline) {
        LiveFork.FirstWord said = LiveFork.awaitAlive(notes.reader(), request.directory(), deadline);
        complaint = said.complaint() != null ? said.complaint() : complaint;
        return said;
    }

    private LaunchedChild living(ChildPid child, PipeEnds notes, LaunchRequest request, ChildStdio stdio, Deadline deadline) {
        boolean lives = false;
        try {
            LiveFork.FirstWord said = firstWord(notes, request, deadline);
            if (said.silent()) {
                fail("process " + child.pid() + ", which it has forked, gave no sign of life in time");
            }
            lives = said.isAlive();
            return lives ? new LaunchedChild(child, request.daemon(), stdio, notes.takeReader()) : null;
        } finally {
            if (!lives) {
                child.kill("KILL");
            }
        }
    }

    /** The child's process id; 0 after a practice, negative if there is no child. */
    private int ask(ForkRequest asked, int[] descriptors, Deadline deadline) {
        lock.lock();
        try {
            if (trouble != null || ended) {
                return -1;
            }
            // Replies come in the order of the requests.
            keep(takeSpare(deadline));
            WireOutput out = asked.message();
            ControlSocket.Message reply = control.send(out.array(), out.length(), descriptors, deadline) ? control.receive(deadline) : null;
            if (reply == null) {
                fail(deadline.isOver() ? "it did not answer in time" : "it has ended");
                return -1;
            }
            return pidOf(reply);
        } catch (OsException e) {
            fail(e.getMessage());
            return -1;
        } finally {
            lock.unlock();
        }
    }

    private int pidOf(ControlSocket.Message reply) {
        WireInput in = new WireInput(reply.bytes(), 0, reply.bytes().length, null);
        int pid = in.readInt();
        String refused = in.readString();
        if (in.readByte() != 0) {
            complaint = refused;
        } else if (!refused.isEmpty()) {
            fail(refused);
        }
        return pid;
    }

    /** Does not wait for it. Somebody else may be talking to the server: then a later start asks. */
    private void askForSpare(String[] roots) {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (trouble == null && !ended && !spareAsked && spare == null) {
                sendForSpare(roots);
            }
        } catch (OsException e) {
            fail(e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void sendForSpare(String[] roots) {
        ControlSocket.Pair ends = ControlSocket.pair();
        WireOutput out = ForkRequest.spare(roots).message();
        try (ControlSocket theirs = ends.second()) {
            spareAsked = control.send(out.array(), out.length(), new int[] {theirs.fd().number()}, patience());
        } finally {
            if (spareAsked) {
                sparesSocket = ends.first();
                Kept.add(sparesSocket.fd());
                control.fd().whenReadable(this::receiveSpare);
            } else {
                ends.first().close();
            }
        }
    }

    /** On the watcher's thread, which must not wait: whoever has the lock takes the reply himself. */
    private void receiveSpare() {
        if (lock.tryLock()) {
            try {
                if (control.fd().isReadable()) {
                    keep(takeSpare(Deadline.NOW));
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void keep(Spare next) {
        if (next != null && ended) {
            // The server has ended while it was awaited.
            next.close();
        } else if (next != null) {
            spare = next;
        }
    }

    /** The spare child that is there, or is being forked. The lock is held. */
    private Spare takeSpare(Deadline deadline) {
        Spare taken = spare;
        spare = null;
        if (taken == null && spareAsked) {
            spareAsked = false;
            int pid = sparesPid(deadline);
            if (pid > 0) {
                taken = new Spare(ChildPid.adopt(pid), sparesSocket);
            } else {
                Kept.drop(sparesSocket.fd());
            }
        }
        return taken;
    }

    /** As the server says; or as the child itself does, if the server has ended before it could: nobody else would reap it. */
    private int sparesPid(Deadline deadline) {
        try {
            ControlSocket.Message reply = control.receive(deadline);
            if (reply != null) {
                return pidOf(reply);
            }
            fail(deadline.isOver() ? "it did not answer in time" : "it has ended");
            reply = sparesSocket.receive(Deadline.after(DRAINING));
            return reply == null ? -1 : new WireInput(reply.bytes(), 0, reply.bytes().length, null).readInt();
        } catch (OsException e) {
            fail(e.getMessage());
            return -1;
        }
    }

    /** @return the process ids of the server and of its spare child, and the spare child's sentinel; 0, 0 and -1 if there is none */
    int[] held() {
        lock.lock();
        try {
            if (spareAsked && control.fd().isReadable()) {
                keep(takeSpare(Deadline.NOW));
            }
            return new int[] {server.pid(), spare == null ? 0 : spare.pid(), spare == null ? -1 : spare.sentinel()};
        } finally {
            lock.unlock();
        }
    }
}
