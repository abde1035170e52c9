package org.jmultiprocessing.manager;

import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jmultiprocessing.errors.ManagerException;

/** A server that somebody else has started. */
final class Connected implements Seat {
    private final Link link;
    private final AtomicBoolean ended = new AtomicBoolean();

    Connected(Link link) {
        this.link = link;
    }

    @Override
    public SocketAddress address() {
        return link.route().address();
    }

    @Override
    public void serveForever() {
        throw new ManagerException("Already started server", null, null);
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
            link.close();
        }
    }
}
