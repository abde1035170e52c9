package org.jmultiprocessing.internal.os;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/** Writes a non-blocking descriptor as a stream: the parent's end of a child's stdin. Interruptible, closable from another thread. */
public final class FdOutputStream extends OutputStream {
    private final Fd fd;

    /** @param fd closed with this stream */
    public FdOutputStream(Fd fd) {
        this.fd = fd;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        int end = offset + length;
        try {
            for (int next = offset; next < end;) {
                int raw = fd.acquire();
                int count;
                try {
                    count = Binding.posix().write(raw, buffer, next, end - next);
                } finally {
                    fd.release();
                }
                if (count >= 0) {
                    next += count;
                } else if (count == Posix.WOULD_BLOCK) {
                    fd.await(Posix.WRITABLE, Deadline.NEVER);
                } else {
                    throw OsErrors.of("write", fd.name(), count);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw FdInputStream.interrupted(fd, e);
        } catch (OsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
