package org.jmultiprocessing.errors;

/** An operation that the operating system refused; Python's {@code OSError}. Says the operation, the object and the errno by name. */
public class OsException extends ProcessException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final String errnoName;

    /**
     * @param operation the system call or step that failed, such as {@code "shm_open"} or {@code "exec"}
     * @param object what it was applied to, such as a path or {@code "fd 7"}; may be empty
     * @param errnoName the symbolic errno, such as {@code "ENOSPC"}; empty where the library itself refused
     * @param detail the system's text for it, or the library's, with the remedy where there is one
     */
    public OsException(String operation, String object, String errnoName, String detail) {
        super(text(operation, object, errnoName, detail));
        this.operation = operation;
        this.errnoName = errnoName;
    }

    private static String text(String operation, String object, String errnoName, String detail) {
        String subject = object.isEmpty() ? operation : operation + " " + object;
        return errnoName.isEmpty() ? subject + ": " + detail : subject + ": " + detail + " (" + errnoName + ")";
    }

    /** @return the system call or step that failed */
    public final String operation() {
        return operation;
    }

    /** @return the symbolic errno such as {@code "ENOENT"}; empty where the library itself refused */
    public final String errnoName() {
        return errnoName;
    }
}
