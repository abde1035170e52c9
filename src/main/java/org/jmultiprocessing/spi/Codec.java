package org.jmultiprocessing.spi;

/**
 * Turns values into the bytes of a message and back. The library's own codec serves Java on both sides; another one can speak a language that a
 * peer written in something else understands.
 *
 * <p>A codec may be used by several threads at once, each with a message of its own.
 */
public interface Codec {
    /**
     * Writes a value. Called in the thread that sends; an exception reaches that caller and nothing is sent.
     *
     * @param value what is sent, may be null
     * @param out the message under way; what is written to it is all that the peer gets, nothing is added
     * @throws org.jmultiprocessing.errors.SerializationException if the value cannot be written: names the path to the culprit
     */
    void encode(Object value, Output out);

    /**
     * Reads a value.
     *
     * @param in the message; what is left of it afterwards is ignored
     * @return the value, may be null
     * @throws org.jmultiprocessing.errors.SerializationException if the bytes are not a value or may not become one
     */
    Object decode(Input in);

    /** A message being written. {@link Transferable#writeTransfer} can write to it too. Belongs to one message and one thread. */
    interface Output extends TransferOutput {
        /**
         * Adds bytes as they are, without their length ({@link #writeBytes} writes that too).
         *
         * @param bytes holds what to add, copied
         * @param offset where it begins
         * @param length how many bytes
         */
        void write(byte[] bytes, int offset, int length);
    }

    /** A message being read. {@link Transferable.Reader} can read from it too. Belongs to one message and one thread. */
    interface Input extends TransferInput {
        /** @return how many bytes are left to read */
        int remaining();

        /**
         * Takes bytes as they are.
         *
         * @param target where they go
         * @param offset where they begin there
         * @param length how many
         * @throws org.jmultiprocessing.errors.SerializationException if fewer are left
         */
        void read(byte[] target, int offset, int length);
    }
}
