package org.jmultiprocessing.manager;

import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.Spin;
import org.jmultiprocessing.pipe.Connection;

/**
 * A stream socket, read by those who expect an answer at once: they insist for some microseconds before they block. There is hardly ever something to
 * read when they begin, so they do not look before they wait.
 */
final class FdTransport implements Transport {
    /** An answer takes a few microseconds, or much longer. */
    private static final long MOST_NANOS = 25_000;

    private final Spin spin = new Spin();
    private final Fd fd;
    private boolean awake = true;

    private FdTransport(Fd fd) {
        this.fd = fd;
    }

    /** Takes the place of a connection on which nothing has been sent yet. */
    static FdTransport of(Connection connection, String name) {
        try (connection) {
            return new FdTransport(Fd.owning(Io.duplicate(connection.fileno()), name));
        }
    }

    @Override
    public int read(byte[] target, int offset, int length, Deadline deadline) throws InterruptedException, TimeoutException {
        fd.acquire();
        try {
            int count = Io.WOULD_BLOCK;
            long nanos = awake ? Math.min(spin.next(), MOST_NANOS) : 0;
            if (nanos > 0) {
                count = Io.read(fd, target, offset, length, nanos);
                spin.after(count != Io.WOULD_BLOCK);
            }
            while (count == Io.WOULD_BLOCK) {
                if (!fd.await(Fd.READABLE, deadline)) {
                    throw new TimeoutException("nothing came from " + fd + " in time");
                }
                count = Io.read(fd, target, offset, length, 0);
            }
            if (count == 0 && fd.isClosed()) {
                throw fd.closed();
            }
            return count;
        } finally {
            fd.release();
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        int done = 0;
        boolean interrupted = false;
        try {
            while (done < length) {
                int written = Io.write(fd, source, offset + done, length - done);
                if (written == Io.WOULD_BLOCK) {
                    interrupted |= !awaitRoom();
                } else {
                    done += written;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns false if an interrupt came. */
    private boolean awaitRoom() {
        try {
            fd.await(Fd.WRITABLE, Deadline.NEVER);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public void insist(boolean newAwake) {
        awake = newAwake;
    }

    /** Whether a read would not wait. */
    boolean isReadable() {
        return fd.isReadable();
    }

    /** Calls a listener once, when there is something to read, be it the end, or when this is closed. */
    void whenReadableOrClosed(Runnable listener) {
        fd.whenReadableOrClosed(listener);
    }

    /** The exception that says that this is closed. */
    OsException closed() {
        return fd.closed();
    }

    @Override
    public void close() {
        fd.close();
    }
}
