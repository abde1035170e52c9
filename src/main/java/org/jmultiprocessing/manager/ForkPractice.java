package org.jmultiprocessing.manager;

import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.internal.wire.Scalars;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.pipe.Pipe;

/**
 * What a fork server does before it serves, for its children to find it done: they are managers' servers, and clients of them. It has no threads, so
 * all calls are sent before the first is served. Found by name.
 */
final class ForkPractice implements Runnable {
    private static final int CALLS = 5;
    /** What no length of a message can be: it ends the service. */
    private static final byte[] NO_MESSAGE = {-1, -1, -1, -1};

    ForkPractice() { }

    @Override
    public void run() {
        Access access = new Access(true, true, HandleForm.OWN_TREE);
        try (Server server = new Server(ManagerBuilder.newNumber(), new Types()); Entrance entrance = Entrance.forGuests(access)) {
            listen(RandomBytes.next(Entrance.KEY_LENGTH));
            begin(entrance, server);
            call(entrance, server, server.newSession(access));
        } catch (TimeoutException e) {
            throw new IllegalStateException("the server did not answer all calls", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void begin(Entrance entrance, Server server) throws InterruptedException, TimeoutException {
        try (Pipe pipe = Pipe.duplex(); Channel client = channel(pipe)) {
            client.begin().writeByte(Protocol.CONTROL);
            client.send();
            serve(entrance, server, client, pipe);
            if (client.receive(Deadline.NOW).readLong() == 0) {
                throw new IllegalStateException("the server gave no session");
            }
        }
    }

    private static void call(Entrance entrance, Server server, Session session) throws InterruptedException, TimeoutException {
        try (Pipe pipe = Pipe.duplex(); Channel client = channel(pipe)) {
            WireOutput out = client.begin();
            out.writeByte(Protocol.CALLS);
            out.writeLong(session.number());
            out.writeInt(1);
            client.send();
            int calls = callAll(client);
            serve(entrance, server, client, pipe);
            for (int i = 0; i < calls; i++) {
                int kind = client.receive(Deadline.NOW).readByte() & ~Protocol.CROWDED;
                if (kind != Protocol.VALUE && kind != Protocol.OBJECT) {
                    throw new IllegalStateException("the server answers " + kind + " to a call of a dict");
                }
            }
        }
    }

    private static Channel channel(Pipe pipe) {
        return new Channel(FdTransport.of(pipe.first(), "connection to a manager"), Route.carrier(true), Route.limit(true));
    }

    /** As what it does not take for a message is the last that has come, it waits for nothing. */
    private static void serve(Entrance entrance, Server server, Channel client, Pipe pipe) {
        client.socket().write(NO_MESSAGE, 0, NO_MESSAGE.length);
        new Guest(entrance, server, FdTransport.of(pipe.second(), "connection of a client"), true, null).run();
    }

    /** A tree for practice has no directory, so there is no socket in the end. */
    private static void listen(byte[] key) {
        try (Entrance made = Entrance.forTree(TreeSocket.path(), key)) {
            throw new IllegalStateException("the practice has made a socket at " + made.address());
        } catch (OsException e) {
            if (!e.errnoName().equals("ENOENT")) {
                throw e;
            }
        }
    }

    /** Returns how many there were. */
    private static int callAll(Channel client) {
        call(client, 0, Desk.CREATE, Kind.DICT.ordinal(), null);
        for (int i = 0; i < CALLS; i++) {
            call(client, 1, DictReferent.PUT, i, i);
            call(client, 1, DictReferent.GET, i);
        }
        call(client, 0, Desk.NUMBER_OF_OBJECTS);
        return 2 + 2 * CALLS;
    }

    private static void call(Channel client, long object, int method, Object... arguments) {
        WireOutput out = client.begin();
        out.writeVar(object);
        out.writeVar(method);
        out.writeVar(1);
        out.writeByte(arguments.length);
        for (Object argument : arguments) {
            out.writeByte(Protocol.VALUE);
            if (!Scalars.write(argument, out)) {
                HandleForm.OWN_TREE.encode(argument, out, "the argument");
            }
        }
        client.send();
    }
}
