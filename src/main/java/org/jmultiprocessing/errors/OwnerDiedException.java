package org.jmultiprocessing.errors;

/** The process that held a lock died, and may have left half done what the lock protects. The caller does not hold the lock. */
public class OwnerDiedException extends ProcessException {
    private static final long serialVersionUID = 1L;

    private final long pid;

    /**
     * @param message which lock, and what to do
     * @param pid of the process that died
     */
    public OwnerDiedException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /** @return the id of the process that died; by now another process may have it */
    public final long pid() {
        return pid;
    }
}
