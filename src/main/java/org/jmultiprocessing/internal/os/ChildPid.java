package org.jmultiprocessing.internal.os;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.ForkPosix;
import org.jmultiprocessing.internal.ffi.Posix;
import org.jmultiprocessing.internal.ffi.SpawnOptions;

/**
 * Owns a child process of ours from its start until it is reaped. It is reaped by its pid, by nobody else, once; the status is stored once and all
 * who ask read that. No signal is sent after that, so none can hit another process that got the pid.
 */
public final class ChildPid implements AutoCloseable {
    /** What Python reports for a child whose status somebody else took. */
    private static final int LOST = 255;

    private final int pid;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private Fd sentinel;
    private boolean sentinelHandedOut;
    private boolean reaped;

    private ChildPid(int pid, Fd sentinel) {
        this.pid = pid;
        this.sentinel = sentinel;
    }

    /**
     * Starts a program. Blocks until exec has happened.
     *
     * @param request what to start
     * @return its owner
     * @throws OsException naming the step that failed; nothing is left then
     */
    public static ChildPid spawn(SpawnRequest request) {
        Posix posix = Binding.posix();
        // What can fail comes before there is a child.
        Watcher.get();
        List<String> environment = request.environment().entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
        int[] options = request.limits().encoded();
        int[] result = new int[3];
        int error = posix.spawn(CStrings.of(request.program()), CStrings.block(request.arguments()), request.arguments().size(),
                CStrings.blockOfBytes(environment), environment.size(), request.directory() == null ? null : CStrings.of(request.directory()),
                request.descriptors(), options, result);
        if (error < 0) {
            String step = SpawnOptions.stepName(result[2]);
            throw OsErrors.of(step, step.equals("chdir") ? request.directory() : request.program(), error);
        }
        try {
            return result[1] >= 0 ? watched(result[0], result[1]) : waitedFor(result[0]);
        } catch (RuntimeException | Error e) {
            // Nobody would wait for this child.
            posix.kill(result[0], -1, "KILL");
            posix.reap(result[0], true, new int[3]);
            throw e;
        }
    }

    /**
     * Takes over a child of this process that another process has made for it ({@link LiveFork}).
     *
     * @param pid of a child that nobody reaps
     * @return its owner
     * @throws OsException if it cannot be watched; it is ended then
     */
    public static ChildPid adopt(int pid) {
        Posix posix = Binding.posix();
        try {
            int pidfd = OsErrors.check("pidfd_open", "process " + pid, ((ForkPosix) posix).pidfdOpen(pid));
            return watched(pid, pidfd);
        } catch (RuntimeException | Error e) {
            posix.kill(pid, -1, "KILL");
            posix.reap(pid, true, new int[3]);
            throw e;
        }
    }

    /**
     * Takes over a child that this process has forked.
     *
     * @param forked the child
     * @return its owner
     * @throws OsException if it cannot be watched; it is ended then
     */
    public static ChildPid adopt(LiveFork.Forked forked) {
        if (forked.pidfd() < 0) {
            return adopt(forked.pid());
        }
        try {
            return watched(forked.pid(), forked.pidfd());
        } catch (RuntimeException | Error e) {
            Binding.posix().kill(forked.pid(), -1, "KILL");
            Binding.posix().reap(forked.pid(), true, new int[3]);
            throw e;
        }
    }

    /** Linux: the watcher waits for the pidfd. */
    private static ChildPid watched(int pid, int pidfd) {
        ChildPid child = new ChildPid(pid, sentinel(pidfd, pid));
        try {
            child.sentinel.whenReadable(() -> child.reap(false));
        } catch (RuntimeException | Error e) {
            child.sentinel.close();
            throw e;
        }
        return child;
    }

    /** Without pidfds a thread blocks in waitpid, and the sentinel is a pipe that it closes. */
    private static ChildPid waitedFor(int pid) {
        int[] pipe = new int[2];
        OsErrors.check("pipe", "", Binding.posix().pipe(pipe, 3));
        Fd sentinel = null;
        try {
            sentinel = sentinel(pipe[0], pid);
            ChildPid child = new ChildPid(pid, sentinel);
            Thread thread = new Thread(null, () -> {
                child.reap(true);
                Binding.posix().close(pipe[1]);
            }, "jmp-reaper-" + pid, 128 << 10, false);
            thread.setDaemon(true);
            thread.start();
            return child;
        } catch (RuntimeException | Error e) {
            if (sentinel != null) {
                sentinel.close();
            }
            Binding.posix().close(pipe[1]);
            throw e;
        }
    }

    private static Fd sentinel(int raw, int pid) {
        try {
            return Fd.owning(raw, "process " + pid);
        } catch (RuntimeException | Error e) {
            Binding.posix().close(raw);
            throw e;
        }
    }

    /** While the watcher reaps no signal is sent; with a thread blocked in waitpid there is an instant between its return and the note of it. */
    private void reap(boolean block) {
        int[] status = new int[3];
        int result;
        if (block) {
            result = Binding.posix().reap(pid, true, status);
            noteReaped();
        } else {
            synchronized (this) {
                result = Binding.posix().reap(pid, false, status);
                noteReaped();
            }
        }
        exit.complete(decode(result, status));
    }

    /** Who never asked for the sentinel does not have to close it. */
    private synchronized void noteReaped() {
        reaped = true;
        if (!sentinelHandedOut) {
            sentinel.close();
        }
    }

    private static ExitStatus decode(int result, int[] status) {
        if (result <= 0) {
            return ExitStatus.exited(LOST);
        }
        return status[0] == 0 ? ExitStatus.exited(status[1])
                : ExitStatus.signaled(status[1], Binding.posix().signalName(status[1]), status[2] != 0);
    }

    /** @return the process id, also after the process has ended */
    public int pid() {
        return pid;
    }

    /** @return a descriptor that is readable once the process has ended; stays open until {@link #close} */
    public synchronized Fd sentinel() {
        if (reaped && !sentinelHandedOut) {
            int[] pipe = new int[2];
            OsErrors.check("pipe", "", Binding.posix().pipe(pipe, 3));
            Binding.posix().close(pipe[1]);
            sentinel = sentinel(pipe[0], pid);
        }
        sentinelHandedOut = true;
        return sentinel;
    }

    /** @return the number of the {@link #sentinel}, which this still closes when the process has ended, unless somebody asked for it */
    public synchronized int sentinelNumber() {
        return sentinel.number();
    }

    /** @return whether the process has ended, although it may still have to be reaped */
    public synchronized boolean hasEnded() {
        return reaped || sentinel.isReadable();
    }

    /** Lets go of the sentinel; the process must have ended. */
    @Override
    public synchronized void close() {
        sentinel.close();
    }

    /** In a forked child of this process, which has nothing to do with it. */
    public void abandon() {
        reaped = true;
        sentinel.abandon();
    }

    /** @return completed with the status when the process has been reaped, on the watcher's thread: dependents must not block */
    public CompletableFuture<ExitStatus> exit() {
        return exit;
    }

    /**
     * Sends a signal, unless the process has ended.
     *
     * @param signal a name without SIG
     * @throws OsException if the system refuses
     */
    public synchronized void kill(String signal) {
        if (reaped) {
            return;
        }
        int result = Binding.posix().kill(pid, -1, signal);
        if (result < 0 && !OsErrors.is(result, "ESRCH")) {
            throw OsErrors.of("kill SIG" + signal, "process " + pid, result);
        }
    }
}
