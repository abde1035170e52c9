package org.jmultiprocessing.errors;

/** There was no room in a queue, or none in time; Python's {@code queue.Full}. The message is not in the queue. */
public final class QueueFullException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** @param message which queue, its bounds, and what helps */
    public QueueFullException(String message) {
        super(message);
    }
}
