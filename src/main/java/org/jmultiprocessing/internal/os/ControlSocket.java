package org.jmultiprocessing.internal.os;

import java.util.Arrays;
import org.jmultiprocessing.errors.BrokenPipeException;
import org.jmultiprocessing.errors.OsException;

/**
 * One end of the socket between a process and its fork server: messages of bytes with descriptors. Nobody else can have an end, as the pair is made
 * before there is a server. A message is an int for its length, and its bytes; the descriptors come with the first of them. Belongs to one thread at
 * a time.
 */
public final class ControlSocket implements AutoCloseable {
    private static final int HEADER = 4;

    private final Fd fd;

    private ControlSocket(Fd fd) {
        this.fd = fd;
    }

    /**
     * Both ends.
     *
     * @param first closed with this
     * @param second closed with this
     */
    public record Pair(ControlSocket first, ControlSocket second) implements AutoCloseable {
        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    /** @return both ends, non-blocking */
    public static Pair pair() {
        Fd[] ends = Sockets.pair("control socket");
        return new Pair(new ControlSocket(ends[0]), new ControlSocket(ends[1]));
    }


    /**
     * In a server, or a child of it: its end, from now on blocking, so that waiting needs nothing but the read.
     *
     * @param raw an open descriptor, which belongs to the result
     * @return it
     */
    public static ControlSocket blocking(int raw) {
        Io.makeBlocking(raw);
        return new ControlSocket(Fd.lasting(raw, "control socket"));
    }

    /** @return this end's descriptor */
    public Fd fd() {
        return fd;
    }

    /**
     * A message.
     *
     * @param bytes its content
     * @param descriptors what came with it, which belongs to the receiver
     */
    public record Message(byte[] bytes, int[] descriptors) { }

    /**
     * Sends a message. Not interruptible.
     *
     * @param bytes holds it
     * @param length how much of that
     * @param descriptors what goes along; they stay the caller's
     * @param deadline how long; does not count for a blocking end
     * @return false if the time is over, or nobody is there to receive; then this is of no use any more
     */
    public boolean send(byte[] bytes, int length, int[] descriptors, Deadline deadline) {
        byte[] framed = new byte[HEADER + length];
        framed[0] = (byte) (length >> 24);
        framed[1] = (byte) (length >> 16);
        framed[2] = (byte) (length >> 8);
        framed[3] = (byte) length;
        System.arraycopy(bytes, 0, framed, HEADER, length);
        boolean interrupted = false;
        try {
            for (int at = 0; at < framed.length;) {
                int count = at == 0 && descriptors.length > 0 ? Io.send(fd, framed, 0, framed.length, descriptors, descriptors.length)
                        : Io.write(fd, framed, at, framed.length - at);
                if (count != Io.WOULD_BLOCK) {
                    at += count;
                } else if (deadline.isOver()) {
                    return false;
                } else {
                    interrupted |= !Uninterrupted.await(fd, Fd.WRITABLE, deadline);
                }
            }
            return true;
        } catch (BrokenPipeException nobody) {
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Receives a message. Not interruptible.
     *
     * @param deadline how long; does not count for a blocking end
     * @return it; null if the time is over or the other end is gone, so that this is of no use any more
     * @throws OsException if this end is closed, or there is no room for the descriptors
     */
    public Message receive(Deadline deadline) {
        int[] received = new int[1 + Io.MAX_DESCRIPTORS];
        byte[] header = new byte[HEADER];
        if (!fill(header, received, deadline)) {
            return null;
        }
        int[] descriptors = Arrays.copyOfRange(received, 1, 1 + received[0]);
        byte[] bytes = new byte[(header[0] & 0xFF) << 24 | (header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | header[3] & 0xFF];
        if (!fill(bytes, null, deadline)) {
            Io.close(descriptors, 0, descriptors.length);
            return null;
        }
        return new Message(bytes, descriptors);
    }

    /** The descriptors come with the first byte, which is the header's. */
    private boolean fill(byte[] bytes, int[] received, Deadline deadline) {
        boolean interrupted = false;
        fd.acquire();
        try {
            for (int at = 0; at < bytes.length;) {
                int count = at == 0 && received != null ? Io.receive(fd, bytes, 0, bytes.length, received, 0)
                        : Io.read(fd, bytes, at, bytes.length - at, 0);
                if (count == 0) {
                    return false;
                }
                if (count > 0) {
                    at += count;
                } else if (deadline.isOver()) {
                    return false;
                } else {
                    interrupted |= !Uninterrupted.await(fd, Fd.READABLE, deadline);
                }
            }
            return true;
        } catch (BrokenPipeException reset) {
            // The other end was closed before it had read everything.
            return false;
        } finally {
            fd.release();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Closes this end: a server ends then. */
    @Override
    public void close() {
        fd.close();
    }
}
