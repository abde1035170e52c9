package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.QueueEmptyException;
import org.jmultiprocessing.errors.QueueFullException;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A queue in a {@link Manager}'s server: Python's {@code Manager().Queue()}, and a {@link BlockingQueue} with all its methods. Any number of threads
 * of any number of clients put and get; each message goes to one of them. It holds any object that can travel, but not null.
 *
 * <p><b>Waiting.</b> A method that waits has a form with a timeout (null: for ever; zero or less: do not wait) and ends with
 * {@link InterruptedException} if the thread is interrupted before or while it waits; then nothing was put or got. It holds up nobody else. A message
 * that was taken for a client that dies in that moment goes back to the front.
 *
 * <p><b>Errors.</b> After {@link #shutdown()} {@link org.jmultiprocessing.errors.QueueShutDownException}; after the server's end
 * {@link org.jmultiprocessing.errors.ManagerException}.
 *
 * <p>Travels to other processes of the tree, alone or inside another value.
 *
 * @param <E> what it holds
 */
public class QueueProxy<E> extends AbstractQueue<E> implements BlockingQueue<E>, Transferable {
    static {
        Transferable.register(QueueProxy.class, new HandleForm.Reader<>(QueueProxy.class));
    }

    private final Handle handle;

    QueueProxy(Handle handle) {
        this.handle = handle;
    }

    final Handle handle() {
        return handle;
    }

    // ---- putting ----

    /**
     * Puts a message in. Waits while the queue is full.
     *
     * @param value what
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    @Override
    public void put(E value) throws InterruptedException {
        insert(value, BlockingReferent.FOREVER);
    }

    /**
     * As {@link #put(Object)}, for a time.
     *
     * @param value what
     * @param timeout how long
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws QueueFullException if there is no room in time
     */
    public void put(E value, Duration timeout) throws InterruptedException {
        if (!insert(value, Times.nanos(timeout))) {
            throw noRoom();
        }
    }

    /**
     * Puts a message in without waiting; Python's {@code put_nowait}.
     *
     * @param value what
     * @throws QueueFullException if there is no room
     */
    public void putNowait(E value) {
        if (!offer(value)) {
            throw noRoom();
        }
    }

    /**
     * As {@link #putNowait}.
     *
     * @param value what
     * @return true
     * @throws QueueFullException if there is no room
     */
    @Override
    public boolean add(E value) {
        putNowait(value);
        return true;
    }

    @Override
    public boolean offer(E value) {
        return (Boolean) handle.call(QueueReferent.PUT, notNull(value), 0L);
    }

    @Override
    public boolean offer(E value, long timeout, TimeUnit unit) throws InterruptedException {
        return insert(value, Math.max(0, unit.toNanos(timeout)));
    }

    private boolean insert(E value, long nanos) throws InterruptedException {
        return (Boolean) handle.callInterruptibly(QueueReferent.PUT, notNull(value), nanos);
    }

    private static <T> T notNull(T value) {
        return Objects.requireNonNull(value, "null cannot be put into a queue: put an object that stands for nothing, such as a string of your own");
    }

    private QueueFullException noRoom() {
        return new QueueFullException("the queue " + handle.show(this) + " holds its maximum of messages: get some, or give it a larger maximum");
    }

    // ---- getting ----

    /**
     * Gets a message. Waits until there is one.
     *
     * @return the message
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public E get() throws InterruptedException {
        return remove(BlockingReferent.FOREVER);
    }

    /**
     * As {@link #get()}, for a time.
     *
     * @param timeout how long
     * @return the message
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws QueueEmptyException if there is none in time
     */
    public E get(Duration timeout) throws InterruptedException {
        E value = remove(Times.nanos(timeout));
        if (value == null) {
            throw nothing();
        }
        return value;
    }

    /**
     * Gets a message without waiting; Python's {@code get_nowait}.
     *
     * @return the message
     * @throws QueueEmptyException if there is none
     */
    public E getNowait() {
        E value = poll();
        if (value == null) {
            throw nothing();
        }
        return value;
    }

    /** As {@link #getNowait}. */
    @Override
    public E remove() {
        return getNowait();
    }

    @Override
    public E take() throws InterruptedException {
        return get();
    }

    @Override
    @SuppressWarnings("unchecked") // Only what was put in comes out.
    public E poll() {
        return (E) handle.call(QueueReferent.TAKE, 0L);
    }

    @Override
    public E poll(long timeout, TimeUnit unit) throws InterruptedException {
        return remove(Math.max(0, unit.toNanos(timeout)));
    }

    @SuppressWarnings("unchecked") // Only what was put in comes out.
    private E remove(long nanos) throws InterruptedException {
        return (E) handle.callInterruptibly(QueueReferent.TAKE, nanos);
    }

    private QueueEmptyException nothing() {
        return new QueueEmptyException("the queue " + handle.show(this) + " is empty");
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    public int drainTo(Collection<? super E> target, int maxElements) {
        if (Objects.requireNonNull(target, "target") == this) {
            throw new IllegalArgumentException("a queue cannot be drained into itself");
        }
        List<E> taken = Snapshots.list(handle.call(QueueReferent.DRAIN, maxElements));
        target.addAll(taken);
        return taken.size();
    }

    // ---- what is there ----

    /** @return how many messages are in the queue, at an instant during the call */
    public int qsize() {
        return (Integer) handle.call(QueueReferent.SIZE);
    }

    @Override
    public int size() {
        return qsize();
    }

    /** @return whether no message is in the queue, at an instant during the call */
    public boolean empty() {
        return qsize() == 0;
    }

    @Override
    public boolean isEmpty() {
        return empty();
    }

    /** @return whether the queue holds as many messages as it may, at an instant during the call */
    public boolean full() {
        return remainingCapacity() == 0;
    }

    @Override
    public int remainingCapacity() {
        int most = (Integer) handle.call(QueueReferent.MAX_ITEMS);
        return most == Integer.MAX_VALUE ? most : Math.max(0, most - qsize());
    }

    /** @return a copy of the message that would be got next, or null if there is none */
    @Override
    @SuppressWarnings("unchecked") // Only what was put in comes out.
    public E peek() {
        return (E) handle.call(QueueReferent.PEEK);
    }

    @Override
    public boolean contains(Object value) {
        return value != null && (Boolean) handle.call(QueueReferent.CONTAINS, value);
    }

    @Override
    public boolean remove(Object value) {
        return value != null && (Boolean) handle.call(QueueReferent.REMOVE, value);
    }

    @Override
    public void clear() {
        handle.call(QueueReferent.CLEAR);
    }

    private List<E> copy() {
        List<E> copy = Snapshots.list(handle.call(QueueReferent.SNAPSHOT));
        return new ArrayList<>(copy);
    }

    @Override
    public Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <T> T[] toArray(T[] target) {
        return copy().toArray(target);
    }

    /**
     * Goes through the messages of one instant. {@code remove} removes one that is equal from the queue itself.
     *
     * @return an iterator
     */
    @Override
    public Iterator<E> iterator() {
        return new Snapshots<>(copy(), this::remove);
    }

    // ---- the end ----

    /**
     * Ends the queue for all clients: nothing can be put any more, and when what is in it has been got, getting throws
     * {@link org.jmultiprocessing.errors.QueueShutDownException} too. Wakes all who wait. Python's {@code queue.Queue.shutdown}.
     */
    public void shutdown() {
        shutdown(false);
    }

    /**
     * As {@link #shutdown()}.
     *
     * @param immediate whether what is in the queue is thrown away, so that getting throws at once
     */
    public void shutdown(boolean immediate) {
        handle.call(QueueReferent.SHUT_DOWN, immediate);
    }

    @Override
    public final void writeTransfer(TransferOutput out) {
        handle.write(out);
    }

    /** @return the queue's own text; asks the server */
    @Override
    public String toString() {
        return handle.text();
    }

    /** @return how the proxy itself is shown, Python's {@code repr} */
    public String describe() {
        return handle.show(this);
    }
}
