package org.jmultiprocessing.internal.wire;

import org.jmultiprocessing.errors.SerializationException;

/** Takes the descriptors that travel along with a message. Belongs to one message and one thread. */
public interface DescriptorCarrier {
    /**
     * Adds a duplicate of a descriptor, so that the caller may close its own afterwards.
     *
     * @param fd an open descriptor
     * @return its index among the descriptors of this message, counted from 0
     * @throws SerializationException if this carrier takes bytes only
     */
    int add(int fd);

    /**
     * @param carrier what carries the message, as it should be called in an error: {@code "a one-way pipe"}
     * @return a carrier that refuses every descriptor
     */
    static DescriptorCarrier bytesOnly(String carrier) {
        return new BytesOnly(carrier);
    }

    /** Refuses. A class, not a lambda: each child that sends makes one, and its first lambda would take it milliseconds. */
    record BytesOnly(String carrier) implements DescriptorCarrier {
        @Override
        public int add(int fd) {
            throw new SerializationException("it stands for an open descriptor, and " + carrier
                + " carries bytes only: send it over a Unix socket (Pipe.duplex()) or pass it as an argument of the process");
        }
    }
}
