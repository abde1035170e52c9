package org.jmultiprocessing.queue;

import org.jmultiprocessing.internal.arena.ByteQueue;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A queue with as few methods as can be: Python's {@code multiprocessing.SimpleQueue}. It has no bound, so that a put does not wait, where Python's
 * waits when its pipe is full. Else it is as {@link Queue} says.
 *
 * @param <E> what it holds
 */
public final class SimpleQueue<E> implements Transferable, AutoCloseable {
    static {
        Transferable.register(SimpleQueue.class, new QueueTransfer.OfSimpleQueue());
    }

    private final ObjectQueue objects;

    /**
     * Makes a queue, in the shared memory of this process's tree.
     *
     * @throws org.jmultiprocessing.errors.OsException if there is no room for it
     */
    public SimpleQueue() {
        this(new ObjectQueue(ByteQueue.create(0, 0, false)));
    }

    SimpleQueue(ObjectQueue objects) {
        this.objects = objects;
    }

    /**
     * Puts a message in.
     *
     * @param value what, not null
     * @throws org.jmultiprocessing.errors.SerializationException if it cannot be written; nothing is put then
     * @throws org.jmultiprocessing.errors.OsException if shared memory is full; nothing is put then
     * @throws org.jmultiprocessing.errors.QueueFullException if 2^28-1 messages are in the queue
     */
    public void put(E value) {
        if (!objects.offer(value)) {
            throw objects.full();
        }
    }

    /**
     * Gets a message. Waits until there is one; a virtual thread parks.
     *
     * @return the message
     * @throws InterruptedException if the thread is interrupted before or while it waits; nothing was got then
     */
    @SuppressWarnings("unchecked") // Only what was put in comes out.
    public E get() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return (E) objects.take(Deadline.NEVER);
    }

    /** @return whether no message is in the queue, at an instant during the call */
    public boolean empty() {
        objects.checkOpen();
        return objects.bytes().size() == 0;
    }

    /** Gives this process's handle up, as {@link Queue#close} says. */
    @Override
    public void close() {
        objects.bytes().close();
    }

    @Override
    public void writeTransfer(TransferOutput out) {
        QueueTransfer.write(out, objects);
    }

    /** @return the name of the queue's file */
    @Override
    public String toString() {
        return objects.toString();
    }
}
