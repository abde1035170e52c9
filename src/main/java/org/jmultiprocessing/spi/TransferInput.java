package org.jmultiprocessing.spi;

/** The receiving side of {@link TransferOutput}: reads in the order in which was written. Belongs to one message and one thread. */
public interface TransferInput {
    /** @return the next int */
    int readInt();

    /** @return the next long */
    long readLong();

    /** @return the next text */
    String readString();

    /** @return the next bytes */
    byte[] readBytes();

    /** @return the next descriptor, close-on-exec, now owned by the caller */
    int readDescriptor();

    /**
     * Whether what the message says about itself may be believed.
     *
     * @return true if it comes from a process of this one's own tree; false for any other peer, whose bytes a reader has to doubt
     */
    boolean isFromOwnTree();
}
