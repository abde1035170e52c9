package org.jmultiprocessing.manager;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.pipe.AuthOptions;
import org.jmultiprocessing.pipe.Client;
import org.jmultiprocessing.pipe.Connection;

/**
 * Where a server is, and what one needs to get in.
 *
 * @param address of a Unix socket or a TCP port
 * @param key the secret
 * @param tls encrypts; null for none
 * @param ownTree whether the server is known to belong to this process tree
 */
record Route(SocketAddress address, byte[] key, SSLContext tls, boolean ownTree) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String UNIX = "unix:";
    private static final String TCP = "tcp:";

    /** The longest message that a peer outside this tree may send. */
    static final long FOREIGN_LIMIT = Long.getLong(Connection.MAX_MESSAGE_PROPERTY, 256L << 20);

    /**
     * Connects and goes through the handshake. Blocks, but not for ever.
     *
     * @throws OsException if nobody listens there, or does not answer
     * @throws AuthenticationException if either side does not have the key
     */
    Channel connect() throws InterruptedException {
        try {
            return connect(PATIENCE);
        } catch (TimeoutException e) {
            throw new OsException("connect to", "manager " + text(), "", "it does not answer within " + PATIENCE);
        }
    }

    /** As {@link #connect()}, with another patience. */
    Channel connect(Duration timeout) throws InterruptedException, TimeoutException {
        Deadline deadline = Deadline.after(timeout);
        Connection connection = Client.connect(address, AuthOptions.none(), timeout);
        return entered(FdTransport.of(connection, "connection to manager " + text()), deadline);
    }

    private Channel entered(Transport transport, Deadline deadline) throws InterruptedException, TimeoutException {
        Transport inner = transport;
        boolean passed = false;
        try {
            if (tls != null) {
                inner = TlsTransport.ofClient(transport, tls, (InetSocketAddress) address, deadline);
            }
            Channel channel = new Channel(inner, DescriptorCarrier.bytesOnly("a handshake"), Handshake.MAX_MESSAGE);
            Handshake.asClient(channel, key, deadline);
            passed = true;
            return channel.following(carrier(ownTree), limit(ownTree));
        } catch (EndOfStreamException e) {
            AuthenticationException refused = new AuthenticationException("manager " + text()
                    + " ended the connection during the handshake: " + e.getMessage());
            refused.initCause(e);
            throw refused;
        } finally {
            if (!passed) {
                inner.close();
            }
        }
    }

    /** A channel over a transport to a server that knows this process. */
    Channel channel(Transport transport) {
        return new Channel(transport, carrier(ownTree), limit(ownTree));
    }

    static DescriptorCarrier carrier(boolean ownTree) {
        return ownTree ? DescriptorCarrier.depositing("a manager's connection") : DescriptorCarrier.bytesOnly("a manager's connection");
    }

    static long limit(boolean ownTree) {
        return ownTree ? Integer.MAX_VALUE : FOREIGN_LIMIT;
    }

    /** The address in a form that travels. */
    String text() {
        if (address instanceof InetSocketAddress internet) {
            return TCP + internet.getPort() + ":" + internet.getAddress().getHostAddress();
        }
        return UNIX + address;
    }

    /** What {@link #text} wrote. */
    static SocketAddress parse(String text) {
        if (text.startsWith(UNIX)) {
            return UnixDomainSocketAddress.of(text.substring(UNIX.length()));
        }
        int host = text.indexOf(':', TCP.length()) + 1;
        if (!text.startsWith(TCP) || host == 0) {
            throw new SerializationException("'" + text + "' is no address of a manager");
        }
        return new InetSocketAddress(text.substring(host), Integer.parseInt(text.substring(TCP.length(), host - 1)));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return text();
    }
}
