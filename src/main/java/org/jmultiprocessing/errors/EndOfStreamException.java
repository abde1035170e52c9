package org.jmultiprocessing.errors;

/** Nothing is left to receive and the other end is closed; Python's {@code EOFError}. */
public final class EndOfStreamException extends ProcessException {
    private static final long serialVersionUID = 1L;

    /** @param message which connection ended */
    public EndOfStreamException(String message) {
        super(message);
    }
}
