package org.jmultiprocessing;

import java.util.Objects;
import org.jmultiprocessing.manager.Manager;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.pool.Pool;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.BoundedSemaphore;
import org.jmultiprocessing.sync.Condition;
import org.jmultiprocessing.sync.Event;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.sync.Mutex;
import org.jmultiprocessing.sync.RLock;
import org.jmultiprocessing.sync.Semaphore;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/** The API bound to one start method ({@code multiprocessing.get_context}). Unlike in Python, objects of different contexts mix freely. */
public final class Context {
    private final StartMethod method;

    Context(StartMethod method) {
        this.method = Objects.requireNonNull(method, "method");
    }

    /** @return the start method of this context */
    public StartMethod startMethod() {
        return method;
    }

    /**
     * Refuses: a context keeps its method.
     *
     * @param other any method
     * @throws IllegalStateException {@code cannot set start method of concrete context}
     */
    public void setStartMethod(StartMethod other) {
        throw new IllegalStateException("cannot set start method of concrete context");
    }

    /**
     * A process of this context.
     *
     * @param target runs in the child
     * @return a process that is not yet started
     */
    public Process process(Task target) {
        return Process.builder(target).startMethod(method).build();
    }

    /**
     * A process of this context.
     *
     * @param <A> the first argument's type
     * @param target runs in the child
     * @param a the first argument
     * @return a process that is not yet started
     */
    public <A> Process process(Task1<? super A> target, A a) {
        return Process.builder(target, a).startMethod(method).build();
    }

    /**
     * A process of this context.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param target runs in the child
     * @param a the first argument
     * @param b the second argument
     * @return a process that is not yet started
     */
    public <A, B> Process process(Task2<? super A, ? super B> target, A a, B b) {
        return Process.builder(target, a, b).startMethod(method).build();
    }

    /**
     * A process of this context.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param target runs in the child
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @return a process that is not yet started
     */
    public <A, B, C> Process process(Task3<? super A, ? super B, ? super C> target, A a, B b, C c) {
        return Process.builder(target, a, b, c).startMethod(method).build();
    }

    /**
     * A process of this context.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <D> the fourth argument's type
     * @param target runs in the child
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @param d the fourth argument
     * @return a process that is not yet started
     */
    public <A, B, C, D> Process process(Task4<? super A, ? super B, ? super C, ? super D> target, A a, B b, C c, D d) {
        return Process.builder(target, a, b, c, d).startMethod(method).build();
    }

    /**
     * @return a pipe whose ends both send and receive
     */
    public Pipe pipe() {
        return Pipe.duplex();
    }

    /**
     * A pool whose workers are processes of this context.
     *
     * @param processes how many workers it has
     * @return the pool, started
     */
    public Pool pool(int processes) {
        return Pool.builder().processes(processes).process(options -> options.startMethod(method)).build();
    }

    /** @return a lock, free */
    public Lock lock() {
        return new Lock();
    }

    /** @return a lock that its holder can acquire again, free */
    public RLock rlock() {
        return new RLock();
    }

    /**
     * @param value how many permits it has
     * @return a semaphore
     */
    public Semaphore semaphore(int value) {
        return new Semaphore(value);
    }

    /**
     * @param value how many permits it has, at most
     * @return a semaphore
     */
    public BoundedSemaphore boundedSemaphore(int value) {
        return new BoundedSemaphore(value);
    }

    /** @return an event, not set */
    public Event event() {
        return new Event();
    }

    /** @return a condition with an {@link RLock} of its own */
    public Condition condition() {
        return new Condition();
    }

    /**
     * @param lock a lock or rlock
     * @return a condition with that lock
     */
    public Condition condition(Mutex lock) {
        return new Condition(lock);
    }

    /**
     * @param parties how many have to arrive
     * @return a barrier
     */
    public Barrier barrier(int parties) {
        return new Barrier(parties);
    }

    /**
     * Starts a manager's server by this context's method. Blocks until it can be used.
     *
     * @return the manager, to be closed
     * @throws InterruptedException if the thread is interrupted; the server is ended then
     */
    public Manager manager() throws InterruptedException {
        return Manager.builder().startMethod(method).start();
    }

    /** @return the context's method, as Python's class names show it */
    @Override
    public String toString() {
        return "Context[" + method + "]";
    }
}
