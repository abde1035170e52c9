package org.jmultiprocessing.internal.wire;

import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.registry.Tree;

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
     * Writes into the message which descriptor is meant.
     *
     * @param fd an open descriptor, of which a duplicate travels
     * @param out the message
     * @throws SerializationException if this carrier takes bytes only
     */
    default void write(int fd, WireOutput out) {
        out.writeVar(add(fd));
    }

    /**
     * @param carrier what carries the message, as it should be called in an error: {@code "a one-way pipe"}
     * @return a carrier of bytes between processes of this user: the descriptors wait with the tracker until the message is read, so that the sender
     *         may be gone by then
     */
    static DescriptorCarrier depositing(String carrier) {
        return new Depositing(carrier);
    }

    /**
     * @param carrier what carries the message, as it should be called in an error: {@code "a one-way pipe"}
     * @return a carrier that refuses every descriptor
     */
    static DescriptorCarrier bytesOnly(String carrier) {
        return new BytesOnly(carrier);
    }

    /** Writes tree and token instead of an index. A class, not a lambda, as below. */
    record Depositing(String carrier) implements DescriptorCarrier {
        @Override
        public int add(int fd) {
            throw new IllegalStateException("a deposited descriptor has no index");
        }

        @Override
        public void write(int fd, WireOutput out) {
            Tree tree = Tree.current();
            byte[] token;
            try {
                token = tree.deposit(fd);
            } catch (OsException e) {
                throw new SerializationException("it stands for an open descriptor, which " + carrier + " cannot carry and the tracker did not take: "
                        + e.getMessage() + ". Send it over a Unix socket (Pipe.duplex()) or pass it as an argument of the process", e);
            }
            out.writeVar(ReceivedDescriptors.DEPOSITED);
            out.writeString(tree.id());
            out.writeBytes(token);
        }
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
