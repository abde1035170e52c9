package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireInput;

/** A connection of a client in its server, with a thread of its own: makes sure of the client, then serves what the connection is for. */
final class Guest implements Runnable, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Entrance entrance;
    private final Server server;
    private final Transport transport;
    /** Whether it has shown what it has to. */
    private final boolean known;
    /** Null if it is to say what it wants. */
    private final Session session;

    /**
     * @param known whether it has nothing to show
     * @param session its session, that this is the control connection of; null if it is to say what it wants
     */
    Guest(Entrance entrance, Server server, Transport transport, boolean known, Session session) {
        this.entrance = entrance;
        this.server = server;
        this.transport = transport;
        this.known = known;
        this.session = session;
    }

    void start() {
        Thread thread = new Thread(null, this, "jmp-manager-client", 0, false);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.setDaemon(true);
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                entrance.leave(this);
                close();
            }
        }
    }

    @Override
    public void run() {
        try (Transport inner = secured()) {
            Channel channel = entered(inner);
            if (session != null) {
                heed(channel, session);
            } else {
                serve(channel);
            }
        } catch (AuthenticationException | EndOfStreamException | OsException | SerializationException | TimeoutException
                | InterruptedException e) {
            // The client is gone, was none, or does not keep to the protocol; it learns that from the end of the connection.
            close();
        } finally {
            close();
            entrance.leave(this);
        }
    }

    private Transport secured() throws InterruptedException, TimeoutException {
        return known || entrance.tls() == null ? transport : TlsTransport.ofServer(transport, entrance.tls(), Deadline.after(PATIENCE));
    }

    /** Up to here no byte of the client's is more than a number to compare. */
    private Channel entered(Transport inner) throws InterruptedException, TimeoutException {
        Channel channel = new Channel(inner, DescriptorCarrier.bytesOnly("a handshake"), Handshake.MAX_MESSAGE);
        if (!known) {
            Handshake.asServer(channel, entrance.key(), Deadline.after(PATIENCE));
        }
        boolean ownTree = entrance.access().ownTree();
        return channel.following(Route.carrier(ownTree), Route.limit(ownTree));
    }

    private void serve(Channel channel) throws InterruptedException, TimeoutException {
        WireInput in = channel.receive(Deadline.after(PATIENCE));
        int purpose = in.readByte();
        if (purpose == Protocol.CONTROL) {
            control(channel);
        } else if (purpose == Protocol.CALLS) {
            Session caller = server.session(in.readLong());
            if (caller != null && caller.access() == entrance.access()) {
                int lane = in.readInt();
                try (channel) {
                    new CallLoop(caller, channel, caller.lane(lane)).run();
                } finally {
                    caller.removeLane(lane);
                }
            }
        }
    }

    private void control(Channel channel) throws InterruptedException, TimeoutException {
        Session fresh = server.newSession(entrance.access());
        boolean heeded = false;
        try {
            fresh.welcome(channel.begin());
            channel.send();
            heeded = true;
            heed(channel, fresh);
        } finally {
            if (!heeded) {
                server.endSession(fresh);
            }
        }
    }

    /** Serves a control connection, with whose end the session ends. */
    private void heed(Channel channel, Session of) throws InterruptedException, TimeoutException {
        try {
            while (true) {
                WireInput in = channel.receive(Deadline.NEVER);
                switch (in.readByte()) {
                    case Protocol.CANCEL:
                        of.cancel((int) in.readVar(), in.readVar());
                        break;
                    case Protocol.DROP:
                        of.drop(in.readVar());
                        break;
                    default:
                        return;
                }
            }
        } finally {
            server.endSession(of);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
