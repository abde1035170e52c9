package org.jmultiprocessing.process;

import java.time.Duration;
import java.util.Optional;
import org.jmultiprocessing.internal.launch.LifeLine;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.spi.Waitable;

/**
 * The process that started this one ({@code multiprocessing.parent_process}). When it ends, this process is ended too, within a second; waiting
 * for it serves those who have something to do in that second.
 */
public final class ParentProcess implements Waitable {
    private ParentProcess() { }

    /** @return the parent; empty in a process that this library did not start */
    public static Optional<ParentProcess> get() {
        return LifeLine.parent() == null ? Optional.empty() : Optional.of(new ParentProcess());
    }

    /** @return its process id */
    public long pid() {
        return ThisProcess.parentPid();
    }

    /** @return its name when this process was started */
    public String name() {
        return ThisProcess.parentName();
    }

    /** @return whether it still runs */
    public boolean isAlive() {
        return LifeLine.isParentAlive();
    }

    /**
     * Blocks until it has ended. Interruptible.
     *
     * @param timeout how long; null for ever
     * @return whether it has ended
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean join(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        Fd line = LifeLine.parent();
        boolean ended = !isAlive();
        while (!ended && line.await(Fd.READABLE, deadline)) {
            ended = !isAlive();
        }
        return ended;
    }

    /** @return a descriptor that becomes readable when it ends ({@code sentinel}); it belongs to the library */
    public int sentinel() {
        return LifeLine.parent().number();
    }

    @Override
    public int waitDescriptor() {
        return sentinel();
    }

    /** @return as Python shows it */
    @Override
    public String toString() {
        return "<ParentProcess name='" + name() + "' pid=" + pid() + (isAlive() ? " started>" : " stopped>");
    }
}
