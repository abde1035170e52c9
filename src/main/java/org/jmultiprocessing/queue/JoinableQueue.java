package org.jmultiprocessing.queue;

import java.time.Duration;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.spi.Transferable;

/**
 * A queue of tasks whose end can be waited for: Python's {@code multiprocessing.JoinableQueue}. A message is unfinished from its put until
 * {@link #taskDone} is called for it. What a process has got and not reported when it dies (is killed, or crashes) counts no longer, as it is lost;
 * what a process has not reported when it ends normally, others may report.
 *
 * @param <E> what it holds
 */
public final class JoinableQueue<E> extends Queue<E> {
    static {
        Transferable.register(JoinableQueue.class, new QueueTransfer.OfJoinableQueue());
    }

    /**
     * Makes a queue without bounds, in the shared memory of this process's tree.
     *
     * @throws org.jmultiprocessing.errors.OsException if there is no room for it
     */
    public JoinableQueue() {
        this(0);
    }

    /**
     * Makes a queue, in the shared memory of this process's tree.
     *
     * @param maxItems how many messages it holds; 0 or less for no bound
     * @throws org.jmultiprocessing.errors.OsException if there is no room for it
     */
    public JoinableQueue(int maxItems) {
        this(builder().maxItems(Math.max(0, maxItems)).buildJoinable().objects());
    }

    JoinableQueue(ObjectQueue objects) {
        super(objects);
    }

    /**
     * Reports that a message that was got has been dealt with. Any thread of any process may do so.
     *
     * @throws IllegalStateException {@code task_done() called too many times}: no message is in anybody's hands
     */
    public void taskDone() {
        objects().checkOpen();
        if (!objects().bytes().taskDone()) {
            throw new IllegalStateException("task_done() called too many times");
        }
    }

    /**
     * Waits until every message that was put has been got and reported.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void join() throws InterruptedException {
        join(null);
    }

    /**
     * As {@link #join()}, for a time.
     *
     * @param timeout how long; null for ever
     * @return false if the time is over
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean join(Duration timeout) throws InterruptedException {
        objects().checkOpen();
        boolean finished = objects().bytes().join(Deadline.after(timeout));
        if (!finished) {
            objects().checkOpen();
        }
        return finished;
    }

    /** @return how many messages are in the queue or in somebody's hands, at an instant during the call */
    public int unfinished() {
        objects().checkOpen();
        return objects().bytes().unfinished();
    }
}
