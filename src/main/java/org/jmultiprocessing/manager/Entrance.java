package org.jmultiprocessing.manager;

import java.io.ObjectInputFilter;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.pipe.AuthOptions;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Listener;

/** An address at which a server lets clients in, and what they may do. */
final class Entrance implements AutoCloseable {
    static final int KEY_LENGTH = 32;

    private static final int BACKLOG = 128;
    private static final long PAUSE_NANOS = 10_000_000;

    /** Null if there is no address. */
    private final Listener listener;
    private final byte[] key;
    private final SSLContext tls;
    private final Access access;
    private final Set<Guest> guests = new HashSet<>();
    private Thread thread;

    private Entrance(Listener listener, byte[] key, SSLContext tls, Access access) {
        this.listener = listener;
        this.key = key;
        this.tls = tls;
        this.access = access;
    }

    /** One for processes of the own tree, who may do all. */
    static Entrance forTree(String path, byte[] key) {
        return new Entrance(listenForTree(path), key, null, new Access(true, true, HandleForm.OWN_TREE));
    }

    /** One without an address: whoever is let in comes by {@link #welcome}, or as a {@link Guest} that somebody made. */
    static Entrance forGuests(Access access) {
        return new Entrance(null, null, null, access);
    }

    /** The directory is there mostly: made by another process of the tree, which need not wait for this one. */
    private static Listener listenForTree(String path) {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try {
            return Listener.bind(address, AuthOptions.none(), BACKLOG);
        } catch (OsException e) {
            if (!e.errnoName().equals("ENOENT")) {
                throw e;
            }
            TreeSocket.makeRoom();
            return Listener.bind(address, AuthOptions.none(), BACKLOG);
        }
    }

    /**
     * One for everybody else who has the key.
     *
     * @param filter which classes they may send; null for the compact types only
     * @param functions whether they may send functions, and so whatever a process of the tree may
     */
    static Entrance forOthers(SocketAddress address, byte[] key, SSLContext tls, ObjectInputFilter filter, boolean functions) {
        Listener listener = Listener.bind(address, AuthOptions.none(), BACKLOG);
        return new Entrance(listener, key, tls, new Access(false, functions, codec(filter, functions)));
    }

    static ObjectCodec codec(ObjectInputFilter filter, boolean functions) {
        return functions ? HandleForm.OWN_TREE : new ObjectCodec(filter == null ? Trust.FOREIGN : Trust.foreign(filter), null);
    }

    Access access() {
        return access;
    }

    byte[] key() {
        return key;
    }

    SSLContext tls() {
        return tls;
    }

    SocketAddress address() {
        return listener.address();
    }

    /** The way in, for processes of the own tree. */
    Route route() {
        return new Route(listener.address(), key, tls, access.ownTree());
    }

    /** Accepts from now on. */
    void start(Server server) {
        thread = new Thread(null, new Acceptor(server), "jmp-manager-accept", 0, false);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.setDaemon(true);
        thread.start();
    }

    /** A class, not a lambda: a fresh server meets it on its way. */
    private final class Acceptor implements Runnable {
        private final Server server;

        Acceptor(Server server) {
            this.server = server;
        }

        @Override
        public void run() {
            accept(server);
        }
    }

    /**
     * Serves one who need not show the key, as he has been given his connection.
     *
     * @param session that it is the control connection of; null if it is for calls
     */
    void welcome(Server server, Connection connection, Session session) {
        begin(new Guest(this, server, FdTransport.of(connection, "connection of the starter"), true, session));
    }

    private void begin(Guest guest) {
        synchronized (guests) {
            guests.add(guest);
        }
        guest.start();
    }

    private void accept(Server server) {
        while (true) {
            try {
                Connection connection = listener.accept();
                begin(new Guest(this, server, FdTransport.of(connection, "connection of a client"), false, null));
            } catch (AuthenticationException e) {
                // Of another user. The next one may be welcome.
                continue;
            } catch (OsException e) {
                if (listenerIsClosed()) {
                    return;
                }
                // No descriptors are left: some will be when clients have gone. The listener stays readable meanwhile.
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean listenerIsClosed() {
        try {
            listener.waitDescriptor();
            return false;
        } catch (OsException e) {
            return true;
        }
    }

    void leave(Guest guest) {
        synchronized (guests) {
            guests.remove(guest);
        }
    }

    /** Stops accepting, removes the socket and turns everybody out. */
    @Override
    public void close() {
        if (listener != null) {
            listener.close();
        }
        Guest[] present;
        synchronized (guests) {
            present = guests.toArray(new Guest[0]);
        }
        for (Guest guest : present) {
            guest.close();
        }
    }
}
