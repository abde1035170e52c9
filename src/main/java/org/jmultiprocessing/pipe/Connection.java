package org.jmultiprocessing.pipe;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SendInterruptedException;
import org.jmultiprocessing.errors.SendTimeoutException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.Sockets;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.spi.Codec;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * One end of a pipe, or one side of a connection between a {@link Listener} and a {@link Client}: sends and receives whole messages, objects or
 * bytes. Python's {@code multiprocessing.connection.Connection}, with the same frames on the wire.
 *
 * <p><b>Threads and processes.</b> Any number of threads may use one connection; messages never interleave, and receivers take turns. Two processes
 * that use the same end may do so in turn only, as in Python. A connection travels to another process as an argument of a process or inside a
 * message over a Unix socket ({@link Pipe#duplex}) or a one-way pipe; both processes then have it, and each has to close its own.
 *
 * <p><b>Blocking.</b> A method that blocks has a form with a timeout (null: for ever; zero or less: do not wait), can be interrupted, and ends with
 * an {@link OsException} ({@code handle is closed}) when another thread closes the connection. No message is lost or cut by that: what has come of
 * a message is kept for the next call that receives. A send that is interrupted or late has sent nothing, unless its message had begun to go out.
 * Then it throws {@link SendInterruptedException} or {@link SendTimeoutException}, and the rest goes out first with the next send or {@link #flush}:
 * do not send that message again. A virtual thread parks.
 *
 * <p><b>Objects.</b> Between processes of one tree every object that the library can write is received. A connection of a {@link Listener} or
 * {@link Client}, and one made of a descriptor, takes the compact types only (null, boxed primitives, strings, primitive arrays, lists, sets and
 * maps of such), until {@link #withFilter} says what else.
 *
 * <p><b>Errors.</b> {@link org.jmultiprocessing.errors.EndOfStreamException} when nothing is left and the other end is closed,
 * {@link org.jmultiprocessing.errors.BrokenPipeException} when nobody is left to receive, {@link OsException} for a cut message
 * ({@code got end of file during message}), a length that is negative or over the limit ({@code bad message length}; afterwards the connection
 * cannot be read any more), a closed connection and the wrong direction.
 */
public final class Connection extends ByteConnection implements Transferable {
    /** System property: the longest message in bytes that a connection of a {@link Listener} or {@link Client} takes; 256 MiB if unset. */
    public static final String MAX_MESSAGE_PROPERTY = "jmultiprocessing.maxMessageBytes";

    private static final long FOREIGN_LIMIT = Long.getLong(MAX_MESSAGE_PROPERTY, 256L << 20);
    private static final Codec OWN_TREE = new ObjectCodec(Trust.OWN_TREE, null);
    private static final Codec FOREIGN = new ObjectCodec(Trust.FOREIGN, null);

    static {
        Transferable.register(Connection.class, new ConnectionTransfer());
    }

    private volatile Codec codec;

    Connection(Fd fd, Sockets.Kind kind, boolean readable, boolean writable, boolean trusted) {
        super(fd, kind, readable, writable, trusted, trusted ? Long.MAX_VALUE : FOREIGN_LIMIT);
        this.codec = trusted ? OWN_TREE : FOREIGN;
    }

    /**
     * Makes a connection of a pipe's or stream socket's descriptor that came from elsewhere, and makes the descriptor non-blocking. Python's
     * {@code Connection(handle, readable, writable)}.
     *
     * @param descriptor an open descriptor, which from now on belongs to the connection
     * @param readable whether it can be read
     * @param writable whether it can be written
     * @return the connection; as for one of a {@link Client} only the compact types are received until {@link #withFilter}
     * @throws IllegalArgumentException if the number is negative or it is neither readable nor writable
     * @throws OsException if it is not open
     */
    public static Connection ofDescriptor(int descriptor, boolean readable, boolean writable) {
        if (descriptor < 0) {
            throw new IllegalArgumentException("invalid handle");
        }
        if (!readable && !writable) {
            throw new IllegalArgumentException("at least one of `readable` and `writable` must be True");
        }
        Io.makeNonBlocking(descriptor);
        return new Connection(Fd.owning(descriptor, "connection"), Sockets.kind(descriptor), readable, writable, false);
    }

    // ---- settings ----

    /**
     * Sets what objects {@link #recv()} takes besides the compact types. Does not travel with the connection.
     *
     * @param filter decides about each class; functions stay refused. Null for what a new connection of this kind takes
     * @return this
     */
    public Connection withFilter(ObjectInputFilter filter) {
        codec = filter != null ? new ObjectCodec(Trust.foreign(filter), null) : isTrusted() ? OWN_TREE : FOREIGN;
        return this;
    }

    /**
     * Sets how objects become bytes and bytes objects, for example in a form that a peer in another language knows. Does not travel with the
     * connection.
     *
     * @param newCodec what {@link #send(Object)} and {@link #recv()} use from now on
     * @return this
     */
    public Connection withCodec(Codec newCodec) {
        codec = Objects.requireNonNull(newCodec, "newCodec");
        return this;
    }

    /**
     * Sets the longest message that is received. A longer one ends with {@code bad message length}. Memory is taken as the bytes arrive, never for
     * a length that is only announced.
     *
     * @param bytes the limit, 0 or more
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Connection withMaxMessageBytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative limit: " + bytes);
        }
        limit(bytes);
        return this;
    }

    // ---- objects ----

    /**
     * Sends an object. Blocks while there is no room.
     *
     * @param value what; null too
     * @throws InterruptedException if the thread is interrupted before or while it waits ({@link SendInterruptedException} in mid-message)
     * @throws org.jmultiprocessing.errors.SerializationException if it cannot be written; nothing is sent then
     */
    public void send(Object value) throws InterruptedException {
        try {
            sendObject(value, Deadline.NEVER);
        } catch (TimeoutException e) {
            throw never(e);
        }
    }

    /**
     * As {@link #send(Object)}, for a time.
     *
     * @param value what; null too
     * @param timeout how long
     * @throws InterruptedException if the thread is interrupted before or while it waits ({@link SendInterruptedException} in mid-message)
     * @throws TimeoutException if there is no room in time ({@link SendTimeoutException} in mid-message)
     */
    public void send(Object value, Duration timeout) throws InterruptedException, TimeoutException {
        sendObject(value, Deadline.after(timeout));
    }

    private void sendObject(Object value, Deadline deadline) throws InterruptedException, TimeoutException {
        FrameWriter to = checkWritable();
        try (Outgoing message = Outgoing.encode(value, this, codec)) {
            to.send(message.bytes(), 0, message.length(), message.descriptors(), message.count(), deadline);
        } catch (IOException e) {
            throw brokenSource(e);
        }
    }

    /**
     * Receives an object. Blocks until there is one.
     *
     * @return what the other end sent, also null
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws org.jmultiprocessing.errors.EndOfStreamException if the other end is closed and nothing is left
     * @throws org.jmultiprocessing.errors.SerializationException if the message is none of ours or not allowed here; it is consumed then
     */
    public Object recv() throws InterruptedException {
        try {
            return receiveObject(Deadline.NEVER);
        } catch (TimeoutException e) {
            throw never(e);
        }
    }

    /**
     * As {@link #recv()}, for a time.
     *
     * @param timeout how long
     * @return what the other end sent, also null
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws TimeoutException if no whole message comes in time; what has come of it is kept
     */
    public Object recv(Duration timeout) throws InterruptedException, TimeoutException {
        return receiveObject(Deadline.after(timeout));
    }

    private Object receiveObject(Deadline deadline) throws InterruptedException, TimeoutException {
        FrameReader from = readerLocked(deadline);
        FrameReader.Message message;
        try {
            message = from.message(limit(), deadline);
        } catch (FrameReader.BadLength e) {
            throw badLength(e);
        } finally {
            from.unlock();
        }
        return Incoming.decode(message, codec);
    }

    /** @return the forms for messages that do not fit into an array, or that are to go between streams or buffers and this connection */
    public LargeMessages large() {
        return new LargeMessages(this);
    }

    // ---- travelling ----

    @Override
    public void writeTransfer(TransferOutput out) {
        if (isMidFrame()) {
            throw new IllegalStateException(this + " is in the middle of a message: finish it before the connection travels");
        }
        int raw = fd().acquire();
        try {
            ConnectionTransfer.write(out, raw, this);
        } finally {
            fd().release();
        }
    }
}
