package org.jmultiprocessing.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jmultiprocessing.internal.launch.ForkServer;
import org.jmultiprocessing.internal.launch.SelfFork;

/** How a child comes into being ({@code multiprocessing.get_context}). */
public enum StartMethod {
    /** A fresh JVM with the parent's class path and options. Works everywhere, and is the default where {@link #FORKSERVER} does not work. */
    SPAWN,
    /**
     * A copy of a warm JVM that this process keeps for that, its fork server: some milliseconds instead of some tens. The server has the parent's
     * class path and options, and a small heap with the serial collector, which its children have too. x86-64 Linux with glibc, where
     * it is the default.
     *
     * <p>The first such child of a process is spawned, and the server starts behind it once a processor is idle. Spawned is also any child for which
     * there is no server at the moment, and any that asks for JVM options, class path entries or a debugger of its own, or for a limit that a JVM has
     * to know at its start.
     */
    FORKSERVER,
    /**
     * A copy of this JVM as it is: target and arguments need not be serializable, and nothing is loaded again. x86-64 Linux with glibc, and not every
     * JVM; see README for the hazards. Of this process's threads the child has the one that starts it. The others are there, suspended for good, with
     * the locks that they held: a lock of the program's own that another thread had at that moment is never free in the child, and a thread pool
     * of the parent's runs nothing there. JVM options, class path and debugger cannot be chosen.
     */
    FORK;

    private static StartMethod chosen;

    /** @return Python's name, such as {@code spawn} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param name Python's name, such as {@code spawn}
     * @return the method
     * @throws IllegalArgumentException {@code cannot find context for 'x'} if it does not exist or does not work here
     */
    public static StartMethod of(String name) {
        for (StartMethod method : available()) {
            if (method.toString().equals(name)) {
                return method;
            }
        }
        throw new IllegalArgumentException("cannot find context for '" + name + "'; this platform has " + available());
    }

    /** @return the methods that work here, the default one first ({@code multiprocessing.get_all_start_methods}) */
    public static List<StartMethod> available() {
        List<StartMethod> methods = new ArrayList<>();
        if (ForkServer.obstacle() == null) {
            methods.add(FORKSERVER);
        }
        methods.add(SPAWN);
        if (SelfFork.obstacle() == null) {
            methods.add(FORK);
        }
        return List.copyOf(methods);
    }

    /** The method of that name, in a child whose parent has looked whether it works here. */
    static StartMethod named(String name) {
        for (StartMethod method : values()) {
            if (method.toString().equals(name)) {
                return method;
            }
        }
        throw new IllegalArgumentException("no start method is named '" + name + "'");
    }

    /**
     * The method used where none is named: the chosen one, or else {@link #FORKSERVER} where it works, or else {@link #SPAWN}. Asking fixes it
     * ({@code multiprocessing.get_start_method}).
     *
     * @return the method in force
     */
    public static synchronized StartMethod current() {
        if (chosen == null) {
            chosen = ForkServer.obstacle() == null ? FORKSERVER : SPAWN;
        }
        return chosen;
    }

    /** @return the method used where none is named, unless it is still open; asking does not fix it ({@code get_start_method(allow_none=True)}) */
    public static synchronized Optional<StartMethod> ifChosen() {
        return Optional.ofNullable(chosen);
    }

    /**
     * Chooses the method used where none is named ({@code multiprocessing.set_start_method}).
     *
     * @param method the method
     * @param force whether it may replace an earlier choice
     * @throws IllegalStateException {@code context has already been set}
     */
    public static synchronized void choose(StartMethod method, boolean force) {
        Objects.requireNonNull(method, "method");
        if (chosen != null && !force) {
            throw new IllegalStateException("context has already been set");
        }
        chosen = method;
    }
}
