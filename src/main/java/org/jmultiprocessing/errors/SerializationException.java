package org.jmultiprocessing.errors;

/** A value that cannot be written for another process, or bytes that cannot or may not be turned into one; Python's {@code PicklingError}. */
public class SerializationException extends ProcessException {
    private static final long serialVersionUID = 1L;

    /** @param message the path to the culprit and what to do */
    public SerializationException(String message) {
        super(message);
    }

    /**
     * @param message the path to the culprit and what to do
     * @param cause the failure behind it
     */
    public SerializationException(String message, Throwable cause) {
        super(message, cause);
    }
}
