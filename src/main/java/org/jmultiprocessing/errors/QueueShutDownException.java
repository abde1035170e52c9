package org.jmultiprocessing.errors;

/**
 * A queue was shut down: nothing can be put in any more, and nothing is left to get, or was thrown away; Python's {@code queue.ShutDown}. It stays
 * so, for all processes.
 */
public final class QueueShutDownException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** @param message which queue, and what was tried */
    public QueueShutDownException(String message) {
        super(message);
    }
}
