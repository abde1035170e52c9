package org.jmultiprocessing.errors;

/** A message did not fit into the buffer offered; Python's {@code multiprocessing.BufferTooShort}. The message is not lost. */
public final class BufferTooShortException extends ProcessException {
    private static final long serialVersionUID = 1L;

    private final transient byte[] received;

    /**
     * @param message how long the message is and how much room there was
     * @param received the complete message; kept, not copied
     */
    public BufferTooShortException(String message, byte[] received) {
        super(message);
        this.received = received;
    }

    /** @return the complete message (empty in an exception that came from another process) */
    public byte[] received() {
        return received == null ? new byte[0] : received.clone();
    }
}
