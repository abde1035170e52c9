package org.jmultiprocessing.internal.os;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/** Reads a non-blocking descriptor as a stream: the parent's end of a child's stdout or stderr. Interruptible, closable from another thread. */
public final class FdInputStream extends InputStream {
    private final Fd fd;

    /** @param fd closed with this stream */
    public FdInputStream(Fd fd) {
        this.fd = fd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        try {
            while (true) {
                int raw = fd.acquire();
                int count;
                try {
                    count = Binding.posix().read(raw, buffer, offset, length, 0);
                } finally {
                    fd.release();
                }
                if (count >= 0) {
                    return count == 0 ? -1 : count;
                }
                if (count != Posix.WOULD_BLOCK) {
                    throw OsErrors.of("read", fd.name(), count);
                }
                fd.await(Posix.READABLE, Deadline.NEVER);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(fd, e);
        } catch (OsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    static InterruptedIOException interrupted(Fd fd, InterruptedException cause) {
        InterruptedIOException exception = new InterruptedIOException(fd.name());
        exception.initCause(cause);
        return exception;
    }

    @Override
    public void close() {
        fd.close();
    }
}
