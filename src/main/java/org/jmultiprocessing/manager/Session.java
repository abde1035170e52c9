package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jmultiprocessing.internal.os.ProcessIds;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.WireOutput;

/** A client process, as its server knows it: what it refers to, what it holds, its calls. Ends with its control connection. */
final class Session {
    private static final int MOST_LANES = 1 << 16;

    private final Server server;
    private final long number;
    private final Access access;
    private final Map<Long, Counted> references = new ConcurrentHashMap<>();
    private final Map<Integer, Calls> lanes = new ConcurrentHashMap<>();
    /** Objects of which it holds something, or at which it waits. Guarded by itself. */
    private final Set<Referent> involved = new HashSet<>();
    private boolean ended;

    /** An object and how many references the session has to it, guarded by the server's table. */
    private static final class Counted {
        private final ServerObject object;
        private int count;

        Counted(ServerObject object) {
            this.object = object;
        }
    }

    Session(Server server, long number, Access access) {
        this.server = server;
        this.number = number;
        this.access = access;
    }

    Server server() {
        return server;
    }

    long number() {
        return number;
    }

    Access access() {
        return access;
    }

    ObjectCodec codec() {
        return access.codec();
    }

    /** Writes what its client has to know. */
    void welcome(WireOutput out) {
        out.writeLong(number);
        out.writeLong(server.number());
        out.writeLong(ProcessIds.self());
        out.writeByte(access.functions() ? 1 : 0);
    }

    // ---- references ----

    /** An object that this session refers to; no other can be had by its number. */
    ServerObject object(long object) {
        Counted counted = references.get(object);
        if (counted == null) {
            throw new IllegalArgumentException("this process has no reference to object " + object + " of the manager, or has given it up");
        }
        return counted.object;
    }

    /** Counts a reference to an object. */
    void grant(ServerObject object) {
        synchronized (server.table()) {
            Counted counted = references.get(object.number());
            if (counted == null) {
                counted = new Counted(object);
                references.put(object.number(), counted);
            }
            counted.count++;
            server.table().refer(object);
        }
    }

    /** Gives a reference up; nothing if there is none. */
    void drop(long object) {
        synchronized (server.table()) {
            Counted counted = references.get(object);
            if (counted != null) {
                counted.count--;
                if (counted.count == 0) {
                    references.remove(object);
                }
                server.table().unrefer(counted.object, 1);
            }
        }
    }

    // ---- calls ----

    Calls lane(int lane) {
        Calls calls = lanes.get(lane);
        if (calls == null) {
            Calls fresh = new Calls();
            calls = lanes.putIfAbsent(lane, fresh);
            return calls == null ? fresh : calls;
        }
        return calls;
    }

    /** A cancellation may be here before the connection that it is about; one about a connection that nobody makes is not kept for ever. */
    void cancel(int lane, long call) {
        Calls calls = lanes.size() < MOST_LANES ? lane(lane) : lanes.get(lane);
        if (calls != null) {
            calls.cancel(call);
        }
    }

    void removeLane(int lane) {
        lanes.remove(lane);
    }

    // ---- what it holds ----

    /**
     * Notes that the session holds something of an object; call it before it does, with the object locked.
     *
     * @throws InterruptedException if the session has ended, so that nobody would give back what it takes
     */
    void involve(Referent referent) throws InterruptedException {
        synchronized (involved) {
            if (ended) {
                throw new InterruptedException("the client is gone");
            }
            involved.add(referent);
        }
    }

    boolean hasEnded() {
        synchronized (involved) {
            return ended;
        }
    }

    /** It holds nothing of the object any more. */
    void release(Referent referent) {
        synchronized (involved) {
            involved.remove(referent);
        }
    }

    /** The client is gone: its calls are cancelled, what it holds is free, what it refers to is let go. */
    void end() {
        List<Referent> held;
        synchronized (involved) {
            ended = true;
            held = new ArrayList<>(involved);
            involved.clear();
        }
        for (Calls calls : lanes.values()) {
            calls.end();
        }
        for (Referent referent : held) {
            referent.sessionEnded(this);
        }
        synchronized (server.table()) {
            for (Counted counted : references.values()) {
                server.table().unrefer(counted.object, counted.count);
            }
            references.clear();
            server.table().forgetTickets(this);
        }
    }
}
