package org.jmultiprocessing.errors;

/**
 * What another process threw, when the exception itself could not travel: it does not serialize, or its class is not known here. Its cause is the
 * {@link RemoteStackTrace}. Python's {@code RemoteError}.
 */
public final class RemoteException extends ProcessException {
    private static final long serialVersionUID = 1L;

    private final String className;

    /**
     * @param className the class of the exception in the other process
     * @param message its message there, may be null
     * @param trace its stack trace as the other process would print it
     */
    public RemoteException(String className, String message, String trace) {
        super(message == null ? className : className + ": " + message, new RemoteStackTrace(trace));
        this.className = className;
    }

    /** @return the name of the exception's class in the other process */
    public String className() {
        return className;
    }
}
