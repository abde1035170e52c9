package org.jmultiprocessing.manager;

import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jmultiprocessing.errors.ManagerException;

/** A server in this process. */
final class ServedHere implements Seat {
    private final Server server;
    private final SocketAddress address;
    private final AtomicBoolean serving = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    ServedHere(Server server, SocketAddress address) {
        this.server = server;
        this.address = address;
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public void serveForever() throws InterruptedException {
        if (!serving.compareAndSet(false, true)) {
            throw new ManagerException("Already started server", null, null);
        }
        server.awaitStop();
        end();
    }

    @Override
    public void join() {
        throw new ManagerException("only a manager that this process started has a process to join", null, null);
    }

    @Override
    public boolean hasEnded() {
        return ended.get();
    }

    @Override
    public void end() {
        if (ended.compareAndSet(false, true)) {
            server.close();
        }
    }
}
