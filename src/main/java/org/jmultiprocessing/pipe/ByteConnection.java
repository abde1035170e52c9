package org.jmultiprocessing.pipe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.BufferTooShortException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SendInterruptedException;
import org.jmultiprocessing.errors.SendTimeoutException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.Sockets;
import org.jmultiprocessing.spi.Waitable;

/** What a {@link Connection} is below its objects: messages of bytes, waiting, closing. Its public methods are part of that class's interface. */
abstract class ByteConnection implements AutoCloseable, Waitable {
    private final Fd fd;
    private final Sockets.Kind kind;
    private final boolean trusted;
    private final FrameReader reader;
    private final FrameWriter writer;
    private volatile boolean readable;
    private volatile boolean writable;
    private volatile long limit;

    ByteConnection(Fd fd, Sockets.Kind kind, boolean readable, boolean writable, boolean trusted, long limit) {
        this.fd = fd;
        this.kind = kind;
        this.readable = readable;
        this.writable = writable;
        this.trusted = trusted;
        this.limit = limit;
        this.reader = readable ? new FrameReader(fd, kind == Sockets.Kind.UNIX, trusted) : null;
        this.writer = writable ? new FrameWriter(fd, kind == Sockets.Kind.PIPE) : null;
    }

    // ---- bytes ----

    /**
     * Sends bytes as one message; Python's {@code send_bytes}. Blocks while there is no room.
     *
     * @param data the message
     * @throws InterruptedException if the thread is interrupted before or while it waits ({@link SendInterruptedException} in mid-message)
     */
    public void sendBytes(byte[] data) throws InterruptedException {
        sendBytes(data, 0, data.length);
    }

    /**
     * Sends a stretch of an array as one message. Blocks while there is no room.
     *
     * @param data where from
     * @param offset first index
     * @param size how many bytes
     * @throws InterruptedException if the thread is interrupted before or while it waits ({@link SendInterruptedException} in mid-message)
     * @throws IllegalArgumentException if the stretch is not inside the array
     */
    public void sendBytes(byte[] data, int offset, int size) throws InterruptedException {
        try {
            sendStretch(data, offset, size, Deadline.NEVER);
        } catch (TimeoutException e) {
            throw never(e);
        }
    }

    /**
     * As {@link #sendBytes(byte[], int, int)}, for a time.
     *
     * @param data where from
     * @param offset first index
     * @param size how many bytes
     * @param timeout how long
     * @throws InterruptedException if the thread is interrupted before or while it waits ({@link SendInterruptedException} in mid-message)
     * @throws TimeoutException if there is no room in time ({@link SendTimeoutException} in mid-message)
     * @throws IllegalArgumentException if the stretch is not inside the array
     */
    public void sendBytes(byte[] data, int offset, int size, Duration timeout) throws InterruptedException, TimeoutException {
        sendStretch(data, offset, size, Deadline.after(timeout));
    }

    void sendStretch(byte[] data, int offset, int size, Deadline deadline) throws InterruptedException, TimeoutException {
        checkWritable();
        checkStretch(data.length, offset, size);
        try {
            writer.send(data, offset, size, Outgoing.NO_DESCRIPTORS, 0, deadline);
        } catch (IOException e) {
            throw brokenSource(e);
        }
    }

    private static void checkStretch(int length, int offset, int size) {
        String mistake = offset < 0 ? "offset is negative" : length < offset ? "buffer length < offset" : size < 0 ? "size is negative"
                : length - offset < size ? "buffer length < offset + size" : null;
        if (mistake != null) {
            throw new IllegalArgumentException(mistake);
        }
    }

    /**
     * Receives a message as bytes, whatever is in it; Python's {@code recv_bytes}. Blocks until there is one.
     *
     * @return the message
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public byte[] recvBytes() throws InterruptedException {
        return recvBytes(Integer.MAX_VALUE);
    }

    /**
     * As {@link #recvBytes()}, with a limit of its own.
     *
     * @param maxLength the longest message that is wanted; a longer one ends with {@code bad message length}, and the connection cannot be read
     *     any more
     * @return the message
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws IllegalArgumentException if the limit is negative
     */
    public byte[] recvBytes(int maxLength) throws InterruptedException {
        try {
            return receiveBytes(maxLength, Deadline.NEVER);
        } catch (TimeoutException e) {
            throw never(e);
        }
    }

    /**
     * As {@link #recvBytes(int)}, for a time.
     *
     * @param maxLength the longest message that is wanted
     * @param timeout how long
     * @return the message
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws TimeoutException if no whole message comes in time; what has come of it is kept
     * @throws IllegalArgumentException if the limit is negative
     */
    public byte[] recvBytes(int maxLength, Duration timeout) throws InterruptedException, TimeoutException {
        return receiveBytes(maxLength, Deadline.after(timeout));
    }

    byte[] receiveBytes(int maxLength, Deadline deadline) throws InterruptedException, TimeoutException {
        FrameReader from = readerLocked(deadline);
        try {
            if (maxLength < 0) {
                throw new IllegalArgumentException("negative maxlength");
            }
            return from.array(maxLength == Integer.MAX_VALUE ? limit : Math.min(limit, maxLength), deadline);
        } catch (FrameReader.BadLength e) {
            throw badLength(e);
        } finally {
            from.unlock();
        }
    }

    /**
     * Receives a message into an array; Python's {@code recv_bytes_into}. Blocks until there is one.
     *
     * @param target where to
     * @param offset the first index to fill
     * @return the message's length
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws BufferTooShortException if the message is longer than the room; it carries the message
     * @throws IllegalArgumentException if the offset is not inside the array
     */
    public int recvBytesInto(byte[] target, int offset) throws InterruptedException {
        try {
            return receiveInto(target, offset, Deadline.NEVER);
        } catch (TimeoutException e) {
            throw never(e);
        }
    }

    /**
     * As {@link #recvBytesInto(byte[], int)}, for a time.
     *
     * @param target where to
     * @param offset the first index to fill
     * @param timeout how long
     * @return the message's length
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws TimeoutException if no whole message comes in time; what has come of it is kept
     * @throws BufferTooShortException if the message is longer than the room; it carries the message
     * @throws IllegalArgumentException if the offset is not inside the array
     */
    public int recvBytesInto(byte[] target, int offset, Duration timeout) throws InterruptedException, TimeoutException {
        return receiveInto(target, offset, Deadline.after(timeout));
    }

    private int receiveInto(byte[] target, int offset, Deadline deadline) throws InterruptedException, TimeoutException {
        FrameReader from = readerLocked(deadline);
        try {
            if (offset < 0 || offset > target.length) {
                throw new IllegalArgumentException(offset < 0 ? "negative offset" : "offset too large");
            }
            return from.into(target, offset, limit, deadline);
        } catch (FrameReader.BadLength e) {
            throw badLength(e);
        } finally {
            from.unlock();
        }
    }

    // ---- waiting and state ----

    /**
     * Whether something can be received now: a message, part of one, or the news that the other end is closed (then {@link Connection#recv()}
     * throws).
     *
     * @return true if so
     */
    public boolean poll() {
        checkReadable();
        return Io.isReadable(fd);
    }

    /**
     * Blocks until {@link #poll()} would be true.
     *
     * @param timeout how long
     * @return false if the time is over
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public boolean poll(Duration timeout) throws InterruptedException {
        checkReadable();
        Deadline deadline = Deadline.after(timeout);
        while (!Io.isReadable(fd)) {
            if (!fd.await(Fd.READABLE, deadline)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the rest of a message is kept: a send ended with {@link SendInterruptedException}, {@link SendTimeoutException} or an error of the
     * system in the middle of its message. The rest goes out with the next send or {@link #flush} of whatever thread, and as far as there is room in
     * {@link #close}.
     *
     * @return true if so
     */
    public boolean isSending() {
        return writer != null && writer.isMidFrame();
    }

    /**
     * Sends what {@link #isSending} speaks of. Blocks while there is no room.
     *
     * @param timeout how long
     * @throws InterruptedException if the thread is interrupted before or while it waits; the rest is still kept
     * @throws TimeoutException if there is no room in time; the rest is still kept
     */
    public void flush(Duration timeout) throws InterruptedException, TimeoutException {
        checkWritable();
        try {
            writer.flush(Deadline.after(timeout));
        } catch (IOException e) {
            throw brokenSource(e);
        }
    }

    /**
     * @return the descriptor's number, Python's {@code fileno()}; it stays this connection's
     * @throws OsException if it is closed
     */
    public int fileno() {
        if (fd.isClosed()) {
            throw fd.closed();
        }
        return fd.number();
    }

    @Override
    public int waitDescriptor() {
        return fileno();
    }

    /** @return whether {@link #close} was called */
    public boolean closed() {
        return fd.isClosed();
    }

    /** @return whether it can receive */
    public boolean readable() {
        return readable;
    }

    /** @return whether it can send */
    public boolean writable() {
        return writable;
    }

    /** Closes this process's hold on the end. Threads that wait on it get {@code handle is closed} at once. Does nothing the second time. */
    @Override
    public void close() {
        try {
            if (isSending() && !fd.isClosed()) {
                writer.flushNow();
            }
        } catch (IOException | OsException e) {
            // The other end is gone, or the stream of a message that was cut has failed and told its sender so: nothing is left to tell here.
            writable = false;
        } finally {
            fd.close();
            if (reader != null) {
                reader.discard();
            }
        }
    }

    /** @return such as {@code <Connection fd=7 read-write>} */
    @Override
    public String toString() {
        return "<Connection " + (fd.isClosed() ? "closed" : "fd=" + fd.number()) + (readable ? writable ? " read-write>" : " read-only>"
                : writable ? " write-only>" : " broken>");
    }

    // ---- for this package ----

    FrameReader readerLocked(Deadline deadline) throws InterruptedException, TimeoutException {
        checkReadable();
        reader.lock(deadline);
        if (!readable) {
            reader.unlock();
            throw direction("connection is write-only");
        }
        return reader;
    }

    FrameWriter checkWritable() {
        if (fd.isClosed()) {
            throw fd.closed();
        }
        if (!writable) {
            throw direction("connection is read-only");
        }
        return writer;
    }

    private void checkReadable() {
        if (fd.isClosed()) {
            throw fd.closed();
        }
        if (!readable) {
            throw direction("connection is write-only");
        }
    }

    private OsException direction(String text) {
        return new OsException("use", toString(), "", text);
    }

    OsException badLength(FrameReader.BadLength length) {
        OsException exception = new OsException("receive from", toString(), "", "bad message length: " + length.getMessage());
        readable = false;
        if (!writable) {
            close();
        }
        return exception;
    }

    UncheckedIOException brokenSource(IOException failure) {
        writable = false;
        return new UncheckedIOException("the message on " + this + " is cut, nothing more can be sent: " + failure.getMessage(), failure);
    }

    static AssertionError never(TimeoutException timeout) {
        return new AssertionError("no time was given", timeout);
    }

    Fd fd() {
        return fd;
    }

    boolean isUnixSocket() {
        return kind == Sockets.Kind.UNIX;
    }

    Sockets.Kind kind() {
        return kind;
    }

    boolean isTrusted() {
        return trusted;
    }

    long limit() {
        return limit;
    }

    void limit(long bytes) {
        limit = bytes;
    }

    boolean isMidFrame() {
        return reader != null && reader.isMidFrame() || isSending();
    }
}
