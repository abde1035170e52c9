package org.jmultiprocessing.pipe;

import java.util.Arrays;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.Sockets;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.spi.Codec;

/** An object on its way out: its bytes, and duplicates of the descriptors that it consists of, which end with this. Belongs to one thread. */
final class Outgoing implements DescriptorCarrier, AutoCloseable {
    static final int[] NO_DESCRIPTORS = {};

    private int[] descriptors = NO_DESCRIPTORS;
    private int count;
    private WireOutput output;

    private Outgoing() { }

    static Outgoing encode(Object value, Connection connection, Codec codec) {
        Outgoing message = new Outgoing();
        DescriptorCarrier carrier = carrier(connection, message);
        boolean complete = false;
        try {
            message.output = new WireOutput(carrier);
            codec.encode(value, message.output);
            complete = true;
            return message;
        } finally {
            if (!complete) {
                message.close();
            }
        }
    }

    private static DescriptorCarrier carrier(Connection connection, Outgoing message) {
        if (connection.isUnixSocket()) {
            return message;
        }
        boolean withinTree = connection.kind() == Sockets.Kind.PIPE && connection.isTrusted();
        return withinTree ? DescriptorCarrier.depositing(connection.toString()) : DescriptorCarrier.bytesOnly(connection.toString());
    }

    @Override
    public int add(int fd) {
        if (count == Io.MAX_DESCRIPTORS) {
            throw new SerializationException("one message carries at most " + Io.MAX_DESCRIPTORS
                    + " descriptors: send the objects in several messages");
        }
        if (count == descriptors.length) {
            descriptors = Arrays.copyOf(descriptors, Math.max(4, 2 * count));
        }
        descriptors[count] = Io.duplicate(fd);
        return count++;
    }

    byte[] bytes() {
        return output.array();
    }

    int length() {
        return output.length();
    }

    int[] descriptors() {
        return descriptors;
    }

    int count() {
        return count;
    }

    /** Closes the duplicates: what was sent has its own. */
    @Override
    public void close() {
        Io.close(descriptors, 0, count);
        count = 0;
    }
}
