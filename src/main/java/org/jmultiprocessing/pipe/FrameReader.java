package org.jmultiprocessing.pipe;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jmultiprocessing.errors.BufferTooShortException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.Spin;

/**
 * Takes frames from a descriptor: a length of 4 bytes, or -1 and a length of 8, then the payload. Never reads past the frame, since two processes
 * may read from one end in turn. What has arrived of a frame when a wait is interrupted or late is kept for the next call.
 *
 * <p>Locked by the methods that receive; one thread receives at a time.
 */
final class FrameReader {
    /** The longest array that every JVM makes. */
    static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    /** Thrown for a length that is negative, absurd or over the limit: from here on the bytes cannot be told apart any more. */
    static final class BadLength extends Exception {
        private static final long serialVersionUID = 1L;

        BadLength(String message) {
            super(message, null, false, false);
        }
    }

    private static final int[] NONE = {};
    private static final int SHORT_HEADER = 4;
    private static final int LONG_HEADER = 12;
    private static final int CHUNK = 1 << 18;
    /** What a peer of our own process tree may make us allocate by a length alone, and what any other may. */
    private static final int TRUSTED_STEP = 1 << 28;
    private static final int STEP = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Spin spin = new Spin();
    private final Fd fd;
    private final int firstStep;
    private final byte[] header = new byte[LONG_HEADER];
    private final int[] received;
    private int headerGot;
    private long length = -1;
    private byte[] body;
    private int bodyGot;
    private long streamed;

    FrameReader(Fd fd, boolean carriesDescriptors, boolean trusted) {
        this.fd = fd;
        this.firstStep = trusted ? TRUSTED_STEP : STEP;
        this.received = carriesDescriptors ? new int[1 + Io.MAX_DESCRIPTORS] : new int[1];
    }

    /** Becomes the one that receives, and keeps the descriptor open until {@link #unlock}. */
    void lock(Deadline deadline) throws InterruptedException, TimeoutException {
        if (deadline == Deadline.NEVER) {
            lock.lockInterruptibly();
        } else if (!lock.tryLock(deadline.remaining(), TimeUnit.NANOSECONDS)) {
            throw late();
        }
        boolean open = false;
        try {
            fd.acquire();
            open = true;
        } finally {
            if (!open) {
                lock.unlock();
            }
        }
    }

    void unlock() {
        fd.release();
        lock.unlock();
    }

    /** Whether part of a frame has been taken and its rest not; exact when nobody is receiving. */
    boolean isMidFrame() {
        return headerGot > 0;
    }

    /** The next payload as an array; with the lock held. */
    byte[] array(long limit, Deadline deadline) throws InterruptedException, TimeoutException, BadLength {
        byte[] whole = complete(limit, deadline);
        finish();
        return whole;
    }

    /** A payload and the descriptors that came with it, which belong to whoever has this. */
    record Message(byte[] payload, int[] descriptors) { }

    /** The next payload with its descriptors; with the lock held. */
    Message message(long limit, Deadline deadline) throws InterruptedException, TimeoutException, BadLength {
        Message message = new Message(complete(limit, deadline), takeDescriptors());
        finish();
        return message;
    }

    private byte[] complete(long limit, Deadline deadline) throws InterruptedException, TimeoutException, BadLength {
        int size = begin(limit, deadline);
        if (body == null) {
            body = new byte[Math.min(size, firstStep)];
        }
        while (bodyGot < size) {
            if (bodyGot == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(size, 4L * body.length));
            }
            bodyGot += read(body, bodyGot, body.length - bodyGot, deadline);
        }
        return body;
    }

    /** The next payload into the caller's array; with the lock held. Returns its length. */
    int into(byte[] target, int offset, long limit, Deadline deadline) throws InterruptedException, TimeoutException, BadLength {
        int size = begin(limit, deadline);
        int room = target.length - offset;
        if (size > room || body != null) {
            byte[] whole = array(limit, deadline);
            if (size > room) {
                throw new BufferTooShortException("the message has " + size + " bytes, the buffer has room for " + room, whole);
            }
            System.arraycopy(whole, 0, target, offset, size);
            return size;
        }
        int got = 0;
        try {
            while (got < size) {
                got += read(target, offset + got, size - got, deadline);
            }
        } catch (InterruptedException | TimeoutException e) {
            if (got > 0) {
                body = Arrays.copyOfRange(target, offset, offset + got);
                bodyGot = got;
            }
            throw e;
        }
        finish();
        return size;
    }

    /** The next payload to a stream, however long; with the lock held. Returns its length. */
    long stream(OutputStream out, long limit, Deadline deadline) throws InterruptedException, TimeoutException, BadLength, IOException {
        long whole = header(limit, deadline);
        if (body != null) {
            byte[] first = body;
            body = null;
            streamed = bodyGot;
            out.write(first, 0, bodyGot);
        }
        byte[] chunk = new byte[(int) Math.min(CHUNK, whole - streamed)];
        while (streamed < whole) {
            int count = read(chunk, 0, (int) Math.min(chunk.length, whole - streamed), deadline);
            streamed += count;
            out.write(chunk, 0, count);
        }
        finish();
        return whole;
    }

    private int[] takeDescriptors() {
        int count = received[0];
        received[0] = 0;
        return count == 0 ? NONE : Arrays.copyOfRange(received, 1, 1 + count);
    }

    /** One byte with descriptors, outside of any frame, as CPython's {@code reduction.send_handle} sends it; with the lock held. */
    int[] bareDescriptors(Deadline deadline) throws InterruptedException, TimeoutException {
        if (headerGot > 0) {
            throw new IllegalStateException(fd + " has received part of a message: receive it first");
        }
        byte[] one = new byte[1];
        if (receive(one, 0, 1, true, deadline) == 0) {
            throw ended();
        }
        int[] descriptors = takeDescriptors();
        if (descriptors.length == 0 || descriptors.length != (one[0] & 0xff)) {
            Io.close(descriptors, 0, descriptors.length);
            throw new OsException("receive a descriptor from", fd.toString(), "", "Invalid data received: the other end sent none");
        }
        return descriptors;
    }

    private int begin(long limit, Deadline deadline) throws InterruptedException, TimeoutException, BadLength {
        long size = header(limit, deadline);
        if (streamed > 0) {
            throw new IllegalStateException(fd + " is in the middle of a message, at byte " + streamed + " of " + size
                    + ", of which a stream has the rest: go on with large().receiveTo");
        }
        if (size > MAX_ARRAY) {
            throw new IllegalStateException("the message of " + size + " bytes on " + fd + " is longer than an array:"
                    + " receive it by large().receiveTo");
        }
        return (int) size;
    }

    /** Completes the header and returns the payload's length. */
    private long header(long limit, Deadline deadline) throws InterruptedException, TimeoutException, BadLength {
        if (length < 0) {
            readHeader(SHORT_HEADER, deadline);
            long size = number(0, SHORT_HEADER);
            if ((int) size == -1) {
                readHeader(LONG_HEADER, deadline);
                size = number(SHORT_HEADER, LONG_HEADER);
            } else {
                size = (int) size;
            }
            if (size < 0) {
                throw new BadLength(Long.toString(size));
            }
            length = size;
        }
        if (length > limit) {
            throw new BadLength(length + " bytes, at most " + limit + " are allowed");
        }
        return length;
    }

    private long number(int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 8 | header[i] & 0xff;
        }
        return value;
    }

    private void readHeader(int size, Deadline deadline) throws InterruptedException, TimeoutException {
        while (headerGot < size) {
            int count = receive(header, headerGot, size - headerGot, headerGot == 0 && received.length > 1, deadline);
            if (count == 0) {
                throw headerGot == 0 ? ended() : cut();
            }
            headerGot += count;
        }
    }

    private int read(byte[] buffer, int offset, int size, Deadline deadline) throws InterruptedException, TimeoutException {
        int count = receive(buffer, offset, size, false, deadline);
        if (count == 0) {
            throw cut();
        }
        return count;
    }

    private int receive(byte[] buffer, int offset, int size, boolean descriptors, Deadline deadline) throws InterruptedException, TimeoutException {
        try {
            int count = receiveNow(buffer, offset, size, descriptors, 0);
            if (count == Io.WOULD_BLOCK && deadline != Deadline.NOW) {
                long nanos = spin.next();
                if (nanos > 0) {
                    count = receiveNow(buffer, offset, size, descriptors, nanos);
                    spin.after(count != Io.WOULD_BLOCK);
                }
            }
            while (count == Io.WOULD_BLOCK) {
                if (!fd.await(Fd.READABLE, deadline)) {
                    throw late();
                }
                count = receiveNow(buffer, offset, size, descriptors, 0);
            }
            if (count == 0 && fd.isClosed()) {
                throw fd.closed();
            }
            return count;
        } catch (OsException e) {
            finish();
            if (e.errnoName().equals("EMSGSIZE")) {
                // The bytes are consumed, their descriptors found no room in this process: the beginning of a message is lost.
                fd.close();
            }
            throw e;
        }
    }

    private int receiveNow(byte[] buffer, int offset, int size, boolean descriptors, long spinNanos) {
        return descriptors ? Io.receive(fd, buffer, offset, size, received, spinNanos) : Io.read(fd, buffer, offset, size, spinNanos);
    }

    private TimeoutException late() {
        return new TimeoutException(isMidFrame() ? "the time is over in the middle of a message on " + fd + "; what has come is kept"
                : "no message on " + fd + " in time");
    }

    private EndOfStreamException ended() {
        return new EndOfStreamException("the other end of " + fd + " is closed and nothing is left to receive");
    }

    private OsException cut() {
        finish();
        return new OsException("receive from", fd.toString(), "", "got end of file during message");
    }

    /** Forgets the frame under way; descriptors of it that nobody took are closed. */
    private void finish() {
        Io.close(received, 1, 1 + received[0]);
        received[0] = 0;
        headerGot = 0;
        length = -1;
        body = null;
        bodyGot = 0;
        streamed = 0;
    }

    /** Lets go of what a frame under way holds, unless somebody is receiving, who then does so on the way out. */
    void discard() {
        if (lock.tryLock()) {
            try {
                finish();
            } finally {
                lock.unlock();
            }
        }
    }
}
