package org.jmultiprocessing.errors;

import java.util.NoSuchElementException;

/** There was nothing in a queue, or nothing in time; Python's {@code queue.Empty}. */
public final class QueueEmptyException extends NoSuchElementException {
    private static final long serialVersionUID = 1L;

    /** @param message which queue */
    public QueueEmptyException(String message) {
        super(message);
    }
}
