package org.jmultiprocessing.pool;

import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.WorkerDiedException;
import org.jmultiprocessing.internal.os.MemoryCgroup;
import org.jmultiprocessing.process.Process;

/** What can be said about the end of a worker. */
final class WorkerDeath {
    private WorkerDeath() { }

    /** @param oomKills what {@link MemoryCgroup#oomKills} said when the worker was started */
    static WorkerDiedException of(Process process, ExitStatus status, long oomKills) {
        long pid = process.pid().orElse(0);
        StringBuilder text = new StringBuilder("worker ").append(process.name()).append(" (pid ").append(pid).append(") ");
        if (status.signalName().isEmpty()) {
            text.append("exited with code ").append(status.code()).append(" before its task had a result");
            if (status.code() == 0 || status.code() == 1) {
                text.append("; its stderr may say why");
            }
        } else {
            text.append("was ended by ").append(status.signalName()).append(" before its task had a result").append(hint(status, pid, oomKills));
        }
        return new WorkerDiedException(text.toString(), process.name(), pid, status);
    }

    private static String hint(ExitStatus status, long pid, long oomKills) {
        switch (status.signalName()) {
            case "SIGKILL":
                return killHint(oomKills, MemoryCgroup.oomKills());
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

    private static String killHint(long before, long after) {
        if (before >= 0 && after > before) {
            return "; the kernel has killed " + (after - before) + " of this memory cgroup since the worker was started, because memory ran out:"
                    + " use fewer workers, smaller heaps (-Xmx), or raise the cgroup's limit";
        }
        return after >= 0 ? "; somebody killed it: the kernel has counted no process of this memory cgroup that it killed for want of memory"
                : "; if nobody killed it, the kernel did because memory ran out: use fewer workers, or smaller heaps (-Xmx)";
    }
}
