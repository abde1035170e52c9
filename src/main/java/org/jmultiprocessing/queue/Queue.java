package org.jmultiprocessing.queue;

import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.QueueEmptyException;
import org.jmultiprocessing.errors.QueueFullException;
import org.jmultiprocessing.errors.QueueShutDownException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A queue between processes: Python's {@code multiprocessing.Queue}, and a {@link BlockingQueue}. Any number of threads of any number of processes
 * put and get; each message goes to one of them. What one thread puts comes out in that order. It holds any object that the library can write, of
 * any size, but not null.
 *
 * <p><b>Processes.</b> A queue travels to other processes of its tree as an argument of a process, over a connection, through a queue, alone or
 * inside another value; all of them then have the same queue. It lives in shared memory and is gone when no process has it any more. Not by
 * inheritance only, as Python's: it may be sent to workers that run already.
 *
 * <p><b>Putting.</b> A message is written in the thread that puts it. An error in that ({@link SerializationException}) is thrown there, and the
 * queue is as before; so it is if shared memory is full ({@link OsException}, {@code ENOSPC}). When the call returns, the message is in the queue:
 * this process may end at once, and nobody has to wait for it. The value may be changed then; who gets it gets a copy.
 *
 * <p><b>Waiting.</b> A method that waits has a form with a timeout (null: for ever; zero or less: do not wait), and ends with
 * {@link InterruptedException} if the thread is interrupted before or while it waits; then nothing was put or got. A virtual thread parks. Who waits
 * makes no system calls.
 *
 * <p><b>Death.</b> A process may be killed at any instant. The message that it was putting is in the queue wholly or not at all; the one that it was
 * getting is lost at most; everybody else goes on.
 *
 * <p><b>Errors.</b> After {@link #close} every method that puts or gets throws {@link IllegalStateException} ({@code Queue ... is closed}), in this
 * process only. After {@link #shutdown()} all processes get {@link QueueShutDownException}. A message that cannot be read by who gets it, because a
 * class is missing there, is gone; the getter gets a {@link SerializationException}.
 *
 * <p><b>Not supported</b>, with {@link UnsupportedOperationException}: {@link #peek}, {@link #element}, {@link #iterator}, and what needs them
 * ({@code contains}, {@code remove(Object)}, {@code toArray}, ...), because a message becomes an object once, in one process.
 *
 * @param <E> what it holds
 */
public class Queue<E> extends AbstractQueue<E> implements BlockingQueue<E>, Transferable, AutoCloseable {
    static {
        Transferable.register(Queue.class, new QueueTransfer.OfQueue());
    }

    private final ObjectQueue objects;

    /**
     * Makes a queue without bounds, in the shared memory of this process's tree.
     *
     * @throws OsException if there is no room for it
     */
    public Queue() {
        this(0);
    }

    /**
     * Makes a queue, in the shared memory of this process's tree.
     *
     * @param maxItems how many messages it holds; 0 or less for no bound
     * @throws OsException if there is no room for it
     */
    public Queue(int maxItems) {
        this(builder().maxItems(Math.max(0, maxItems)).build().objects);
    }

    Queue(ObjectQueue objects) {
        this.objects = objects;
    }

    /** @return where bounds are set: of messages, of bytes */
    public static QueueBuilder builder() {
        return new QueueBuilder();
    }

    final ObjectQueue objects() {
        return objects;
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
        put(value, null);
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
        if (!insert(value, Deadline.after(timeout))) {
            throw objects.full();
        }
    }

    /**
     * Puts a message in without waiting; Python's {@code put_nowait}.
     *
     * @param value what
     * @throws QueueFullException if there is no room
     */
    public void putNowait(E value) {
        if (!objects.offer(value)) {
            throw objects.full();
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

    /**
     * Puts a message in without waiting.
     *
     * @param value what
     * @return false if there is no room
     */
    @Override
    public boolean offer(E value) {
        return objects.offer(value);
    }

    /**
     * As {@link #put(Object)}, for a time.
     *
     * @param value what
     * @param timeout how long
     * @param unit of what
     * @return false if there is no room in time
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    @Override
    public boolean offer(E value, long timeout, TimeUnit unit) throws InterruptedException {
        return insert(value, deadline(timeout, unit));
    }

    private boolean insert(E value, Deadline deadline) throws InterruptedException {
        throwIfInterrupted();
        return objects.put(value, deadline);
    }

    // ---- getting ----

    /**
     * Gets a message. Waits until there is one.
     *
     * @return the message
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public E get() throws InterruptedException {
        return remove(Deadline.NEVER);
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
        E value = remove(Deadline.after(timeout));
        if (value == null) {
            throw objects.empty();
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
            throw objects.empty();
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

    /**
     * Gets a message without waiting.
     *
     * @return the message, or null if there is none
     */
    @Override
    @SuppressWarnings("unchecked") // Only what was put in comes out.
    public E poll() {
        return (E) objects.poll();
    }

    /**
     * As {@link #get()}, for a time.
     *
     * @param timeout how long
     * @param unit of what
     * @return the message, or null if there is none in time
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    @Override
    public E poll(long timeout, TimeUnit unit) throws InterruptedException {
        return remove(deadline(timeout, unit));
    }

    @SuppressWarnings("unchecked") // Only what was put in comes out.
    private E remove(Deadline deadline) throws InterruptedException {
        throwIfInterrupted();
        return (E) objects.take(deadline);
    }

    /**
     * Gets all messages that are there, several at a time, which is faster. Does not wait.
     *
     * @param target gets them, in their order
     * @return how many; 0 also of a queue that is shut down
     */
    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    /**
     * As {@link #drainTo(Collection)}, with a limit.
     *
     * @param target gets them, in their order
     * @param maxElements how many at most
     * @return how many; 0 also of a queue that is shut down
     */
    @Override
    public int drainTo(Collection<? super E> target, int maxElements) {
        if (Objects.requireNonNull(target, "target") == this) {
            throw new IllegalArgumentException("a queue cannot be drained into itself");
        }
        return objects.drainTo(target, maxElements);
    }

    // ---- what is there ----

    /** @return how many messages are in the queue, exactly, at an instant during the call; Python's approximate {@code qsize} */
    public int qsize() {
        return objects.bytes().size();
    }

    /** @return as {@link #qsize} */
    @Override
    public int size() {
        return qsize();
    }

    /** @return whether no message is in the queue at an instant during the call; false as soon as a put has returned, before a get began */
    public boolean empty() {
        return qsize() == 0;
    }

    /** @return as {@link #empty} */
    @Override
    public boolean isEmpty() {
        return empty();
    }

    /** @return whether a bound leaves no room for a message now, not even a small one */
    public boolean full() {
        return objects.bytes().isFull();
    }

    /** @return how many more messages the bound of messages allows now; {@link Integer#MAX_VALUE} without such a bound */
    @Override
    public int remainingCapacity() {
        int bound = objects.bytes().maxItems();
        return bound == 0 ? Integer.MAX_VALUE : Math.max(0, bound - qsize());
    }

    /**
     * Not supported: a message becomes an object once, in the process that gets it.
     *
     * @return nothing
     * @throws UnsupportedOperationException always
     */
    @Override
    public E peek() {
        throw unsupported("looked at");
    }

    /**
     * Not supported: a message becomes an object once, in the process that gets it.
     *
     * @return nothing
     * @throws UnsupportedOperationException always
     */
    @Override
    public Iterator<E> iterator() {
        throw unsupported("gone through");
    }

    private static UnsupportedOperationException unsupported(String how) {
        return new UnsupportedOperationException("the messages of a queue between processes cannot be " + how + ", only got: poll() or drainTo()");
    }

    // ---- the end ----

    /**
     * Ends the queue for all processes: nothing can be put any more, and when what is in it has been got, getting throws
     * {@link QueueShutDownException} too. Wakes all who wait. Python's {@code queue.Queue.shutdown}. May be followed by {@code shutdown(true)}.
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
        objects.checkOpen();
        objects.bytes().shutDown(immediate);
    }

    /**
     * Gives this process's handle up; threads that wait by it get the exception. Other processes keep theirs, and messages stay for them; the queue
     * and what is in it are gone with the last handle, also if its process is killed; one on its way counts. Does nothing the second time. A handle
     * that nobody can reach any more is given up by itself.
     */
    @Override
    public void close() {
        objects.bytes().close();
    }

    /** Does nothing, for programs that come from Python: no thread feeds the queue, and what was put is in it. */
    public void joinThread() { }

    /** Does nothing, for programs that come from Python: no thread feeds the queue, and what was put is in it. */
    public void cancelJoinThread() { }

    @Override
    public void writeTransfer(TransferOutput out) {
        QueueTransfer.write(out, objects);
    }

    /** @return the name of the queue's file */
    @Override
    public String toString() {
        return objects.toString();
    }

    private static Deadline deadline(long timeout, TimeUnit unit) {
        return Deadline.after(Duration.ofNanos(unit.toNanos(timeout)));
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
