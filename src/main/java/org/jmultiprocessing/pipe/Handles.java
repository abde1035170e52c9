package org.jmultiprocessing.pipe;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Io;

/**
 * Descriptors over a connection between processes of one machine, beside its messages: Python's {@code reduction.send_handle} and
 * {@code recv_handle}, with the same bytes on the wire (but for the acknowledgement of Python on macOS). Each {@code send} needs its
 * {@code receive} at the same place between the messages. Unix sockets only ({@link Pipe#duplex}, a {@link Listener} on a path).
 */
public final class Handles {
    private Handles() { }

    /**
     * Sends a duplicate of a descriptor. Blocks while there is no room.
     *
     * @param connection over a Unix socket
     * @param descriptor an open descriptor; it stays the caller's, who may close it when this returns
     * @param timeout how long, as {@link Connection} says
     * @throws InterruptedException if the thread is interrupted before or while it waits; nothing is sent then
     * @throws TimeoutException if there is no room in time; nothing is sent then
     * @throws OsException if the connection carries bytes only, or the descriptor is not open
     */
    public static void send(Connection connection, int descriptor, Duration timeout) throws InterruptedException, TimeoutException {
        FrameWriter to = connection.checkWritable();
        checkKind(connection);
        try {
            to.sendBare(new int[] {descriptor}, Deadline.after(timeout));
        } catch (IOException e) {
            throw connection.brokenSource(e);
        }
    }

    /**
     * Receives a descriptor that {@link #send} sent. Blocks until there is one.
     *
     * @param connection over a Unix socket
     * @param timeout how long, as {@link Connection} says
     * @return the descriptor, close-on-exec, which belongs to the caller
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws TimeoutException if none comes in time
     * @throws OsException if the connection carries bytes only, or what comes is no descriptor; a message is lost then
     */
    public static int receive(Connection connection, Duration timeout) throws InterruptedException, TimeoutException {
        Deadline deadline = Deadline.after(timeout);
        checkKind(connection);
        FrameReader from = connection.readerLocked(deadline);
        try {
            int[] descriptors = from.bareDescriptors(deadline);
            Io.close(descriptors, 1, descriptors.length);
            return descriptors[0];
        } finally {
            from.unlock();
        }
    }

    private static void checkKind(Connection connection) {
        if (!connection.isUnixSocket()) {
            throw new OsException("pass a descriptor over", connection.toString(), "",
                    "it is no Unix socket: use Pipe.duplex or a listener on a path");
        }
    }
}
