package org.jmultiprocessing.spi;

/**
 * Where a {@link Transferable} writes what another process needs to rebuild it. Belongs to one message and one thread; invalid once
 * {@link Transferable#writeTransfer} has returned.
 */
public interface TransferOutput {
    /** @param value four bytes to carry */
    void writeInt(int value);

    /** @param value eight bytes to carry */
    void writeLong(long value);

    /** @param value text to carry, not null */
    void writeString(String value);

    /** @param value bytes to carry, copied, not null */
    void writeBytes(byte[] value);

    /**
     * Sends a duplicate of an open descriptor along. The caller keeps its own and may close it as soon as this method has returned. Where the carrier
     * takes bytes only but stays within the process tree (a one-way pipe), the duplicate waits with the tree's tracker until the message is read.
     *
     * @param fd an open descriptor of this process
     * @throws org.jmultiprocessing.errors.SerializationException if this carrier takes bytes only (TCP, a pipe that leaves the tree), or
     *         takes them only and there is no tracker
     */
    void writeDescriptor(int fd);
}
