package org.jmultiprocessing.queue;

import org.jmultiprocessing.internal.arena.ByteQueue;

/** The bounds of a queue ({@link Queue#builder}). Belongs to one thread; can build any number of queues. */
public final class QueueBuilder {
    private int maxItems;
    private int maxBytes;

    QueueBuilder() { }

    /**
     * Sets how many messages the queue holds.
     *
     * @param count 0, the default, for no bound (but that of 2^28-1 messages)
     * @return this
     * @throws IllegalArgumentException if it is negative or too large
     */
    public QueueBuilder maxItems(int count) {
        if (count < 0 || count > ByteQueue.MOST_ITEMS) {
            throw new IllegalArgumentException("a queue holds at most 1 to " + ByteQueue.MOST_ITEMS + " messages (0: no bound), not " + count);
        }
        maxItems = count;
        return this;
    }

    /**
     * Sets how many bytes of shared memory the messages take. All of them are reserved when the queue is made, rounded up to a power of two; without
     * this bound a queue begins with 64 KiB and grows and shrinks. A message takes its serialized length, rounded up to a multiple of 8, and 8 more.
     * One that is larger than the bound waits until nothing else is in the queue, and goes in then.
     *
     * @param bytes at most 64 MiB; 0, the default, for no bound
     * @return this
     * @throws IllegalArgumentException if it is negative or too large
     */
    public QueueBuilder maxBytes(int bytes) {
        if (bytes < 0 || bytes > ByteQueue.LARGEST_BOUND) {
            throw new IllegalArgumentException("a queue's messages can be bounded to 1 to " + ByteQueue.LARGEST_BOUND + " bytes (0: no bound), not "
                    + bytes);
        }
        maxBytes = bytes;
        return this;
    }

    /**
     * Makes a queue.
     *
     * @param <E> what it holds
     * @return the queue, in the shared memory of this process's tree
     * @throws org.jmultiprocessing.errors.OsException if there is no room for it
     */
    public <E> Queue<E> build() {
        return new Queue<>(new ObjectQueue(ByteQueue.create(maxItems, maxBytes, false)));
    }

    /**
     * Makes a queue whose messages can be reported as done.
     *
     * @param <E> what it holds
     * @return the queue, in the shared memory of this process's tree
     * @throws org.jmultiprocessing.errors.OsException if there is no room for it
     */
    public <E> JoinableQueue<E> buildJoinable() {
        return new JoinableQueue<>(new ObjectQueue(ByteQueue.create(maxItems, maxBytes, true)));
    }
}
