package org.jmultiprocessing.manager;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;

/** A server in a process that this one has started. */
final class StartedServer implements Seat {
    private final Process process;
    private final String path;
    private final Duration timeout;
    private final Object leaving = new Object();
    private Link link;
    private boolean ended;
    /** From then on nothing is left for others. Guarded by {@link #leaving}. */
    private boolean ending;

    private StartedServer(Process process, String path, Duration timeout) {
        this.process = process;
        this.path = path;
        this.timeout = timeout;
    }

    /** @param others see {@link ServerMain#describe} */
    static Manager start(ManagerBuilder options, Object[] others) throws InterruptedException {
        String path = TreeSocket.path();
        byte[] key = RandomBytes.next(Entrance.KEY_LENGTH);
        Object[] description = ServerMain.describe(ManagerBuilder.newNumber(), path, key, others, options.initializer(), options.types());
        Pipe control = Pipe.duplex();
        Pipe calls = Pipe.duplex();
        Process process = options.with(Process.builder(ServerMain::run, description, control.second(), calls.second())).build();
        StartedServer server = new StartedServer(process, path, options.shutdownTimeout());
        boolean up = false;
        try (Connection reports = control.first(); Connection firstLane = calls.first()) {
            try {
                process.start();
            } finally {
                control.second().close();
                calls.second().close();
            }
            // Here and not there, so that it happens while the other JVM starts.
            TreeSocket.makeRoom();
            byte[] welcome = server.awaitWelcome(reports);
            Route route = new Route(UnixDomainSocketAddress.of(path), key, null, true);
            server.link = Link.of(route, HandleForm.OWN_TREE, reports, firstLane, welcome);
            server.link.isServedBy(process);
            process.onExit().thenAccept(server::leaveStatus);
            up = true;
            return new Manager(server, server.link.desk());
        } finally {
            if (!up) {
                server.end();
            }
        }
    }

    private byte[] awaitWelcome(Connection reports) throws InterruptedException {
        Object report;
        try {
            report = reports.recv();
        } catch (EndOfStreamException e) {
            process.join();
            throw new ManagerException("the manager's server " + process.name() + " did not start: it ended with exit code "
                    + process.exitStatus().orElseThrow(), process.exitStatus().orElseThrow(), e);
        }
        if (report instanceof Throwable failure) {
            throw Failures.raise(failure);
        }
        return (byte[]) report;
    }

    /** Does not wait for {@link #end}, which may take long. If there is no room for it, others learn of the end and not how it came. */
    private void leaveStatus(ExitStatus status) {
        synchronized (leaving) {
            if (!ending) {
                ServerEnd.leave(path, status);
            }
        }
    }

    @Override
    public SocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    @Override
    public void serveForever() {
        throw new ManagerException("Already started server", null, null);
    }

    @Override
    public void join() throws InterruptedException {
        process.join();
    }

    @Override
    public synchronized boolean hasEnded() {
        return ended;
    }

    /** Asks, waits, terminates, waits, kills. An interrupt hurries it: what is left is killed, and the flag stays set. */
    @Override
    public synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        synchronized (leaving) {
            ending = true;
        }
        boolean interrupted = false;
        try {
            if (process.pid().isPresent()) {
                interrupted = !stop();
                reap();
                // Before the process, so that a call that meets a closed process there knows why.
                closeLink();
                process.close();
            }
        } finally {
            closeLink();
            TreeSocket.remove(path);
            ServerEnd.remove(path);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void closeLink() {
        if (link != null) {
            link.close();
        }
    }

    /** Returns false if an interrupt came. */
    private boolean stop() {
        try {
            if (link != null) {
                ask();
                if (process.join(timeout)) {
                    return true;
                }
            }
            process.terminate();
            process.join(timeout);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void ask() throws InterruptedException {
        try {
            link.call(0, Desk.STOP, new Object[0], true, timeout);
        } catch (ManagerException | TimeoutException e) {
            // It has ended already, or does not listen: the next stages see to it.
            return;
        }
    }

    private void reap() {
        boolean interrupted = false;
        while (process.isAlive()) {
            process.kill();
            try {
                process.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
