package org.jmultiprocessing.manager;

import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.Spin;
import org.jmultiprocessing.pipe.Connection;

/** A stream socket, read by those who expect an answer at once: they insist for some microseconds before they block. */
final class FdTransport implements Transport {
    private final Spin spin = new Spin();
    private final Fd fd;

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
            int count = Io.read(fd, target, offset, length, 0);
            if (count == Io.WOULD_BLOCK && deadline != Deadline.NOW) {
                long nanos = spin.next();
                if (nanos > 0) {
                    count = Io.read(fd, target, offset, length, nanos);
                    spin.after(count != Io.WOULD_BLOCK);
                }
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
    public void close() {
        fd.close();
    }
}
