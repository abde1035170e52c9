package org.jmultiprocessing.internal.launch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.LiveFork;
import org.jmultiprocessing.internal.registry.Diagnostics;
import org.jmultiprocessing.internal.registry.DoctorSection;

/**
 * The start method FORKSERVER: children are forked from a warm JVM that this process keeps for that ({@link Zygote}). There is one at a time, started
 * on first need, behind the first child, which is spawned so that nobody waits for the server. A child for which there is none at the moment, or
 * that is to have another JVM than the server, is spawned. A server that ends is replaced; after too many of them there is none any more, and the
 * log has said so. Safe for any number of threads.
 */
public final class ForkServer {
    private static final int MOST_STARTS = 5;
    private static final long STARTS_NANOS = 60_000_000_000L;

    private static Zygote zygote;
    private static boolean starting;
    /** What a server that is being started waits for; null if it does not. */
    private static IdleMoment moment;
    /** Completed when {@link #starting} ends. */
    private static CompletableFuture<Void> begun = CompletableFuture.completedFuture(null);
    private static int starts;
    private static long firstStart;
    private static boolean warned;
    private static boolean warnedOfChild;
    private static String obstacle;
    private static boolean obstacleKnown;
    private static List<String> preload = List.of();
    private static final Set<Class<?>> REFERRED = ConcurrentHashMap.newKeySet();

    static {
        Diagnostics.register(new Report());
    }

    private ForkServer() { }

    /** Notes classes of functions that are sent to children which run already, such as a pool's workers: later ones are sent the like. */
    static void refer(Iterable<Class<?>> classes) {
        for (Class<?> referred : classes) {
            if (referred.getClassLoader() == ClassLoader.getSystemClassLoader()) {
                REFERRED.add(referred);
            }
        }
    }

    static Set<Class<?>> referred() {
        return REFERRED;
    }

    /** In a forked child: the server is its parent's, and its connections are closed. */
    static synchronized void forget() {
        zygote = null;
        starting = false;
        moment = null;
        begun = CompletableFuture.completedFuture(null);
        starts = 0;
    }

    /** @return why this process can have no fork server; null if it can, as far as can be told without starting one */
    public static synchronized String obstacle() {
        if (!obstacleKnown) {
            obstacle = LiveFork.platformObstacle();
            obstacleKnown = true;
        }
        return obstacle;
    }

    /**
     * @param classNames classes that servers started from now on load and initialize
     */
    public static synchronized void setPreload(List<String> classNames) {
        preload = List.copyOf(classNames);
    }

    /**
     * Starts a server in the background, if there is none and none is being started.
     *
     * @param rehearsal gives the start data of a child that does next to nothing
     */
    public static synchronized void start(Supplier<StartData> rehearsal) {
        if (moment != null) {
            moment.hurry();
        }
        start(rehearsal, null);
    }

    private static synchronized void start(Supplier<StartData> rehearsal, IdleMoment first) {
        if (obstacle() != null) {
            warn(obstacle());
            return;
        }
        if (starting || zygote != null && zygote.serves(ChildDefaults.settings()) || !mayStart()) {
            return;
        }
        Thread thread = new Thread(null, () -> startWhen(first, rehearsal), "jmp-fork-server", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        try {
            thread.start();
            starting = true;
            moment = first;
            begun = new CompletableFuture<>();
        } catch (OutOfMemoryError noThread) {
            warn("there is no thread to start it");
        }
    }

    /** Servers that end again and again must not make this process do nothing but start them. */
    private static boolean mayStart() {
        long now = System.nanoTime();
        if (starts == 0 || now - firstStart > STARTS_NANOS) {
            starts = 0;
            firstStart = now;
        }
        starts++;
        if (starts > MOST_STARTS) {
            obstacle = "fork servers ended " + MOST_STARTS + " times within " + STARTS_NANOS / 1_000_000_000 + " s";
            warn(obstacle);
        }
        return starts <= MOST_STARTS;
    }

    /**
     * When a first child's notes have something, it is past what a start has to do: only then, and when a processor is idle, a second JVM may compete
     * with it.
     */
    static void startBehind(Fd notes, Supplier<StartData> rehearsal) {
        synchronized (ForkServer.class) {
            if (starting) {
                if (moment != null) {
                    moment.noteStart();
                }
                return;
            }
            if (obstacle() != null) {
                warn(obstacle());
                return;
            }
        }
        notes.whenReadable(() -> start(rehearsal, new IdleMoment()));
    }

    private static void startWhen(IdleMoment first, Supplier<StartData> rehearsal) {
        try {
            if (first != null) {
                first.await();
            }
            startNow(rehearsal);
        } catch (InterruptedException e) {
            install(null, "the thread that was to start it was interrupted");
        }
    }

    private static void startNow(Supplier<StartData> rehearsal) {
        Zygote started = null;
        String reason = null;
        List<String> classes;
        synchronized (ForkServer.class) {
            classes = preload;
        }
        try {
            started = Zygote.start(ChildDefaults.settings(), classes, rehearsal);
            reason = started.trouble();
        } catch (OsException | IllegalStateException e) {
            reason = e.getMessage();
        } finally {
            install(started, reason);
        }
    }

    private static synchronized void install(Zygote started, String reason) {
        starting = false;
        moment = null;
        if (started != null && reason == null) {
            replace(started);
            started.exit().thenAccept(status -> forget(started));
        } else {
            // What failed at its start, by its own self-test, would fail again.
            obstacle = reason == null ? "it could not be started" : reason;
            warn(obstacle);
        }
        begun.complete(null);
    }

    private static void replace(Zygote next) {
        if (zygote != null) {
            zygote.end();
        }
        zygote = next;
    }

    private static synchronized void forget(Zygote ended) {
        ended.end();
        if (zygote == ended) {
            zygote = null;
        }
    }

    private static synchronized void warn(String reason) {
        if (!warned) {
            warned = true;
            System.getLogger("org.jmultiprocessing").log(System.Logger.Level.WARNING,
                    "the fork server is of no use, so children are spawned: " + reason);
        }
    }

    private static synchronized void warnOfChild(String reason) {
        if (!warnedOfChild) {
            warnedOfChild = true;
            System.getLogger("org.jmultiprocessing").log(System.Logger.Level.WARNING,
                    "a child of the fork server could not come into being, so it is spawned: " + reason);
        }
    }

    /** @return a child; null if it has to be spawned */
    static LaunchedChild launch(LaunchRequest request, ChildStdio stdio) {
        Zygote serving;
        synchronized (ForkServer.class) {
            serving = zygote;
        }
        if (serving == null || !request.command().isOrdinary() || !serving.serves(ChildDefaults.settings())) {
            return null;
        }
        LaunchedChild child = serving.launch(request, stdio);
        if (child == null && serving.trouble() != null) {
            forget(serving);
            warn(serving.trouble());
        } else if (child == null && serving.complaint() != null) {
            warnOfChild(serving.complaint());
        }
        return child;
    }

    /**
     * Waits until the server that is being started serves, or it is known that it will not. Interruptible.
     *
     * @return the server's process id; 0 if there is none
     * @throws InterruptedException if the thread is interrupted
     */
    public static int await() throws InterruptedException {
        CompletableFuture<Void> beginning;
        synchronized (ForkServer.class) {
            beginning = begun;
            if (moment != null) {
                moment.hurry();
            }
        }
        try {
            beginning.get();
        } catch (ExecutionException e) {
            throw new AssertionError("it is never completed by an exception", e);
        }
        return pid();
    }

    /** @return the process ids of the server and of the child that it has forked ahead, and that child's sentinel; 0, 0 and -1 where there is none */
    public static int[] held() {
        Zygote serving;
        synchronized (ForkServer.class) {
            serving = zygote;
        }
        return serving == null ? new int[] {0, 0, -1} : serving.held();
    }

    /** @return the server's process id; 0 if there is none */
    public static synchronized int pid() {
        return zygote == null ? 0 : zygote.pid();
    }

    /** What there is, for {@code doctor}. */
    private static final class Report implements DoctorSection {
        @Override
        public String title() {
            return "fork server";
        }

        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            String why = obstacle();
            int pid = pid();
            facts.put("state", why != null ? "none: " + why : pid == 0 ? "not started" : "serves, its first child did its task");
            if (pid != 0) {
                facts.put("process", pid);
            }
            synchronized (ForkServer.class) {
                facts.put("preloads", preload);
            }
            return facts;
        }

        @Override
        public void settle() throws InterruptedException {
            ForkServer.await();
        }
    }

    /**
     * Ends the server, if there is one, and forgets what went wrong with earlier ones. The next child that would need one is spawned, and a server
     * started behind it.
     */
    public static void stop() {
        Zygote last;
        synchronized (ForkServer.class) {
            last = zygote;
            zygote = null;
            starts = 0;
            obstacleKnown = false;
            warned = false;
            warnedOfChild = false;
        }
        if (last != null) {
            last.end();
            last.exit().join();
        }
    }
}
