package org.jmultiprocessing.errors;

import java.io.Serializable;
import java.util.Objects;

/**
 * How a process ended: by an exit code, or by a signal.
 *
 * @param code the exit code, 0 to 255, or {@code -N} for a process that signal N ended, as Python's {@code Process.exitcode}
 * @param signalName the signal's name such as {@code SIGKILL}, empty for a process that exited
 * @param coreDumped whether the kernel says that it wrote a core file
 */
public record ExitStatus(int code, String signalName, boolean coreDumped) implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * Checks its parts.
     *
     * @param code 0 to 255, or -N
     * @param signalName the signal's name, or empty
     * @param coreDumped whether a core file was written
     * @throws NullPointerException if {@code signalName} is null
     */
    public ExitStatus {
        Objects.requireNonNull(signalName, "signalName");
    }

    /**
     * @param code 0 to 255
     * @return the status of a process that exited with {@code code}
     */
    public static ExitStatus exited(int code) {
        return new ExitStatus(code, "", false);
    }

    /**
     * @param number the platform's number of the signal
     * @param name its name, such as {@code SIGSEGV}
     * @param coreDumped whether a core file was written
     * @return the status of a process that a signal ended
     */
    public static ExitStatus signaled(int number, String name, boolean coreDumped) {
        return new ExitStatus(-number, name, coreDumped);
    }

    /** @return whether the process exited with code 0 */
    public boolean isSuccess() {
        return code == 0;
    }

    /** @return as Python's {@code repr} of a process shows it: {@code 1} or {@code -SIGKILL} */
    @Override
    public String toString() {
        return signalName.isEmpty() ? Integer.toString(code) : "-" + signalName;
    }
}
