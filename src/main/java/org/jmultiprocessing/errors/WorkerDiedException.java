package org.jmultiprocessing.errors;

/**
 * The worker of a pool that ran this task ended before it had a result: it was killed, crashed, or the task ended the process. Only this task fails;
 * the pool has another worker by now. The message has a hint where there is one.
 */
public class WorkerDiedException extends ProcessException {
    private static final long serialVersionUID = 1L;

    private final String workerName;
    private final long pid;
    private final ExitStatus status;

    /**
     * @param message which worker, how it ended, and what may be behind it
     * @param workerName the process's name
     * @param pid its id
     * @param status how it ended
     */
    public WorkerDiedException(String message, String workerName, long pid, ExitStatus status) {
        super(message);
        this.workerName = workerName;
        this.pid = pid;
        this.status = status;
    }

    /** @return the name of the worker's process */
    public final String workerName() {
        return workerName;
    }

    /** @return the id of the process that ended; by now another process may have it */
    public final long pid() {
        return pid;
    }

    /** @return how it ended, with the name of the signal if there was one */
    public final ExitStatus status() {
        return status;
    }
}
