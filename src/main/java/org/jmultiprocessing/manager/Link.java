package org.jmultiprocessing.manager;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.ProcessIds;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.process.Process;

/**
 * A process's session with a server: a control connection, whose end tells the server that this process is gone, and as many connections for calls
 * as there are calls at a time. Safe for any number of threads.
 */
final class Link implements AutoCloseable {
    private static final int FREE_LANES = 16;
    /** So many messages fit into any socket's buffer. */
    private static final int UNANSWERED_DROPS = 1_000;
    /** So many lanes has a process: those of forked children have numbers by the process. */
    private static final int LANES_SHIFT = 11;

    private final Route route;
    private final ObjectCodec codec;
    private final Channel control;
    private final ReentrantLock controlLock = new ReentrantLock();
    private final ConcurrentLinkedQueue<Long> drops = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final long session;
    private final long server;
    private final long pid;
    private final boolean takesFunctions;
    private final Deque<Lane> free = new ArrayDeque<>();
    private int lanes;
    private boolean closed;
    private volatile Process process;
    private final Set<SharedTransport> shared = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile boolean gone;
    private boolean inherited;

    private Link(Route route, ObjectCodec codec, Channel control, WireInput welcome) {
        this.route = route;
        this.codec = codec;
        this.control = control;
        session = welcome.readLong();
        server = welcome.readLong();
        pid = welcome.readLong();
        takesFunctions = welcome.readByte() != 0;
    }

    /**
     * Begins a session. Blocks.
     *
     * @param route the way to the server
     * @param codec reads what it answers
     */
    static Link open(Route route, ObjectCodec codec) throws InterruptedException {
        Channel control = route.connect();
        boolean open = false;
        try {
            control.begin().writeByte(Protocol.CONTROL);
            control.send();
            Link link = new Link(route, codec, control, control.receive(Deadline.NEVER));
            open = true;
            Links.add(link);
            return link;
        } catch (TimeoutException e) {
            throw new AssertionError("no time was given", e);
        } catch (EndOfStreamException e) {
            throw new ManagerException("the manager's server at " + route + " has ended or does not let this process in", null, e);
        } finally {
            if (!open) {
                control.close();
            }
        }
    }

    /**
     * The session of the server's starter, by the connections that it gave the server.
     *
     * @param welcome what the server would answer to one who asks for a session
     */
    static Link of(Route route, ObjectCodec codec, Connection control, Connection calls, byte[] welcome) {
        Channel channel = route.channel(FdTransport.of(control, "control connection to a manager"));
        Link link = new Link(route, codec, channel, new WireInput(welcome, 0, welcome.length, null));
        Links.add(link);
        channel = route.channel(FdTransport.of(calls, "connection to a manager"));
        link.begin(channel, ++link.lanes);
        link.give(new Lane(link, channel, link.lanes, codec), true);
        return link;
    }

    /** A session with a server of whom a proxy has come; a new one if this process has none. */
    static synchronized Link to(long server, Route route, ObjectCodec codec) throws InterruptedException {
        Link known = Links.to(server);
        if (known != null) {
            return known;
        }
        if (route == null) {
            throw new ManagerException("this process has no connection to the manager that a proxy belongs to, and over TLS it cannot make one by"
                    + " itself: call Manager.connect first", null, null);
        }
        return open(route, codec);
    }

    /** In a forked child: it makes connections of its own, in the parent's session, which has the references, and locks also after its end. */
    void inherit() {
        inherited = true;
        free.clear();
        shared.clear();
        watching.set(false);
        lanes = (ProcessIds.self() & Integer.MAX_VALUE >>> LANES_SHIFT) << LANES_SHIFT;
        process = null;
    }

    Route route() {
        return route;
    }

    long server() {
        return server;
    }

    long pid() {
        return pid;
    }

    boolean takesFunctions() {
        return takesFunctions;
    }

    /** Says which process is the server, so that its end can be told exactly. */
    void isServedBy(Process started) {
        process = started;
    }

    /** What the server itself does. */
    Handle desk() {
        return new RemoteHandle(this, 0, Description.of(Kind.NAMESPACE));
    }

    // ---- calls ----

    Object call(long object, int method, Object[] arguments, boolean interruptible) throws InterruptedException {
        try {
            return call(object, method, arguments, interruptible, null);
        } catch (TimeoutException e) {
            throw new AssertionError("no time was given", e);
        }
    }

    /** As the other, for a time after which the connection is given up, so that nobody knows what became of the call. */
    Object call(long object, int method, Object[] arguments, boolean interruptible, Duration timeout) throws InterruptedException, TimeoutException {
        if (interruptible && Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!drops.isEmpty()) {
            sendDrops();
        }
        Lane lane = take(timeout);
        Deadline deadline = Deadline.after(timeout);
        boolean good = false;
        try {
            lane.prepare(deadline);
            good = true;
            lane.write(object, method, arguments);
            good = false;
            WireInput answer = lane.exchange(interruptible, deadline);
            good = true;
            unanswered.setPlain(0);
            return lane.read(answer);
        } catch (OsException | EndOfStreamException e) {
            throw good ? e : ended(e);
        } finally {
            give(lane, good);
            Reference.reachabilityFence(arguments);
        }
    }

    private Lane take(Duration timeout) throws TimeoutException {
        int number;
        synchronized (free) {
            if (closed) {
                throw shutDown();
            }
            Lane lane = free.pollFirst();
            if (lane != null) {
                return lane;
            }
            number = ++lanes;
        }
        return newLane(number, timeout);
    }

    /** An interrupt does not keep it from connecting; the flag stays set. */
    private Lane newLane(int number, Duration timeout) throws TimeoutException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Channel channel = timeout == null ? route.connect() : route.connect(timeout);
                    begin(channel, number);
                    return new Lane(this, channel, number, codec);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (OsException | AuthenticationException e) {
            // It has let this process in before.
            throw ended(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void begin(Channel channel, int number) {
        WireOutput out = channel.begin();
        out.writeByte(Protocol.CALLS);
        out.writeLong(session);
        out.writeInt(number);
        channel.send();
    }

    private void give(Lane lane, boolean good) {
        boolean keep;
        synchronized (free) {
            keep = good && !closed && free.size() < FREE_LANES;
            if (keep) {
                free.addFirst(lane);
            }
        }
        if (!keep) {
            lane.close();
        }
    }

    // ---- shared memory ----

    /** Ends a transport when the server does. */
    void watch(SharedTransport transport) {
        shared.add(transport);
        if (watching.compareAndSet(false, true)) {
            control.socket().whenReadableOrClosed(new Gone(this));
        }
        if (gone) {
            transport.end();
        }
    }

    void forget(SharedTransport transport) {
        shared.remove(transport);
    }

    /** A class, not a lambda: many a child comes here. */
    private record Gone(Link link) implements Runnable {
        @Override
        public void run() {
            link.gone = true;
            link.shared.forEach(SharedTransport::end);
        }
    }

    // ---- control ----

    void cancel(int lane, long call) {
        controlLock.lock();
        try {
            WireOutput out = control.begin();
            out.writeByte(Protocol.CANCEL);
            out.writeVar(lane);
            out.writeVar(call);
            control.send();
        } catch (OsException e) {
            // The call ends by itself: its connection has ended too.
            return;
        } finally {
            controlLock.unlock();
        }
    }

    /** Gives a reference up. Does not block: told at once where that is certain to go without waiting, else with the next call. */
    void drop(long object) {
        if (inherited) {
            return;
        }
        drops.add(object);
        if (unanswered.get() < UNANSWERED_DROPS) {
            sendDrops();
        }
    }

    private void sendDrops() {
        if (!controlLock.tryLock()) {
            // Who has it sends them, or else the next call does.
            return;
        }
        try {
            Long object = drops.poll();
            while (object != null) {
                unanswered.getAndIncrement();
                WireOutput out = control.begin();
                out.writeByte(Protocol.DROP);
                out.writeVar(object);
                control.send();
                object = drops.poll();
            }
        } catch (OsException e) {
            // A server that is gone has no references, and one that is not forgets them with the session.
            drops.clear();
        } finally {
            controlLock.unlock();
        }
    }

    // ---- the end ----

    private RuntimeException ended(RuntimeException cause) {
        if (isClosed()) {
            return shutDown();
        }
        try {
            return ServerEnd.asException(route, pid, process, cause);
        } catch (IllegalStateException processIsClosed) {
            if (isClosed()) {
                return shutDown();
            }
            throw processIsClosed;
        }
    }

    private boolean isClosed() {
        synchronized (free) {
            return closed;
        }
    }

    private static ManagerException shutDown() {
        return new ManagerException("Manager has shut down", null, null);
    }

    /** Ends the session: the server drops what this process has there. Calls under way and later ones get an exception. */
    @Override
    public void close() {
        Links.remove(this);
        List<Lane> idle;
        synchronized (free) {
            closed = true;
            idle = List.copyOf(free);
            free.clear();
        }
        idle.forEach(Lane::close);
        control.close();
    }
}
