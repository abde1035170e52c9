package org.jmultiprocessing.pipe;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Sockets;

/** Connects to a {@link Listener}, ours or Python's. Python's {@code multiprocessing.connection.Client}. Thread-safe. */
public final class Client {
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LAST_PAUSE_NANOS = 50_000_000;

    private Client() { }

    /**
     * Connects. Blocks until the listener has taken part in the challenge, which is to say until it accepts; without a key, until the system has
     * connected the two.
     *
     * @param address a {@link UnixDomainSocketAddress} or a resolved {@link InetSocketAddress}
     * @param authKey the key that the listener has; null for none
     * @return the connection; it receives the compact types only until {@link Connection#withFilter}
     * @throws InterruptedException if the thread is interrupted before or while it waits; the connection is closed then
     * @throws OsException if nobody listens there ({@code ECONNREFUSED}, {@code ENOENT})
     * @throws AuthenticationException if either side does not have the key, or the listener belongs to another user
     */
    public static Connection connect(SocketAddress address, byte[] authKey) throws InterruptedException {
        try {
            return connect(address, AuthOptions.key(authKey), null);
        } catch (TimeoutException e) {
            throw Connection.never(e);
        }
    }

    /**
     * As {@link #connect(SocketAddress, byte[])}, with options and for a time.
     *
     * @param address a {@link UnixDomainSocketAddress} or a resolved {@link InetSocketAddress}
     * @param options the key and more
     * @param timeout how long to wait for the system to connect the two; null for ever. The challenge has the time limit of the options
     * @return the connection; it receives the compact types only until {@link Connection#withFilter}
     * @throws InterruptedException if the thread is interrupted before or while it waits; the connection is closed then
     * @throws TimeoutException if the two are not connected in time
     * @throws OsException if nobody listens there ({@code ECONNREFUSED}, {@code ENOENT})
     * @throws AuthenticationException if either side does not have the key, or the listener belongs to another user
     */
    public static Connection connect(SocketAddress address, AuthOptions options, Duration timeout) throws InterruptedException, TimeoutException {
        Deadline deadline = Deadline.after(timeout);
        Connection connection;
        if (address instanceof UnixDomainSocketAddress unix) {
            connection = new Connection(connectUnix(unix.getPath().toString(), deadline), Sockets.Kind.UNIX, true, true, false);
        } else if (address instanceof InetSocketAddress internet) {
            Fd fd = Sockets.connectTcp(internet, deadline);
            if (fd == null) {
                throw new TimeoutException("no connection to " + address + " in time");
            }
            connection = new Connection(fd, Sockets.Kind.TCP, true, true, false);
        } else {
            throw Listener.unknown(address);
        }
        Challenge.asClient(connection, options);
        return connection;
    }

    /** The system offers nothing to wait for while a Unix socket's backlog is full: look again at growing intervals. */
    private static Fd connectUnix(String path, Deadline deadline) throws InterruptedException, TimeoutException {
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            Fd fd = Sockets.connectUnix(path);
            if (fd != null) {
                return fd;
            }
            long left = deadline.remaining();
            if (left == 0) {
                throw new TimeoutException("the listener at " + path + " does not accept in time");
            }
            LockSupport.parkNanos(left < 0 ? pause : Math.min(left, pause));
            if (Thread.interrupted()) {
                throw new InterruptedException("connecting to " + path);
            }
            pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
        }
    }
}
