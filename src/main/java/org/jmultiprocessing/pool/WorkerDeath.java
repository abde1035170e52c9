package org.jmultiprocessing.pool;

import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.WorkerDiedException;
import org.jmultiprocessing.process.Process;

/** What can be said about the end of a worker. */
final class WorkerDeath {
    private WorkerDeath() { }

    static WorkerDiedException of(Process process, ExitStatus status) {
        long pid = process.pid().orElse(0);
        StringBuilder text = new StringBuilder("worker ").append(process.name()).append(" (pid ").append(pid).append(") ");
        if (status.signalName().isEmpty()) {
            text.append("exited with code ").append(status.code()).append(" before its task had a result");
            if (status.code() == 0 || status.code() == 1) {
                text.append("; its stderr may say why");
            }
        } else {
            text.append("was ended by ").append(status.signalName()).append(" before its task had a result").append(hint(status, pid));
        }
        return new WorkerDiedException(text.toString(), process.name(), pid, status);
    }

    private static String hint(ExitStatus status, long pid) {
        switch (status.signalName()) {
            case "SIGKILL":
                return "; if nobody killed it, the kernel did because memory ran out: give workers less work at once, or the machine more memory";
            case "SIGSEGV":
            case "SIGBUS":
            case "SIGILL":
            case "SIGABRT":
            case "SIGFPE":
                return "; the JVM crashed, its hs_err_pid" + pid + ".log says where";
            default:
                return "";
        }
    }
}
