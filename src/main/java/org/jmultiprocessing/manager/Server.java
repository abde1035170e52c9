package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.pipe.Connection;

/**
 * The objects of a manager and those who use them. Each connection has a thread, so that a call that blocks holds up nobody else. Safe for any number
 * of threads.
 */
final class Server implements AutoCloseable {
    private static final Map<Long, Server> HERE = new ConcurrentHashMap<>();

    private final long number;
    private final Types types;
    private final Table table = new Table();
    private final Crowd crowd = new Crowd();
    private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
    private final Map<String, Referent> published = new ConcurrentHashMap<>();
    private final List<Entrance> entrances = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Session ownSession;
    private final ServerObject desk;
    private Route treeRoute;
    private boolean closed;

    /**
     * @param number which server it is; not 0
     * @param types what it can make besides the kinds that every server knows
     */
    Server(long number, Types types) {
        this.number = number;
        this.types = types;
        this.ownSession = new Session(this, 0, new Access(true, true, HandleForm.OWN_TREE));
        this.desk = new ServerObject(0, new Desk(this));
        HERE.put(number, this);
    }

    /** The server of that number if it is in this process, or null. */
    static Server here(long number) {
        return HERE.get(number);
    }

    long number() {
        return number;
    }

    Types types() {
        return types;
    }

    Table table() {
        return table;
    }

    Crowd crowd() {
        return crowd;
    }

    ServerObject desk() {
        return desk;
    }

    /** The session of the process in which it runs. */
    Session ownSession() {
        return ownSession;
    }

    // ---- ways in ----

    /** Lets clients in at an address from now on. */
    synchronized void open(Entrance entrance) {
        add(entrance);
        entrance.start(this);
    }

    /** As {@link #open}, but clients wait at the door until {@link #acceptAll}. */
    synchronized void add(Entrance entrance) {
        if (closed) {
            throw new ManagerException("Manager has shut down", null, null);
        }
        entrances.add(entrance);
        if (entrance.access().ownTree()) {
            treeRoute = entrance.route();
        }
    }

    /** Accepts at all addresses that were added. */
    synchronized void acceptAll() {
        for (Entrance entrance : entrances) {
            entrance.start(this);
        }
    }

    /** The way in for processes of the own tree; made now if there is none. */
    synchronized Route treeRoute() {
        if (treeRoute == null) {
            open(Entrance.forTree(TreeSocket.path(), RandomBytes.next(Entrance.KEY_LENGTH)));
        }
        return treeRoute;
    }

    /**
     * Serves the process that started this one, over connections that it gave.
     *
     * @param control a message on it says that the server is there and what the starter has to know, then it is the control connection
     */
    void welcome(Connection control, Connection calls) throws InterruptedException {
        Entrance tree;
        synchronized (this) {
            tree = entrances.get(0);
        }
        Session session = newSession(tree.access());
        tree.welcome(this, calls, null);
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a manager's start"));
        session.welcome(out);
        control.send(Arrays.copyOf(out.array(), out.length()));
        tree.welcome(this, control, session);
    }

    Session newSession(Access access) {
        Session session = new Session(this, RandomBytes.nextLong(), access);
        sessions.put(session.number(), session);
        return session;
    }

    /** The session of that number, which tells the number to nobody else; null if there is none. */
    Session session(long session) {
        return sessions.get(session);
    }

    void endSession(Session session) {
        sessions.remove(session.number());
        session.end();
    }

    int sessionCount() {
        return sessions.size();
    }

    // ---- proxies that travel ----

    /** Keeps an object alive for a proxy that leaves; returns the ticket. */
    long handOut(ServerObject object, Session sender) {
        return table.issue(object, sender);
    }

    /** A proxy has arrived in a process: counts its reference there and ends the ticket, which who is not of the own tree must have. */
    ServerObject adopt(long object, long ticket, Session receiver) {
        synchronized (table) {
            ServerObject adopted = table.get(object);
            if (!receiver.access().ownTree() && !table.isIssued(ticket, adopted)) {
                throw new IllegalArgumentException("nobody has handed object " + object + " of the manager out to this process");
            }
            if (receiver != ownSession) {
                receiver.grant(adopted);
            }
            table.redeem(ticket);
            return adopted;
        }
    }

    // ---- names ----

    void publish(String name, Referent referent) {
        published.put(name, referent);
    }

    Referent published(String name) {
        return published.get(name);
    }

    // ---- the end ----

    /** Asks for {@link #close} by whoever waits for it in {@link #awaitStop}. */
    void stop() {
        stopped.countDown();
    }

    /** Blocks until somebody wants the server to end. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Closes all ways in and ends all sessions. */
    @Override
    public void close() {
        List<Entrance> open;
        synchronized (this) {
            closed = true;
            open = new ArrayList<>(entrances);
            entrances.clear();
        }
        HERE.remove(number, this);
        for (Entrance entrance : open) {
            entrance.close();
        }
        for (Session session : sessions.values()) {
            endSession(session);
        }
        stop();
    }
}
