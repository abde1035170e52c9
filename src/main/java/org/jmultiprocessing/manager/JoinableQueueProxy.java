package org.jmultiprocessing.manager;

import java.time.Duration;
import org.jmultiprocessing.spi.Transferable;

/**
 * A queue of tasks in a {@link Manager}'s server whose end can be waited for: Python's {@code Manager().JoinableQueue()}. A message is unfinished
 * from its put until {@link #taskDone} is called for it. What a client has got and not reported when it ends counts no longer.
 *
 * @param <E> what it holds
 */
public final class JoinableQueueProxy<E> extends QueueProxy<E> {
    static {
        Transferable.register(JoinableQueueProxy.class, new HandleForm.Reader<>(JoinableQueueProxy.class));
    }

    JoinableQueueProxy(Handle handle) {
        super(handle);
    }

    /**
     * Reports that a message that was got has been dealt with. Any thread of any client may do so.
     *
     * @throws IllegalStateException {@code task_done() called too many times}: no message is in anybody's hands
     */
    public void taskDone() {
        handle().call(QueueReferent.TASK_DONE);
    }

    /**
     * Waits until every message that was put has been got and reported.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public void join() throws InterruptedException {
        join(null);
    }

    /**
     * As {@link #join()}, for a time.
     *
     * @param timeout how long; null for ever
     * @return false if the time is over
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return (Boolean) handle().callInterruptibly(QueueReferent.JOIN, Times.nanos(timeout));
    }

    /** @return how many messages are in the queue or in somebody's hands, at an instant during the call */
    public int unfinished() {
        return (Integer) handle().call(QueueReferent.UNFINISHED);
    }
}
