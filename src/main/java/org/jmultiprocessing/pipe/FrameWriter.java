package org.jmultiprocessing.pipe;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jmultiprocessing.errors.BrokenPipeException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SendInterruptedException;
import org.jmultiprocessing.errors.SendTimeoutException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Io;

/**
 * Writes frames to a descriptor. The length and the first 16 KiB of the payload go out in one write. If a wait is interrupted or late before the
 * first byte of a frame is out, nothing of it is sent; after that the rest is kept and goes out before anything else does. Which of both it was, the
 * exception's class tells. A frame whose source fails is cut: nothing can follow it.
 *
 * <p>Each method takes the lock itself; one thread sends at a time.
 */
final class FrameWriter {
    private static final int SHORT_HEADER = 4;
    private static final int LONG_HEADER = 12;
    /** CPython's: what goes out together with the header. */
    private static final int TOGETHER = 16384;
    private static final int FIRST_SCRATCH = 512;
    /** A pipe holds 64 KiB, unless told otherwise. */
    private static final int USUAL_PIPE = 1 << 16;
    private static final int LARGE_PIPE = 1 << 20;

    private static final int[] NONE = {};
    private static final String BEGUN = "the message is begun; its rest is kept and goes out with the next send or flush";

    private final ReentrantLock lock = new ReentrantLock();
    private final Fd fd;
    private final Source.Bytes head = new Source.Bytes(new byte[FIRST_SCRATCH], 0, 0);
    private final Deque<Source> pending = new ArrayDeque<>(2);
    private volatile boolean midFrame;
    private boolean cut;
    private boolean mayEnlarge;

    FrameWriter(Fd fd, boolean isPipe) {
        this.fd = fd;
        this.mayEnlarge = isPipe;
    }

    /** Whether the rest of a frame is kept. */
    boolean isMidFrame() {
        return midFrame;
    }

    /** Sends a payload with the descriptors that go with its first byte. An exception of a source, here and below, is one of an earlier frame. */
    void send(byte[] data, int offset, int length, int[] descriptors, int count, Deadline deadline)
            throws InterruptedException, TimeoutException, IOException {
        lock(deadline);
        try {
            sendKept(deadline);
            int together = Math.min(length, TOGETHER);
            int start = begin(length, together);
            System.arraycopy(data, offset, head.array(), start, together);
            push(length > together ? new Source.Bytes(data, offset + together, offset + length) : null, descriptors, count, deadline);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what a source gives as one frame. */
    void send(Source source, Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        lock(deadline);
        try {
            sendKept(deadline);
            begin(source.left(), 0);
            push(source.left() > 0 ? source : null, NONE, 0, deadline);
        } finally {
            lock.unlock();
        }
    }

    /** One byte with descriptors, outside of any frame, as CPython's {@code reduction.send_handle} sends it. */
    void sendBare(int[] descriptors, Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        lock(deadline);
        try {
            sendKept(deadline);
            head.array()[0] = (byte) descriptors.length;
            head.set(head.array(), 0, 1);
            push(null, descriptors, descriptors.length, deadline);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is kept of a frame. */
    void flush(Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        lock(deadline);
        try {
            sendKept(deadline);
        } finally {
            lock.unlock();
        }
    }

    /** On the way to closing: as much of what is kept as goes without waiting. */
    void flushNow() throws IOException {
        if (!midFrame || !lock.tryLock()) {
            return;
        }
        try {
            Source source = pending.peek();
            while (source != null && writeKept(source) != Io.WOULD_BLOCK) {
                source = nextKept();
            }
        } finally {
            lock.unlock();
        }
    }

    private void lock(Deadline deadline) throws InterruptedException, TimeoutException {
        if (deadline == Deadline.NEVER) {
            lock.lockInterruptibly();
        } else if (!lock.tryLock(deadline.remaining(), TimeUnit.NANOSECONDS)) {
            throw late("another thread is sending, and nothing was sent");
        }
    }

    /** Writes the header, leaves room for the part of the payload that goes with it, and returns where that begins. */
    private int begin(long length, int together) {
        int start = length > Integer.MAX_VALUE ? LONG_HEADER : SHORT_HEADER;
        byte[] scratch = head.array();
        if (scratch.length < start + together) {
            scratch = new byte[Math.max(2 * scratch.length, start + together)];
        }
        if (start == LONG_HEADER) {
            put(scratch, 0, SHORT_HEADER, -1);
            put(scratch, SHORT_HEADER, LONG_HEADER, length);
        } else {
            put(scratch, 0, SHORT_HEADER, length);
        }
        head.set(scratch, 0, start + together);
        if (mayEnlarge && length > USUAL_PIPE - LONG_HEADER) {
            mayEnlarge = false;
            Io.enlarge(fd, LARGE_PIPE);
        }
        return start;
    }

    private static void put(byte[] target, int from, int to, long value) {
        long rest = value;
        for (int i = to - 1; i >= from; i--) {
            target[i] = (byte) rest;
            rest >>>= 8;
        }
    }

    private void push(Source body, int[] descriptors, int count, Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        boolean begun = false;
        boolean whole = false;
        try {
            if (count > 0) {
                int written;
                while ((written = Io.send(fd, head.array(), head.offset(), (int) head.left(), descriptors, count)) == Io.WOULD_BLOCK) {
                    awaitRoom(deadline);
                }
                begun = true;
                head.skip(written);
            }
            while (head.left() > 0) {
                if (head.writeTo(fd) == Io.WOULD_BLOCK) {
                    awaitRoom(deadline);
                } else {
                    begun = true;
                }
            }
            while (body != null && body.left() > 0) {
                if (body.writeTo(fd) == Io.WOULD_BLOCK) {
                    awaitRoom(deadline);
                }
            }
            whole = true;
        } catch (InterruptedException e) {
            whole = keepIf(begun, body);
            throw begun ? new SendInterruptedException("interrupted on " + fd + ": " + BEGUN) : e;
        } catch (TimeoutException e) {
            whole = keepIf(begun, body);
            throw begun ? new SendTimeoutException("no room on " + fd + " in time: " + BEGUN) : late("nothing was sent");
        } catch (OsException e) {
            // Of a stream that is gone the rest is of no use.
            whole = e instanceof BrokenPipeException || fd.isClosed() || keepIf(begun, body);
            throw e;
        } finally {
            cut |= begun && !whole;
        }
    }

    private boolean keepIf(boolean begun, Source body) {
        if (begun) {
            if (head.left() > 0) {
                pending.add(head.kept());
            }
            if (body != null && body.left() > 0) {
                pending.add(body.kept());
            }
            midFrame = !pending.isEmpty();
        }
        return true;
    }

    /** First what is kept of an earlier frame. */
    private void sendKept(Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        if (cut) {
            throw new IOException("an earlier message is cut");
        }
        Source source = pending.peek();
        while (source != null) {
            if (writeKept(source) == Io.WOULD_BLOCK) {
                awaitRoom(deadline);
            } else {
                source = nextKept();
            }
        }
    }

    private int writeKept(Source source) throws IOException {
        boolean whole = false;
        try {
            int written = source.writeTo(fd);
            whole = true;
            return written;
        } catch (OsException e) {
            whole = true;
            throw e;
        } finally {
            if (!whole) {
                cut = true;
                pending.clear();
                midFrame = false;
            }
        }
    }

    private Source nextKept() {
        if (pending.element().left() == 0) {
            pending.remove();
            midFrame = !pending.isEmpty();
        }
        return pending.peek();
    }

    private void awaitRoom(Deadline deadline) throws InterruptedException, TimeoutException {
        if (!fd.await(Fd.WRITABLE, deadline)) {
            throw late("an earlier message is not out yet, and nothing was sent of this one");
        }
    }

    private TimeoutException late(String state) {
        return new TimeoutException("no room on " + fd + " in time: " + state);
    }
}
