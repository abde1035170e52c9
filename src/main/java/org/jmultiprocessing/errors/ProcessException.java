package org.jmultiprocessing.errors;

/**
 * Root of what this library throws. All of it is unchecked; waits that are interrupted throw {@link InterruptedException}, and mistakes about
 * state or arguments are the JDK's {@link IllegalStateException} and {@link IllegalArgumentException} (Python's {@code AssertionError} and
 * {@code ValueError}). Mirrors {@code multiprocessing.ProcessError}.
 */
public class ProcessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what went wrong, with which object, and what to do */
    public ProcessException(String message) {
        super(message);
    }

    /**
     * @param message what went wrong, with which object, and what to do
     * @param cause the failure behind it
     */
    public ProcessException(String message, Throwable cause) {
        super(message, cause);
    }
}
