package org.jmultiprocessing.pipe;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Sockets;
import org.jmultiprocessing.spi.Waitable;

/**
 * Waits for {@link Client}s, ours or Python's, at a Unix socket or a TCP port. Python's {@code multiprocessing.connection.Listener}. Any number of
 * threads may accept. {@link ConnectionWait} counts a listener as ready when a client is waiting.
 */
public final class Listener implements AutoCloseable, Waitable {
    private static final int USUAL_BACKLOG = 128;

    private final Fd fd;
    private final SocketAddress address;
    private final AuthOptions options;
    private final SocketFile file;
    private volatile SocketAddress lastAccepted;

    private Listener(Fd fd, SocketAddress address, AuthOptions options, SocketFile file) {
        this.fd = fd;
        this.address = address;
        this.options = options;
        this.file = file;
    }

    /**
     * Listens.
     *
     * @param address a {@link UnixDomainSocketAddress} whose path does not exist, a resolved {@link InetSocketAddress} (port 0 for any), or null for
     *     a Unix socket in a temporary folder of its own that only this user can open
     * @param authKey what clients have to know; null lets everybody in who can connect
     * @return the listener
     * @throws OsException if the address is in use, not allowed or too long
     */
    public static Listener bind(SocketAddress address, byte[] authKey) {
        return bind(address, AuthOptions.key(authKey), USUAL_BACKLOG);
    }

    /**
     * As {@link #bind(SocketAddress, byte[])}, with options.
     *
     * @param address as there
     * @param options the key and more
     * @param backlog how many clients may wait to be accepted, at least 1
     * @return the listener
     * @throws OsException if the address is in use, not allowed or too long
     */
    public static Listener bind(SocketAddress address, AuthOptions options, int backlog) {
        if (backlog < 1) {
            throw new IllegalArgumentException("the backlog is at least 1, not " + backlog);
        }
        if (address == null) {
            SocketFile file = SocketFile.temporary();
            return listenUnix(file, UnixDomainSocketAddress.of(file.path()), options, backlog);
        }
        if (address instanceof UnixDomainSocketAddress unix) {
            return listenUnix(SocketFile.at(unix.getPath()), unix, options, backlog);
        }
        if (address instanceof InetSocketAddress internet) {
            Fd fd = Sockets.listenTcp(internet, backlog);
            return new Listener(fd, Sockets.address(fd, false), options, null);
        }
        throw unknown(address);
    }

    private static Listener listenUnix(SocketFile file, UnixDomainSocketAddress address, AuthOptions options, int backlog) {
        boolean bound = false;
        try {
            Fd fd = Sockets.listenUnix(address.getPath().toString(), backlog);
            bound = true;
            file.made();
            return new Listener(fd, address, options, file);
        } finally {
            if (!bound) {
                file.remove();
            }
        }
    }

    static IllegalArgumentException unknown(SocketAddress address) {
        return new IllegalArgumentException("address " + address + " of " + (address == null ? null : address.getClass())
                + ": use java.net.UnixDomainSocketAddress or java.net.InetSocketAddress");
    }

    /**
     * Takes the next client. Blocks until there is one and it has passed the challenge. A client that fails ends this call with an exception, as in
     * Python, and does no harm to the listener: call again.
     *
     * @return the connection; it receives the compact types only until {@link Connection#withFilter}
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws AuthenticationException if the client does not have the key, belongs to another user, or does not finish the challenge in time
     * @throws OsException {@code listener is closed}, also when another thread closes it meanwhile
     */
    public Connection accept() throws InterruptedException {
        try {
            return accept(null);
        } catch (TimeoutException e) {
            throw Connection.never(e);
        }
    }

    /**
     * As {@link #accept()}, for a time.
     *
     * @param timeout how long to wait for a client; null for ever. The challenge has the time limit of the options
     * @return the connection
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws TimeoutException if no client comes in time
     * @throws AuthenticationException if the client does not have the key, belongs to another user, or does not finish the challenge in time
     * @throws OsException {@code listener is closed}, also when another thread closes it meanwhile
     */
    public Connection accept(Duration timeout) throws InterruptedException, TimeoutException {
        Connection connection = new Connection(next(Deadline.after(timeout)), kind(), true, true, false);
        Challenge.asListener(connection, options);
        return connection;
    }

    private Fd next(Deadline deadline) throws InterruptedException, TimeoutException {
        try {
            Fd client = Sockets.accept(fd, "connection");
            while (client == null) {
                if (!fd.await(Fd.READABLE, deadline)) {
                    throw new TimeoutException("no client at " + address + " in time");
                }
                client = Sockets.accept(fd, "connection");
            }
            lastAccepted = kind() == Sockets.Kind.TCP ? Sockets.address(client, true) : null;
            return client;
        } catch (OsException e) {
            if (fd.isClosed()) {
                throw new OsException("accept at", address.toString(), "", "listener is closed");
            }
            throw e;
        }
    }

    private Sockets.Kind kind() {
        return file == null ? Sockets.Kind.TCP : Sockets.Kind.UNIX;
    }

    /** @return where it listens, with the port that the system chose */
    public SocketAddress address() {
        return address;
    }

    /** @return where the client came from that was accepted last, if that was over TCP */
    public Optional<SocketAddress> lastAccepted() {
        return Optional.ofNullable(lastAccepted);
    }

    @Override
    public int waitDescriptor() {
        if (fd.isClosed()) {
            throw new OsException("wait for", address.toString(), "", "listener is closed");
        }
        return fd.number();
    }

    Fd fd() {
        return fd;
    }

    /** Stops listening and removes the socket's file and temporary folder. Threads that accept get {@code listener is closed}. */
    @Override
    public void close() {
        fd.close();
        if (file != null) {
            file.remove();
        }
    }

    /** @return where it listens */
    @Override
    public String toString() {
        return "<Listener " + address + (fd.isClosed() ? " closed>" : ">");
    }
}
