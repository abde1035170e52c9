package org.jmultiprocessing.errors;

/** A pool cannot have workers: the initializer fails, or they end before they can begin. The cause says why. All its tasks fail with this. */
public class BrokenPoolException extends ProcessException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what failed, and what to do
     * @param cause the failure behind it
     */
    public BrokenPoolException(String message, Throwable cause) {
        super(message, cause);
    }
}
