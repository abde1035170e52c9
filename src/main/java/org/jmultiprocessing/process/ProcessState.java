package org.jmultiprocessing.process;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.internal.launch.LaunchedChild;

/** What the creator of a {@link Process} knows of it; the states are initial, started, stopped and closed. */
final class ProcessState {
    /** By the child and not by the process, whose class may define equality. */
    private static final Map<LaunchedChild, Process> ACTIVE = Collections.synchronizedMap(new LinkedHashMap<>());

    private final Process process;
    private final int[] identity = ThisProcess.nextIdentity();
    private final int creator = ThisProcess.pid();

    private Builder options;
    private String name;
    private boolean daemon;
    private LaunchedChild child;
    private boolean closed;

    ProcessState(Process process, Builder options) {
        this.process = process;
        this.options = options.copy();
        this.name = options.name != null ? options.name
                : "Process-" + Arrays.stream(identity).mapToObj(Integer::toString).collect(Collectors.joining(":"));
        this.daemon = options.daemon != null ? options.daemon : ThisProcess.daemon();
    }

    synchronized void start() {
        checkOpen();
        if (child != null) {
            throw new IllegalStateException("cannot start a process twice");
        }
        checkCreator("can only start a process object created by current process");
        if (ThisProcess.isBootstrapping()) {
            throw new IllegalStateException("An attempt has been made to start a new process before the current process has finished its "
                    + "bootstrapping phase: a static initializer of the target's class, or the making of an argument, starts processes. Start them "
                    + "from main or from the target.");
        }
        Object callee = process.getClass() == Process.class ? Objects.requireNonNull(options.target, "target") : process;
        StartMethod method = options.startMethod != null ? options.startMethod : StartMethod.current();
        ChildIdentity who = new ChildIdentity(name, identity, daemon, creator, ThisProcess.name(), ThisProcess.authKey().bytes(),
                StartMethod.current().toString());
        child = method == StartMethod.FORK ? fork(callee, who)
                : ProcessLauncher.launch(callee, callee == process ? List.of() : options.arguments, options, who, method);
        options = null;
        LaunchedChild started = child;
        ACTIVE.put(started, process);
        started.exit().whenComplete((status, failure) -> ACTIVE.remove(started));
    }

    private LaunchedChild fork(Object callee, ChildIdentity who) {
        Object[] arguments = options.arguments.toArray();
        return ProcessLauncher.fork(options, daemon, () -> {
            ACTIVE.clear();
            ThisProcess.becomeForked(who);
            return ProcessChild.run(callee, arguments);
        });
    }

    static List<Process> active() {
        List<Process> started;
        synchronized (ACTIVE) {
            started = List.copyOf(ACTIVE.values());
        }
        return started.stream().filter(process -> process.state().isRunning()).toList();
    }

    private synchronized boolean isRunning() {
        return child != null && child.poll() == null;
    }

    void runTarget() throws Exception {
        Builder described;
        synchronized (this) {
            described = options;
        }
        if (described != null && described.target != null) {
            TargetCall.run(described.target, described.arguments.toArray());
        }
    }

    boolean join(Duration timeout) throws InterruptedException {
        LaunchedChild started;
        synchronized (this) {
            checkOpen();
            checkCreator("can only join a child process");
            if (child == null) {
                throw new IllegalStateException("can only join a started process");
            }
            started = child;
        }
        return started.join(timeout);
    }

    synchronized boolean isAlive() {
        checkOpen();
        checkCreator("can only test a child process");
        return child != null && child.poll() == null;
    }

    synchronized OptionalLong pid() {
        checkOpen();
        return child == null ? OptionalLong.empty() : OptionalLong.of(child.pid());
    }

    synchronized Optional<ExitStatus> exitStatus() {
        checkOpen();
        return child == null ? Optional.empty() : Optional.ofNullable(child.poll());
    }

    /** A null executor stands for the default one. */
    CompletableFuture<ExitStatus> onExit(Executor executor) {
        CompletableFuture<ExitStatus> exit = child().exit();
        return executor == null ? exit.thenApplyAsync(status -> status) : exit.thenApplyAsync(status -> status, executor);
    }

    synchronized LaunchedChild child() {
        checkOpen();
        if (child == null) {
            throw new IllegalStateException("process not started");
        }
        return child;
    }

    synchronized String name() {
        return name;
    }

    synchronized void setName(String newName) {
        name = Objects.requireNonNull(newName, "name");
    }

    synchronized boolean daemon() {
        return daemon;
    }

    synchronized void setDaemon(boolean newDaemon) {
        checkOpen();
        if (child != null) {
            throw new IllegalStateException("process has already started");
        }
        daemon = newDaemon;
    }

    int[] identity() {
        return identity.clone();
    }

    int sentinel() {
        return child().sentinel().number();
    }

    void kill(String signal) {
        child().kill(signal);
    }

    synchronized void close() {
        if (closed) {
            return;
        }
        if (child != null) {
            if (child.poll() == null) {
                throw new IllegalStateException("Cannot close a process while it is still running. You should first call join() or terminate().");
            }
            child.close();
        }
        closed = true;
        options = null;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("process object is closed");
        }
    }

    private void checkCreator(String message) {
        if (creator != ThisProcess.pid()) {
            throw new IllegalStateException(message);
        }
    }

    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder("<").append(process.getClass().getSimpleName()).append(" name='").append(name).append('\'');
        ExitStatus status = null;
        String condition;
        if (closed) {
            condition = "closed";
        } else if (creator != ThisProcess.pid()) {
            condition = "unknown";
        } else if (child == null) {
            condition = "initial";
        } else {
            status = child.poll();
            condition = status == null ? "started" : "stopped";
        }
        if (child != null) {
            text.append(" pid=").append(child.pid());
        }
        text.append(" parent=").append(creator).append(' ').append(condition);
        if (status != null) {
            text.append(" exitcode=").append(status);
        }
        return text.append(daemon ? " daemon>" : ">").toString();
    }
}
