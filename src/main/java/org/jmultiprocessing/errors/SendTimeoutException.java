package org.jmultiprocessing.errors;

import java.util.concurrent.TimeoutException;

/**
 * The time of a send was over in the middle of its message. The rest of the message is kept and goes out before anything else does, so it is not to
 * be sent again. If nothing of a message has gone out, its send throws a {@link TimeoutException} that is none of these.
 */
public final class SendTimeoutException extends TimeoutException {
    private static final long serialVersionUID = 1L;

    /** @param message which connection, and what happens to the rest */
    public SendTimeoutException(String message) {
        super(message);
    }
}
