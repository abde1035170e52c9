package org.jmultiprocessing.internal.launch;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.internal.os.ChildPid;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.Forking;
import org.jmultiprocessing.internal.os.JdkState;
import org.jmultiprocessing.internal.os.LiveFork;
import org.jmultiprocessing.internal.os.PipeEnds;
import org.jmultiprocessing.internal.os.SignalNotes;
import org.jmultiprocessing.internal.os.SpawnRequest;
import org.jmultiprocessing.internal.os.Threads;
import org.jmultiprocessing.internal.registry.Lineage;

/**
 * The start method FORK: this JVM forks itself. The child has its heap as it was and of its threads the calling one; the others are there, suspended
 * for good. Safe for any number of threads; one forks at a time.
 */
public final class SelfFork {
    private static final List<Hooks> HOOKS = new CopyOnWriteArrayList<>();
    private static final String[] NEEDED = {"org.jmultiprocessing.internal.launch.ChildExit",
        "org.jmultiprocessing.internal.launch.LifeLine$Orphaned", "org.jmultiprocessing.internal.os.ProcessEnd",
        "org.jmultiprocessing.internal.os.SignalNotes", "java.util.IdentityHashMap$KeyIterator"};
    /** The JDK's list of threads has one of them, as long as there is a flight recording. */
    private static final String[] RECORDERS = {"JFR Recorder Thread", "JFR Periodic Tasks"};

    /** Once there is no obstacle. What is one now, such as a limit, may be none later. */
    private static JdkState jdk;

    private SelfFork() { }

    /**
     * What is done around each fork; null where nothing is.
     *
     * @param before in the parent, before; the last registered first
     * @param inParent in the parent, after
     * @param inChild in the child, before its target
     */
    public record Hooks(Runnable before, Runnable inParent, Runnable inChild) { }

    /**
     * A child.
     *
     * @param environment its whole environment; null for this process's
     * @param directory its working directory; null for this process's
     * @param stdin where its stdin comes from
     * @param stdout where its stdout goes
     * @param stderr where its stderr goes
     * @param limits what it is bounded by
     * @param daemon whether it is terminated when this process exits, instead of waited for
     * @param body what it does; gives the exit code
     */
    public record Request(Map<String, String> environment, String directory, ProcessBuilder.Redirect stdin, ProcessBuilder.Redirect stdout,
            ProcessBuilder.Redirect stderr, SpawnRequest.Limits limits, boolean daemon, IntSupplier body) { }

    /** @param hooks for all forks from now on, also in children */
    public static void addHooks(Hooks hooks) {
        HOOKS.add(hooks);
    }

    /** @return why this JVM cannot fork itself; null if it can, by what can be known ahead. The first call loads what forking needs */
    public static synchronized String obstacle() {
        if (jdk != null) {
            return null;
        }
        String obstacle = LiveFork.platformObstacle();
        obstacle = obstacle != null ? obstacle : agent();
        obstacle = obstacle != null ? obstacle : LiveFork.selfObstacle();
        if (obstacle == null) {
            try {
                load(NEEDED);
                jdk = JdkState.find(true);
            } catch (UnsupportedOperationException e) {
                obstacle = e.getMessage();
            }
        }
        return obstacle;
    }

    /**
     * Loads classes that only a child needs: else each child would, at half a millisecond for each.
     *
     * @param names of classes of this library
     */
    public static void load(String... names) {
        for (String name : names) {
            try {
                Class.forName(name);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String agent() {
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("-agentlib:") || option.startsWith("-agentpath:") || option.startsWith("-Xrun")) {
                return "nobody knows what the agent of " + option + " would do in a forked child";
            }
        }
        return null;
    }

    private static String presentObstacle() {
        String lasting = obstacle();
        if (lasting != null) {
            return lasting;
        }
        if (Thread.currentThread().getClass().getName().endsWith("VirtualThread")) {
            return "only a platform thread can fork it, and this is a virtual one";
        }
        return Threads.isAlive(RECORDERS) ? "a flight recorder is at work in it" : null;
    }

    /**
     * Forks a child. Blocks until it lives.
     *
     * @param request the child
     * @return it
     * @throws IllegalStateException if this JVM cannot be forked, saying why
     * @throws org.jmultiprocessing.errors.OsException if the system refuses, naming the step
     * @throws ProcessException if it gave no sign of life
     */
    public static LaunchedChild launch(Request request) {
        String reason = presentObstacle();
        if (reason != null) {
            throw new IllegalStateException("start method fork cannot be used in this JVM: " + reason + ". Use another start method");
        }
        LaunchedChild child = null;
        Children.expect(request.daemon());
        try (ChildStdio stdio = new ChildStdio(request.stdin(), request.stdout(), request.stderr())) {
            child = launch(request, stdio);
            Children.add(child);
            return child;
        } finally {
            if (child == null) {
                Children.expectNoMore(request.daemon());
            }
        }
    }

    /** One that gives no sign of life has run nothing of the program's, so that another can be forked in its stead. */
    private static LaunchedChild launch(Request request, ChildStdio stdio) {
        LaunchedChild child = null;
        try {
            try {
                child = attempt(request, stdio);
            } catch (OsException refused) {
                throw refused;
            } catch (ProcessException silent) {
                System.getLogger("org.jmultiprocessing").log(System.Logger.Level.WARNING, silent.getMessage() + "; another one is forked");
                child = attempt(request, stdio);
            }
            return child;
        } finally {
            if (child == null) {
                stdio.closeStreams();
            }
        }
    }

    private static LaunchedChild attempt(Request request, ChildStdio stdio) {
        try (PipeEnds notes = PipeEnds.open("signal notes")) {
            LiveFork.Forked forked = fork(request, stdio, notes);
            notes.writer().close();
            return living(ChildPid.adopt(forked), notes, request, stdio);
        }
    }

    private static LiveFork.Forked fork(Request request, ChildStdio stdio, PipeEnds notes) {
        // What the child finds here it takes over.
        LifeLine.forChildren();
        Lineage.id();
        boolean plainly = JvmCommand.plain().exitsPlainly();
        LiveFork.Given given = given(request, stdio);
        for (int i = HOOKS.size() - 1; i >= 0; i--) {
            run(HOOKS.get(i).before());
        }
        LiveFork.Forked forked = null;
        boolean inChild = false;
        try {
            JdkState.flushStreams();
            forked = LiveFork.forkSelf(given, notes.writer().number());
            inChild = forked == null;
        } finally {
            if (!inChild) {
                for (Hooks hooks : HOOKS) {
                    run(hooks.inParent());
                }
            }
        }
        if (inChild) {
            ChildExit.exit(runChild(request, stdio, notes), plainly);
        }
        return forked;
    }

    private static void run(Runnable hook) {
        if (hook != null) {
            hook.run();
        }
    }

    private static LiveFork.Given given(Request request, ChildStdio stdio) {
        List<String> variables = new ArrayList<>();
        if (request.environment() != null) {
            request.environment().forEach((name, value) -> variables.add(name + "=" + value));
        }
        return new LiveFork.Given(new int[] {stdio.descriptor(0), stdio.descriptor(1), stdio.descriptor(2)},
                request.environment() == null ? null : LiveFork.block(variables), variables.size(),
                request.directory() == null ? null : LiveFork.path(request.directory()), LiveFork.encode(request.limits()));
    }

    /** In the child; returns its exit code. */
    private static int runChild(Request request, ChildStdio stdio, PipeEnds notes) {
        try {
            int writer = notes.writer().number();
            LiveFork.settleSelf(jdk);
            notes.reader().abandon();
            stdio.abandon();
            Children.forget();
            ForkServer.forget();
            ClassArchive.forget();
            Forking.reset(Forking.Phase.JOIN);
            Forking.reset(Forking.Phase.MEND);
            LifeLine.inherit();
            if (request.environment() != null) {
                JdkState.renewEnvironment();
            }
            if (request.directory() != null) {
                JdkState.renewDirectory(request.directory());
            }
            SignalNotes.write(writer);
            LiveFork.tellAlive(writer);
            SignalNotes.beforeUserCode(writer);
            for (Hooks hooks : HOOKS) {
                run(hooks.inChild());
            }
            return request.body().getAsInt();
        } catch (Throwable failure) {
            failure.printStackTrace();
            return 1;
        }
    }

    private static LaunchedChild living(ChildPid child, PipeEnds notes, Request request, ChildStdio stdio) {
        LiveFork.FirstWord said = null;
        try {
            said = LiveFork.awaitAlive(notes.reader(), request.directory(), Zygote.patience());
            if (said.failure() != null) {
                throw said.failure();
            }
            if (!said.isAlive()) {
                throw new ProcessException("process " + child.pid() + ", forked from this JVM, "
                        + (said.silent() ? "gave no sign of life in time" : "ended before it lived; its stderr may say why")
                        + ". Use another start method");
            }
            return new LaunchedChild(child, request.daemon(), stdio, notes.takeReader());
        } finally {
            if (said == null || !said.isAlive()) {
                child.kill("KILL");
            }
        }
    }
}
