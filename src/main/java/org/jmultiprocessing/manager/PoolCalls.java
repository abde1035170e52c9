package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;
import org.jmultiprocessing.task.Function3;
import org.jmultiprocessing.task.Function4;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/** Single calls of functions in a pool's workers. Its public methods are part of {@link PoolProxy}'s interface. */
abstract class PoolCalls extends ObjectProxy {
    PoolCalls(Handle handle) {
        super(handle);
    }

    @SuppressWarnings("unchecked") // It is what the function returned.
    private <R> R wait(Object function, Object... arguments) throws InterruptedException {
        return (R) handle().callInterruptibly(PoolReferent.APPLY, function, list(arguments));
    }

    @SuppressWarnings("unchecked") // The server says what it is.
    private <R> ResultProxy<R> begin(Object function, Object... arguments) {
        return (ResultProxy<R>) handle().call(PoolReferent.APPLY_ASYNC, function, list(arguments));
    }

    private static List<Object> list(Object[] arguments) {
        return new ArrayList<>(Arrays.asList(arguments));
    }

    /**
     * Calls a function in a worker and waits for its result. What it throws is thrown here, as itself, also a checked exception.
     *
     * @param <R> the result's type
     * @param function runs in a worker
     * @return the result
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <R> R apply(Function0<? extends R> function) throws InterruptedException {
        return wait(function);
    }

    /**
     * Calls a function in a worker and waits for its result. What it throws is thrown here, as itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @return the result
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <A, R> R apply(Function1<? super A, ? extends R> function, A a) throws InterruptedException {
        return wait(function, a);
    }

    /**
     * Calls a function in a worker and waits for its result. What it throws is thrown here, as itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @return the result
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <A, B, R> R apply(Function2<? super A, ? super B, ? extends R> function, A a, B b) throws InterruptedException {
        return wait(function, a, b);
    }

    /**
     * Calls a function in a worker and waits for its result. What it throws is thrown here, as itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @return the result
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <A, B, C, R> R apply(Function3<? super A, ? super B, ? super C, ? extends R> function, A a, B b, C c) throws InterruptedException {
        return wait(function, a, b, c);
    }

    /**
     * Calls a function in a worker and waits for its result. What it throws is thrown here, as itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <D> the fourth argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @param d the fourth argument
     * @return the result
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <A, B, C, D, R> R apply(Function4<? super A, ? super B, ? super C, ? super D, ? extends R> function, A a, B b, C c,
            D d) throws InterruptedException {
        return wait(function, a, b, c, d);
    }

    /**
     * Calls a function in a worker.
     *
     * @param <R> the result's type
     * @param function runs in a worker
     * @return the result, once it is there
     */
    public <R> ResultProxy<R> applyAsync(Function0<? extends R> function) {
        return begin(function);
    }

    /**
     * Calls a function in a worker.
     *
     * @param <A> the first argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @return the result, once it is there
     */
    public <A, R> ResultProxy<R> applyAsync(Function1<? super A, ? extends R> function, A a) {
        return begin(function, a);
    }

    /**
     * Calls a function in a worker.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @return the result, once it is there
     */
    public <A, B, R> ResultProxy<R> applyAsync(Function2<? super A, ? super B, ? extends R> function, A a, B b) {
        return begin(function, a, b);
    }

    /**
     * Calls a function in a worker.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @return the result, once it is there
     */
    public <A, B, C, R> ResultProxy<R> applyAsync(Function3<? super A, ? super B, ? super C, ? extends R> function, A a, B b, C c) {
        return begin(function, a, b, c);
    }

    /**
     * Calls a function in a worker.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <D> the fourth argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @param d the fourth argument
     * @return the result, once it is there
     */
    public <A, B, C, D, R> ResultProxy<R> applyAsync(Function4<? super A, ? super B, ? super C, ? super D, ? extends R> function, A a, B b,
            C c, D d) {
        return begin(function, a, b, c, d);
    }

    /**
     * Runs a task in a worker and waits for its end. What it throws is thrown here, as itself.
     *
     * @param task runs in a worker
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public void run(Task task) throws InterruptedException {
        wait(task);
    }

    /**
     * Runs a task in a worker and waits for its end. What it throws is thrown here, as itself.
     *
     * @param <A> the first argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <A> void run(Task1<? super A> task, A a) throws InterruptedException {
        wait(task, a);
    }

    /**
     * Runs a task in a worker and waits for its end. What it throws is thrown here, as itself.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <A, B> void run(Task2<? super A, ? super B> task, A a, B b) throws InterruptedException {
        wait(task, a, b);
    }

    /**
     * Runs a task in a worker and waits for its end. What it throws is thrown here, as itself.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <A, B, C> void run(Task3<? super A, ? super B, ? super C> task, A a, B b, C c) throws InterruptedException {
        wait(task, a, b, c);
    }

    /**
     * Runs a task in a worker and waits for its end. What it throws is thrown here, as itself.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <D> the fourth argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @param d the fourth argument
     * @throws InterruptedException if the thread is interrupted; the task is not begun then, if it was not yet
     */
    public <A, B, C, D> void run(Task4<? super A, ? super B, ? super C, ? super D> task, A a, B b, C c, D d) throws InterruptedException {
        wait(task, a, b, c, d);
    }

    /**
     * Runs a task in a worker.
     *
     * @param task runs in a worker
     * @return the result, once it is there
     */
    public ResultProxy<Void> runAsync(Task task) {
        return begin(task);
    }

    /**
     * Runs a task in a worker.
     *
     * @param <A> the first argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @return the result, once it is there
     */
    public <A> ResultProxy<Void> runAsync(Task1<? super A> task, A a) {
        return begin(task, a);
    }

    /**
     * Runs a task in a worker.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @return the result, once it is there
     */
    public <A, B> ResultProxy<Void> runAsync(Task2<? super A, ? super B> task, A a, B b) {
        return begin(task, a, b);
    }

    /**
     * Runs a task in a worker.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @return the result, once it is there
     */
    public <A, B, C> ResultProxy<Void> runAsync(Task3<? super A, ? super B, ? super C> task, A a, B b, C c) {
        return begin(task, a, b, c);
    }

    /**
     * Runs a task in a worker.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <D> the fourth argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @param d the fourth argument
     * @return the result, once it is there
     */
    public <A, B, C, D> ResultProxy<Void> runAsync(Task4<? super A, ? super B, ? super C, ? super D> task, A a, B b, C c, D d) {
        return begin(task, a, b, c, d);
    }
}
