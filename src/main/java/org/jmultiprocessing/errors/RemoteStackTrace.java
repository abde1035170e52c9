package org.jmultiprocessing.errors;

/** The cause of an exception that came from another process: where it was thrown there, as text. Python's {@code RemoteTraceback}. */
public final class RemoteStackTrace extends ProcessException {
    private static final long serialVersionUID = 1L;

    /** @param text the stack trace as the other process printed it */
    public RemoteStackTrace(String text) {
        super(text, null);
        setStackTrace(new StackTraceElement[0]);
    }
}
