package org.jmultiprocessing.errors;

import java.util.Optional;

/** A manager's server cannot be used: it did not start, has ended, was shut down, or cannot be reached; Python raises several errors for these. */
public final class ManagerException extends ProcessException {
    private static final long serialVersionUID = 1L;

    private final ExitStatus exitStatus;

    /**
     * @param message which manager, and what is the matter with it
     * @param exitStatus how its server process ended; null if that is not known
     * @param cause the failure behind it, may be null
     */
    public ManagerException(String message, ExitStatus exitStatus, Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    /** @return how the server process ended, if it has, and this process or another one of its tree that still runs has started it */
    public Optional<ExitStatus> exitStatus() {
        return Optional.ofNullable(exitStatus);
    }
}
