package org.jmultiprocessing.manager;

import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Scalars;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** Serves the calls that come by one connection, one after the other, in the thread that runs it. */
final class CallLoop implements Caller, Reply {
    private static final Object[] NO_ARGUMENTS = {};

    private final Session session;
    private final ObjectCodec codec;
    private final Channel channel;
    private final Calls calls;
    private final Exchange exchange;
    private final Crowd crowd;
    private int round;
    private WireOutput out;
    private int start;
    private long thread;
    private Referent giver;
    private Object item;
    /** By which the next call comes; null for the same way as this one. */
    private Transport next;

    CallLoop(Session session, Channel channel, Calls calls) {
        this.session = session;
        this.codec = session.codec();
        this.channel = channel;
        this.calls = calls;
        this.crowd = session.server().crowd();
        this.exchange = new Exchange(null, session);
    }

    /** Ends with an exception when the client or the server does. */
    void run() throws InterruptedException, TimeoutException {
        if (!calls.serve(channel)) {
            return;
        }
        while (true) {
            WireInput in = channel.receive(Deadline.NEVER);
            round = crowd.join(round);
            out = channel.begin();
            start = out.length();
            giver = null;
            item = null;
            calls.begin();
            try {
                serve(in);
            } finally {
                calls.finish();
            }
            boolean sent = false;
            try {
                note(crowd.isTooLarge());
                if (giver == null || channel.isPeerThere()) {
                    channel.send();
                    sent = true;
                }
            } finally {
                if (!sent) {
                    giveBack();
                }
            }
            if (next != null) {
                channel.goOn(next);
                next = null;
            }
        }
    }

    /** Tells the client, too, whether to wait awake. */
    private void note(boolean crowded) {
        channel.insist(!crowded);
        if (crowded) {
            out.array()[start] |= (byte) Protocol.CROWDED;
        }
    }

    private void serve(WireInput in) {
        try {
            long number = in.readVar();
            ServerObject object = number == 0 ? session.server().desk() : session.object(number);
            int method = (int) in.readVar();
            thread = in.readVar();
            object.referent().invoke(method, arguments(in), this, this);
            if (out.length() == start) {
                value(null);
            }
        } catch (InterruptedException e) {
            out.truncate(start);
            giveBack();
            if (calls.isCancelled()) {
                out.writeByte(Protocol.CANCELLED);
            } else {
                fail(e);
            }
        } catch (Throwable e) {
            out.truncate(start);
            giveBack();
            fail(e);
        }
    }

    private Object[] arguments(WireInput in) {
        int count = in.readByte();
        if (count == 0) {
            return NO_ARGUMENTS;
        }
        Object[] arguments = new Object[Math.min(count, in.remaining())];
        for (int i = 0; i < arguments.length; i++) {
            boolean isValue = in.readByte() == Protocol.VALUE;
            Object scalar = isValue ? Scalars.read(in) : Scalars.NONE;
            arguments[i] = scalar != Scalars.NONE ? scalar : readObject(isValue, in);
        }
        return arguments;
    }

    private Object readObject(boolean isValue, WireInput in) {
        Exchange before = exchange.begin();
        try {
            return isValue ? codec.decode(in) : Proxies.of(new LocalHandle(session.server(), session.object(in.readVar())));
        } finally {
            Exchange.end(before);
        }
    }

    private void fail(Throwable failure) {
        out.writeByte(Protocol.FAILURE);
        Exchange before = exchange.begin();
        try {
            FailureForm.write(out, failure, codec);
        } finally {
            Exchange.end(before);
        }
    }

    private void giveBack() {
        if (giver != null) {
            giver.giveBack(item);
            giver = null;
        }
    }

    // ---- Caller ----

    @Override
    public Session session() {
        return session;
    }

    @Override
    public long thread() {
        return thread;
    }

    @Override
    public Server server() {
        return session.server();
    }

    @Override
    public boolean share(String file) {
        FdTransport socket = channel.socket();
        if (socket == null) {
            return false;
        }
        try {
            next = SharedTransport.ofServer(socket, file);
            return true;
        } catch (OsException e) {
            // The directory is not to be seen from here, or there are too many mappings: calls go on by the socket.
            return false;
        }
    }

    // ---- Reply ----

    @Override
    public void value(Object value) {
        out.truncate(start);
        out.writeByte(Protocol.VALUE);
        if (!Scalars.write(value, out)) {
            valueOfOtherKind(value);
        }
    }

    private void valueOfOtherKind(Object value) {
        Handle handle = Proxies.handleOf(value);
        if (handle instanceof LocalHandle local && local.home() == session.server()) {
            object(local.target());
            return;
        }
        out.truncate(start);
        out.writeByte(Protocol.VALUE);
        Exchange before = exchange.begin();
        try {
            codec.encode(value, out, "the result");
        } finally {
            Exchange.end(before);
        }
    }

    @Override
    public void object(ServerObject object) {
        session.grant(object);
        out.truncate(start);
        out.writeByte(Protocol.OBJECT);
        out.writeVar(object.number());
        object.referent().description().write(out);
    }

    @Override
    public void taken(Referent from, Object taken) {
        giver = from;
        item = taken;
    }
}
