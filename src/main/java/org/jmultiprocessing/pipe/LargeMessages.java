package org.jmultiprocessing.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SendInterruptedException;
import org.jmultiprocessing.errors.SendTimeoutException;
import org.jmultiprocessing.internal.os.Deadline;

/**
 * Sends and receives single messages of any length, also over 2 GiB, piece by piece: {@link Connection#large}. On the wire they are messages as all
 * others; Python receives them by {@code recv_bytes}. Threads, interruption and closing are as {@link Connection} says. After a
 * {@link SendInterruptedException} or {@link SendTimeoutException} the message's buffers or stream stay in use, and are not to be touched, until
 * {@link Connection#isSending} is false; whoever sends next reads them.
 */
public final class LargeMessages {
    private final Connection connection;

    LargeMessages(Connection connection) {
        this.connection = connection;
    }

    /**
     * Sends the bytes between position and limit of all buffers as one message. Blocks while there is no room.
     *
     * @param buffers the message; their positions stay as they are
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public void send(ByteBuffer... buffers) throws InterruptedException {
        try {
            send(null, buffers);
        } catch (TimeoutException e) {
            throw Connection.never(e);
        }
    }

    /**
     * As {@link #send(ByteBuffer...)}, for a time.
     *
     * @param timeout how long
     * @param buffers the message; their positions stay as they are
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws TimeoutException if there is no room in time ({@link SendTimeoutException} in mid-message)
     */
    public void send(Duration timeout, ByteBuffer... buffers) throws InterruptedException, TimeoutException {
        ByteBuffer[] views = new ByteBuffer[buffers.length];
        long length = 0;
        for (int i = 0; i < views.length; i++) {
            views[i] = buffers[i].duplicate();
            length += views[i].remaining();
        }
        send(new Source.Buffers(views, length), Deadline.after(timeout));
    }

    /**
     * Sends a stream's bytes as one message. Blocks while there is no room, and while the stream's read does.
     *
     * @param stream where from; not closed
     * @param length how many bytes the message has, which the stream must give
     * @throws InterruptedException if the thread is interrupted before or while it waits for room
     * @throws IllegalArgumentException if the length is negative
     * @throws UncheckedIOException if the stream fails or ends too early; the message is cut then and nothing more can be sent
     */
    public void send(InputStream stream, long length) throws InterruptedException {
        try {
            send(stream, length, null);
        } catch (TimeoutException e) {
            throw Connection.never(e);
        }
    }

    /**
     * As {@link #send(InputStream, long)}, for a time (in which the stream's own read is not interrupted).
     *
     * @param stream where from; not closed
     * @param length how many bytes the message has, which the stream must give
     * @param timeout how long
     * @throws InterruptedException if the thread is interrupted before or while it waits for room
     * @throws TimeoutException if there is no room in time ({@link SendTimeoutException} in mid-message)
     * @throws IllegalArgumentException if the length is negative
     * @throws UncheckedIOException if the stream fails or ends too early; the message is cut then and nothing more can be sent
     */
    public void send(InputStream stream, long length, Duration timeout) throws InterruptedException, TimeoutException {
        if (length < 0) {
            throw new IllegalArgumentException("size is negative");
        }
        send(new Source.Stream(Objects.requireNonNull(stream, "stream"), length), Deadline.after(timeout));
    }

    private void send(Source source, Deadline deadline) throws InterruptedException, TimeoutException {
        FrameWriter to = connection.checkWritable();
        try {
            to.send(source, deadline);
        } catch (IOException e) {
            throw connection.brokenSource(e);
        }
    }

    /**
     * Receives a message of any length into a stream. Blocks until it is complete, and while the stream's write does.
     *
     * @param out where to; neither flushed nor closed
     * @return the message's length
     * @throws InterruptedException if the thread is interrupted before or while it waits; another call goes on where this one stopped
     * @throws UncheckedIOException if the stream fails; another call goes on after the piece that failed
     */
    public long receiveTo(OutputStream out) throws InterruptedException {
        try {
            return receiveTo(out, Long.MAX_VALUE, null);
        } catch (TimeoutException e) {
            throw Connection.never(e);
        }
    }

    /**
     * As {@link #receiveTo(OutputStream)}, with a limit and for a time.
     *
     * @param out where to; neither flushed nor closed
     * @param maxLength the longest message that is wanted ({@link Connection#withMaxMessageBytes} does not count here); a longer one ends with
     *     {@code bad message length}, and the connection cannot be read any more
     * @param timeout how long
     * @return the message's length
     * @throws InterruptedException if the thread is interrupted before or while it waits; another call goes on where this one stopped
     * @throws TimeoutException if the message is not complete in time; another call goes on where this one stopped
     * @throws OsException as {@link Connection} says
     * @throws IllegalArgumentException if the limit is negative
     * @throws UncheckedIOException if the stream fails; another call goes on after the piece that failed
     */
    public long receiveTo(OutputStream out, long maxLength, Duration timeout) throws InterruptedException, TimeoutException {
        Deadline deadline = Deadline.after(timeout);
        FrameReader from = connection.readerLocked(deadline);
        try {
            if (maxLength < 0) {
                throw new IllegalArgumentException("negative maxlength");
            }
            return from.stream(Objects.requireNonNull(out, "out"), maxLength, deadline);
        } catch (FrameReader.BadLength e) {
            throw connection.badLength(e);
        } catch (IOException e) {
            throw new UncheckedIOException("the stream that receives from " + connection + " failed: " + e.getMessage(), e);
        } finally {
            from.unlock();
        }
    }
}
