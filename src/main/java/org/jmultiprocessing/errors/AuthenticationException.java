package org.jmultiprocessing.errors;

/** A peer failed to prove that it has the key; Python's {@code multiprocessing.AuthenticationError}. */
public final class AuthenticationException extends ProcessException {
    private static final long serialVersionUID = 1L;

    /** @param message Python's text, such as {@code digest received was wrong} */
    public AuthenticationException(String message) {
        super(message);
    }
}
