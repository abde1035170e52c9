package org.jmultiprocessing.errors;

/** A write to a connection whose other end is closed or dead ({@code EPIPE}, {@code ECONNRESET}); Python's {@code BrokenPipeError}. */
public final class BrokenPipeException extends OsException {
    private static final long serialVersionUID = 1L;

    /**
     * @param operation the operation that failed
     * @param object the connection
     * @param errnoName the symbolic errno
     * @param detail the system's text for it
     */
    public BrokenPipeException(String operation, String object, String errnoName, String detail) {
        super(operation, object, errnoName, detail);
    }
}
