package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.task.Task;

/** Makes the objects that every server knows. Its public methods are part of {@link Manager}'s interface. */
abstract class ObjectFactory {
    private final Seat seat;
    private final Handle desk;

    ObjectFactory(Seat seat, Handle desk) {
        this.seat = seat;
        this.desk = desk;
    }

    private Object create(Kind kind, Object... arguments) {
        if (seat.hasEnded()) {
            throw new ManagerException("Manager has shut down", null, null);
        }
        Object[] all = new Object[arguments.length + 1];
        all[0] = kind.ordinal();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return desk.call(Desk.CREATE, all);
    }

    /**
     * @param <K> its keys
     * @param <V> its values
     * @return a new dict, empty
     */
    public <K, V> DictProxy<K, V> dict() {
        return dict(null);
    }

    /**
     * @param <K> its keys
     * @param <V> its values
     * @param entries what is in it at first; null for nothing
     * @return a new dict
     */
    @SuppressWarnings("unchecked") // It is what was asked for.
    public <K, V> DictProxy<K, V> dict(Map<? extends K, ? extends V> entries) {
        return (DictProxy<K, V>) create(Kind.DICT, entries == null ? null : new LinkedHashMap<>(entries));
    }

    /**
     * @param <E> its elements
     * @return a new list, empty
     */
    public <E> ListProxy<E> list() {
        return list(null);
    }

    /**
     * @param <E> its elements
     * @param elements what is in it at first; null for nothing
     * @return a new list
     */
    @SuppressWarnings("unchecked") // It is what was asked for.
    public <E> ListProxy<E> list(Collection<? extends E> elements) {
        return (ListProxy<E>) create(Kind.LIST, elements == null ? null : new ArrayList<>(elements));
    }

    /**
     * @param <E> its elements
     * @return a new set, empty
     */
    public <E> SetProxy<E> set() {
        return set(null);
    }

    /**
     * @param <E> its elements
     * @param elements what is in it at first; null for nothing
     * @return a new set
     */
    @SuppressWarnings("unchecked") // It is what was asked for.
    public <E> SetProxy<E> set(Collection<? extends E> elements) {
        return (SetProxy<E>) create(Kind.SET, elements == null ? null : new ArrayList<>(elements));
    }

    /**
     * @param <E> its messages
     * @return a new queue without bounds
     */
    public <E> QueueProxy<E> queue() {
        return queue(0);
    }

    /**
     * @param <E> its messages
     * @param maxItems how many messages it holds; 0 or less for no bound
     * @return a new queue
     */
    @SuppressWarnings("unchecked") // It is what was asked for.
    public <E> QueueProxy<E> queue(int maxItems) {
        return (QueueProxy<E>) create(Kind.QUEUE, maxItems);
    }

    /**
     * @param <E> its messages
     * @return a new queue of tasks without bounds
     */
    public <E> JoinableQueueProxy<E> joinableQueue() {
        return joinableQueue(0);
    }

    /**
     * @param <E> its messages
     * @param maxItems how many messages it holds; 0 or less for no bound
     * @return a new queue of tasks
     */
    @SuppressWarnings("unchecked") // It is what was asked for.
    public <E> JoinableQueueProxy<E> joinableQueue(int maxItems) {
        return (JoinableQueueProxy<E>) create(Kind.JOINABLE_QUEUE, maxItems);
    }

    /** @return a new event, not set */
    public EventProxy event() {
        return (EventProxy) create(Kind.EVENT);
    }

    /** @return a new lock, free */
    public LockProxy lock() {
        return (LockProxy) create(Kind.LOCK);
    }

    /** @return a new lock that its holder can acquire again, free */
    public RLockProxy rlock() {
        return (RLockProxy) create(Kind.RLOCK);
    }

    /**
     * @param value how many permits it has
     * @return a new semaphore
     * @throws IllegalArgumentException if the value is negative
     */
    public SemaphoreProxy semaphore(int value) {
        return (SemaphoreProxy) create(Kind.SEMAPHORE, value);
    }

    /**
     * @param value how many permits it has, at most
     * @return a new semaphore
     * @throws IllegalArgumentException if the value is negative
     */
    public BoundedSemaphoreProxy boundedSemaphore(int value) {
        return (BoundedSemaphoreProxy) create(Kind.BOUNDED_SEMAPHORE, value);
    }

    /** @return a new condition with a reentrant lock of its own */
    public ConditionProxy condition() {
        return condition(null);
    }

    /**
     * @param lock a lock of this manager; null for a new reentrant one
     * @return a new condition of that lock
     */
    public ConditionProxy condition(MutexProxy lock) {
        return (ConditionProxy) create(Kind.CONDITION, lock);
    }

    /**
     * @param parties how many have to arrive
     * @return a new barrier
     * @throws IllegalArgumentException {@code parties must be > 0}
     */
    public BarrierProxy barrier(int parties) {
        return barrier(parties, null);
    }

    /**
     * @param parties how many have to arrive
     * @param action run in the server when all have, before they go on; null for none
     * @return a new barrier
     * @throws IllegalArgumentException {@code parties must be > 0}
     */
    public BarrierProxy barrier(int parties, Task action) {
        return (BarrierProxy) create(Kind.BARRIER, parties, action);
    }

    /** @return a new namespace, empty */
    public NamespaceProxy namespace() {
        return namespace(null);
    }

    /**
     * @param attributes what is in it at first, by name; null for nothing
     * @return a new namespace
     * @throws IllegalArgumentException if a name begins with an underscore
     */
    public NamespaceProxy namespace(Map<String, ?> attributes) {
        return (NamespaceProxy) create(Kind.NAMESPACE, attributes == null ? null : new LinkedHashMap<>(attributes));
    }

    /**
     * @param <T> what it is
     * @param value what it is at first
     * @return a new value
     */
    @SuppressWarnings("unchecked") // It is what was asked for.
    public <T> ValueProxy<T> value(T value) {
        return (ValueProxy<T>) create(Kind.VALUE, value);
    }

    /**
     * @param <T> its elements
     * @param elements what is in it at first, which is also its length
     * @return a new array
     */
    @SuppressWarnings("unchecked") // It is what was asked for.
    public <T> ArrayProxy<T> array(Collection<? extends T> elements) {
        return (ArrayProxy<T>) create(Kind.ARRAY, new ArrayList<>(elements));
    }

    /**
     * @param processes how many workers it has
     * @return a new pool
     * @throws IllegalArgumentException {@code Number of processes must be at least 1}
     */
    public PoolProxy pool(int processes) {
        return pool(processes, null);
    }

    /**
     * @param processes how many workers it has
     * @param initializer runs in each worker before anything else; null for none
     * @return a new pool
     * @throws IllegalArgumentException {@code Number of processes must be at least 1}
     */
    public PoolProxy pool(int processes, Task initializer) {
        return (PoolProxy) create(Kind.POOL, processes, initializer);
    }
}
