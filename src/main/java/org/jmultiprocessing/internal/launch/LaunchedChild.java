package org.jmultiprocessing.internal.launch;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.internal.os.ChildPid;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.SignalNotes;

/** A child of this process that this library started, from its start to its end. Safe for any number of threads. */
public final class LaunchedChild implements AutoCloseable {
    private final ChildPid child;
    private final boolean daemon;
    private final ChildStdio stdio;
    private final Fd notes;
    private final CompletableFuture<ExitStatus> exit;
    /** The signal that was sent last, but for SIGKILL, which HotSpot never sees. */
    private volatile String sent;

    LaunchedChild(ChildPid child, boolean daemon, ChildStdio stdio, Fd notes) {
        this.child = child;
        this.daemon = daemon;
        this.stdio = stdio;
        this.notes = notes;
        this.exit = child.exit().thenApply(status -> SignalNotes.apply(notes, status, sent));
    }

    /** @return the process id */
    public int pid() {
        return child.pid();
    }

    /** @return whether it is to be terminated when this process exits, instead of waited for */
    public boolean daemon() {
        return daemon;
    }

    /** @return completed with the status at its end, on the watcher's thread: dependents must not block */
    public CompletableFuture<ExitStatus> exit() {
        return exit;
    }

    /**
     * Looks whether it has ended. Once the sentinel is readable this says so too, although the watcher may be about to read the status.
     *
     * @return its status, or null while it runs
     */
    public ExitStatus poll() {
        return exit.isDone() || child.hasEnded() ? exit.join() : null;
    }

    /** @return readable once it has ended; open until {@link #close} */
    public Fd sentinel() {
        return child.sentinel();
    }

    /** Lets go of the sentinel and the parent's ends of pipes; the child must have ended. */
    @Override
    public void close() {
        child.close();
        stdio.closeStreams();
    }

    /** In a forked child of this process, which has nothing to do with it. */
    void abandon() {
        child.abandon();
        stdio.abandon();
        notes.abandon();
    }

    /** @return the stream into its stdin, null if that is not a pipe */
    public OutputStream stdin() {
        return stdio.stdin();
    }

    /** @return the stream out of its stdout, null if that is not a pipe */
    public InputStream stdout() {
        return stdio.stdout();
    }

    /** @return the stream out of its stderr, null if that is not a pipe */
    public InputStream stderr() {
        return stdio.stderr();
    }

    /**
     * @param signal a name without SIG; ignored when it has ended
     */
    public void kill(String signal) {
        if (!signal.equals("KILL")) {
            sent = signal;
        }
        child.kill(signal);
    }

    /**
     * Waits for its end.
     *
     * @param timeout how long; null for ever
     * @return whether it has ended
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean join(Duration timeout) throws InterruptedException {
        try {
            if (timeout == null) {
                exit.get();
            } else {
                exit.get(nanos(timeout), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the exit status of process " + pid() + " could not be read", e.getCause());
        }
    }

    private static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.getSeconds() > Long.MAX_VALUE / 1_000_000_000L - 1 ? Long.MAX_VALUE : timeout.toNanos();
    }
}
