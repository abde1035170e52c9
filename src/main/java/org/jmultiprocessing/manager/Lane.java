package org.jmultiprocessing.manager;

import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Scalars;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** A client's connection for calls, one at a time. Belongs to the thread that has taken it. */
final class Lane implements AutoCloseable {
    /** So many calls tell that there will be more. */
    private static final int OFTEN = 32;

    private final Link link;
    private final Channel channel;
    private final int number;
    private final ObjectCodec codec;
    private final Exchange exchange;
    private long calls;
    private boolean settled;
    private SharedTransport shared;

    Lane(Link link, Channel channel, int number, ObjectCodec codec) {
        this.link = link;
        this.channel = channel;
        this.number = number;
        this.codec = codec;
        this.exchange = new Exchange(link, null);
    }

    /**
     * Before a call: one that is used a lot is worth memory for its calls. If that fails otherwise than by there being none the lane is of no more
     * use.
     */
    void prepare(Deadline deadline) throws TimeoutException, InterruptedException {
        if (calls >= OFTEN && !settled) {
            settled = true;
            FdTransport socket = channel.socket();
            if (socket != null && link.route().ownTree() && SharedTransport.isWorthwhile()) {
                share(socket, deadline);
            }
        }
    }

    private void share(FdTransport socket, Deadline deadline) throws TimeoutException, InterruptedException {
        SharedTransport.Memory memory;
        try {
            memory = SharedTransport.create();
        } catch (OsException e) {
            // There is no room for it. The socket does as well.
            return;
        }
        try {
            write(0, Desk.SHARE, new Object[] {memory.file()});
            if ((Boolean) read(exchange(false, deadline))) {
                shared = SharedTransport.ofClient(socket, memory);
                channel.goOn(shared);
                link.watch(shared);
            }
        } finally {
            memory.removeName();
        }
    }

    /**
     * Writes a call. If that fails the lane is as good as before.
     *
     * @throws UnsendableException if an argument cannot be written
     */
    void write(long object, int method, Object[] arguments) {
        WireOutput out = channel.begin();
        out.writeVar(object);
        out.writeVar(method);
        out.writeVar(Thread.currentThread().getId());
        out.writeByte(arguments.length);
        try {
            int sent = 0;
            while (sent < arguments.length && writeScalar(arguments[sent], out)) {
                sent++;
            }
            if (sent < arguments.length) {
                writeObjects(arguments, sent, out);
            }
        } catch (SerializationException e) {
            throw new UnsendableException(e);
        }
    }

    private static boolean writeScalar(Object argument, WireOutput out) {
        int start = out.length();
        out.writeByte(Protocol.VALUE);
        if (Scalars.write(argument, out)) {
            return true;
        }
        out.truncate(start);
        return false;
    }

    private void writeObjects(Object[] arguments, int from, WireOutput out) {
        Exchange before = exchange.begin();
        try {
            for (int i = from; i < arguments.length; i++) {
                Object argument = arguments[i];
                Handle handle = Proxies.handleOf(argument);
                if (handle instanceof RemoteHandle remote && remote.link() == link) {
                    out.writeByte(Protocol.OBJECT);
                    out.writeVar(remote.object());
                } else {
                    out.writeByte(Protocol.VALUE);
                    codec.encode(argument, out, "the argument");
                }
            }
        } finally {
            Exchange.end(before);
        }
    }

    /** Sends what was written and waits for the answer. If the connection fails the lane is of no more use. */
    WireInput exchange(boolean interruptible, Deadline deadline) throws TimeoutException {
        calls++;
        channel.send();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return channel.receive(deadline);
                } catch (InterruptedException e) {
                    if (interruptible && !interrupted) {
                        link.cancel(number, calls);
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Reads an answer.
     *
     * @throws InterruptedException if the call was cancelled
     */
    Object read(WireInput in) throws InterruptedException {
        int answer = in.readByte();
        channel.insist((answer & Protocol.CROWDED) == 0);
        int kind = answer & ~Protocol.CROWDED;
        Object scalar = kind == Protocol.VALUE ? Scalars.read(in) : Scalars.NONE;
        return scalar != Scalars.NONE ? scalar : readObject(kind, in);
    }

    private Object readObject(int kind, WireInput in) throws InterruptedException {
        Exchange before = exchange.begin();
        try {
            switch (kind) {
                case Protocol.VALUE:
                    return codec.decode(in);
                case Protocol.OBJECT:
                    long object = in.readVar();
                    return Proxies.of(new RemoteHandle(link, object, Description.read(in)));
                case Protocol.FAILURE:
                    throw Failures.raise(FailureForm.read(in, codec));
                case Protocol.CANCELLED:
                    Thread.interrupted();
                    throw new InterruptedException("the call was interrupted");
                default:
                    throw new IllegalStateException("the manager's server gave an answer that this process does not know");
            }
        } finally {
            Exchange.end(before);
        }
    }

    @Override
    public void close() {
        channel.close();
        if (shared != null) {
            link.forget(shared);
        }
    }
}
