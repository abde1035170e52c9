package org.jmultiprocessing.manager;

import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * Whole messages between a client and a server: a length of four bytes, big-endian, then as many. Buffers are used again and again: a message that
 * came is good until the next is received. One thread sends and one receives at a time.
 */
final class Channel implements AutoCloseable {
    private static final int HEADER = 4;
    private static final int FIRST = 1 << 10;
    /** A buffer that grew beyond this is not kept for the next message. */
    private static final int KEPT = 1 << 20;

    private volatile Transport transport;
    private final DescriptorCarrier carrier;
    private final long limit;
    private WireOutput out;
    private byte[] in = new byte[FIRST];
    private int start;
    private int end;

    /**
     * @param transport carries it
     * @param carrier takes descriptors that are in values
     * @param limit the longest message that is received
     */
    Channel(Transport transport, DescriptorCarrier carrier, long limit) {
        this.transport = transport;
        this.carrier = carrier;
        this.limit = limit;
        this.out = new WireOutput(carrier);
    }

    /** A channel that goes on where this one ends, once one knows what the other side may do. */
    Channel following(DescriptorCarrier newCarrier, long newLimit) {
        Channel next = new Channel(transport, newCarrier, newLimit);
        next.in = Arrays.copyOf(in, Math.max(FIRST, end));
        next.start = start;
        next.end = end;
        return next;
    }

    /** Starts a message; {@link #send} ends it. */
    WireOutput begin() {
        if (out.array().length > KEPT) {
            out = new WireOutput(carrier);
        }
        out.truncate(0);
        out.writeInt(0);
        return out;
    }

    /** Sends what was written since {@link #begin}. Blocks while there is no room; an interrupt does not end that. */
    void send() {
        out.setInt(0, out.length() - HEADER);
        transport.write(out.array(), 0, out.length());
    }

    /**
     * Receives a message. What has come of one when the wait is interrupted or late is kept for the next call.
     *
     * @return the message, good until the next call
     * @throws EndOfStreamException if the other side is gone
     */
    WireInput receive(Deadline deadline) throws InterruptedException, TimeoutException {
        if (start == end) {
            start = 0;
            end = 0;
            if (in.length > KEPT) {
                in = new byte[FIRST];
            }
        }
        int missing = missing();
        while (missing > 0) {
            makeRoom(missing);
            int count = transport.read(in, end, in.length - end, deadline);
            if (count == 0) {
                throw new EndOfStreamException("the other side has closed the connection");
            }
            end += count;
            missing = missing();
        }
        int at = start + HEADER;
        start = at + length();
        return new WireInput(in, at, start - at, null);
    }

    /** Whether waits for what comes next begin awake. */
    void insist(boolean awake) {
        transport.insist(awake);
    }

    /** The socket that this goes over; null if it is not a plain one. */
    FdTransport socket() {
        return transport instanceof FdTransport socket ? socket : null;
    }

    /** Goes on over another transport, which owns the one before. Called between messages by the thread that sends and receives. */
    void goOn(Transport next) {
        transport = next;
    }

    /** See {@link Transport#isPeerThere}. */
    boolean isPeerThere() {
        return transport.isPeerThere();
    }

    private int length() {
        return (in[start] & 0xFF) << 24 | (in[start + 1] & 0xFF) << 16 | (in[start + 2] & 0xFF) << 8 | in[start + 3] & 0xFF;
    }

    /** How many bytes the message still needs, as far as that is known. */
    private int missing() {
        int have = end - start;
        if (have < HEADER) {
            return HEADER - have;
        }
        int length = length();
        if (length < 0 || length > limit || length > Integer.MAX_VALUE - 16 - HEADER) {
            throw new OsException("receive from", "a manager's connection", "", "bad message length: " + length + ", at most " + limit
                    + " are allowed");
        }
        return HEADER + length - have;
    }

    /** Makes room for some of it: no more is allocated for a length that is only announced than four times what has come. */
    private void makeRoom(int missing) {
        if (in.length - end >= missing) {
            return;
        }
        int have = end - start;
        int wanted = (int) Math.min((long) have + missing, Math.max(4L * have, KEPT));
        if (wanted <= in.length) {
            System.arraycopy(in, start, in, 0, have);
        } else {
            byte[] larger = new byte[wanted];
            System.arraycopy(in, start, larger, 0, have);
            in = larger;
        }
        start = 0;
        end = have;
    }

    @Override
    public void close() {
        transport.close();
    }
}
