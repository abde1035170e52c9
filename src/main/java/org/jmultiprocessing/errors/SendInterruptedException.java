package org.jmultiprocessing.errors;

/**
 * A send was interrupted in the middle of its message. The rest of the message is kept and goes out before anything else does, so it is not to be
 * sent again. If nothing of a message has gone out, its send throws an {@link InterruptedException} that is none of these.
 */
public final class SendInterruptedException extends InterruptedException {
    private static final long serialVersionUID = 1L;

    /** @param message which connection, and what happens to the rest */
    public SendInterruptedException(String message) {
        super(message);
    }
}
