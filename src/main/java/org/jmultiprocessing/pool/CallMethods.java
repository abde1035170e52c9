package org.jmultiprocessing.pool;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
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

/** The calls of one function, with up to four arguments, with a result and without: {@code apply} and {@code run}. */
abstract class CallMethods {
    CallMethods() { }

    abstract Engine engine();

    private AsyncResult<Object> call(Object function, Object... arguments) {
        return engine().call(function, arguments);
    }

    @SuppressWarnings("unchecked") // The function's result, which the compiler has checked.
    final <R> AsyncResult<R> callAsync(Object function, Object... arguments) {
        return (AsyncResult<R>) call(function, arguments);
    }

    /** Throws what the task threw as itself. */
    static <R> R await(AsyncResult<R> result) throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException | CompletionException e) {
            throw Rethrow.any(e.getCause());
        }
    }

    /**
     * Has a worker call a function with no argument, and waits for it. Interruptible; the function goes on then.
     * What it throws is thrown here, itself, also a checked exception.
     *
     * @param <R> the result's type
     * @param function runs in a worker
     * @return the result
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <R> R apply(Function0<? extends R> function) throws InterruptedException {
        return await(this.<R>callAsync(function));
    }

    /**
     * Has a worker call a function with one argument, and waits for it. Interruptible; the function goes on then.
     * What it throws is thrown here, itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @return the result
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> R apply(Function1<? super A, ? extends R> function, A a) throws InterruptedException {
        return await(this.<R>callAsync(function, a));
    }

    /**
     * Has a worker call a function with two arguments, and waits for it. Interruptible; the function goes on then.
     * What it throws is thrown here, itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @return the result
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, R> R apply(Function2<? super A, ? super B, ? extends R> function, A a, B b) throws InterruptedException {
        return await(this.<R>callAsync(function, a, b));
    }

    /**
     * Has a worker call a function with three arguments, and waits for it. Interruptible; the function goes on then.
     * What it throws is thrown here, itself, also a checked exception.
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
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, C, R> R apply(Function3<? super A, ? super B, ? super C, ? extends R> function, A a, B b, C c) throws InterruptedException {
        return await(this.<R>callAsync(function, a, b, c));
    }

    /**
     * Has a worker call a function with four arguments, and waits for it. Interruptible; the function goes on then.
     * What it throws is thrown here, itself, also a checked exception.
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
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, C, D, R> R apply(Function4<? super A, ? super B, ? super C, ? super D, ? extends R> function,
            A a, B b, C c, D d) throws InterruptedException {
        return await(this.<R>callAsync(function, a, b, c, d));
    }

    /**
     * Has a worker call a function with no argument. Does not wait, unless for room where tasks are bounded.
     *
     * @param <R> the result's type
     * @param function runs in a worker
     * @return the result, once it is there
     * @throws org.jmultiprocessing.errors.SerializationException if it cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <R> AsyncResult<R> applyAsync(Function0<? extends R> function) {
        return callAsync(function);
    }

    /**
     * Has a worker call a function with one argument. Does not wait, unless for room where tasks are bounded.
     *
     * @param <A> the first argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @return the result, once it is there
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, R> AsyncResult<R> applyAsync(Function1<? super A, ? extends R> function, A a) {
        return callAsync(function, a);
    }

    /**
     * Has a worker call a function with two arguments. Does not wait, unless for room where tasks are bounded.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <R> the result's type
     * @param function runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @return the result, once it is there
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, R> AsyncResult<R> applyAsync(Function2<? super A, ? super B, ? extends R> function, A a, B b) {
        return callAsync(function, a, b);
    }

    /**
     * Has a worker call a function with three arguments. Does not wait, unless for room where tasks are bounded.
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
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, C, R> AsyncResult<R> applyAsync(Function3<? super A, ? super B, ? super C, ? extends R> function, A a, B b, C c) {
        return callAsync(function, a, b, c);
    }

    /**
     * Has a worker call a function with four arguments. Does not wait, unless for room where tasks are bounded.
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
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, C, D, R> AsyncResult<R> applyAsync(Function4<? super A, ? super B, ? super C, ? super D, ? extends R> function,
            A a, B b, C c, D d) {
        return callAsync(function, a, b, c, d);
    }

    /**
     * Has a worker call a task with no argument, and waits for it. Interruptible; the task goes on then.
     * What it throws is thrown here, itself, also a checked exception.
     *
     * @param task runs in a worker
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final void run(Task task) throws InterruptedException {
        await(call(task));
    }

    /**
     * Has a worker call a task with one argument, and waits for it. Interruptible; the task goes on then.
     * What it throws is thrown here, itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A> void run(Task1<? super A> task, A a) throws InterruptedException {
        await(call(task, a));
    }

    /**
     * Has a worker call a task with two arguments, and waits for it. Interruptible; the task goes on then.
     * What it throws is thrown here, itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B> void run(Task2<? super A, ? super B> task, A a, B b) throws InterruptedException {
        await(call(task, a, b));
    }

    /**
     * Has a worker call a task with three arguments, and waits for it. Interruptible; the task goes on then.
     * What it throws is thrown here, itself, also a checked exception.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, C> void run(Task3<? super A, ? super B, ? super C> task, A a, B b, C c) throws InterruptedException {
        await(call(task, a, b, c));
    }

    /**
     * Has a worker call a task with four arguments, and waits for it. Interruptible; the task goes on then.
     * What it throws is thrown here, itself, also a checked exception.
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
     * @throws InterruptedException if the thread is interrupted
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, C, D> void run(Task4<? super A, ? super B, ? super C, ? super D> task, A a, B b, C c, D d) throws InterruptedException {
        await(call(task, a, b, c, d));
    }

    /**
     * Has a worker call a task with no argument. Does not wait, unless for room where tasks are bounded.
     *
     * @param task runs in a worker
     * @return the result, once it is there; it is null
     * @throws org.jmultiprocessing.errors.SerializationException if it cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final AsyncResult<Void> runAsync(Task task) {
        return callAsync(task);
    }

    /**
     * Has a worker call a task with one argument. Does not wait, unless for room where tasks are bounded.
     *
     * @param <A> the first argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @return the result, once it is there; it is null
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A> AsyncResult<Void> runAsync(Task1<? super A> task, A a) {
        return callAsync(task, a);
    }

    /**
     * Has a worker call a task with two arguments. Does not wait, unless for room where tasks are bounded.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @return the result, once it is there; it is null
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B> AsyncResult<Void> runAsync(Task2<? super A, ? super B> task, A a, B b) {
        return callAsync(task, a, b);
    }

    /**
     * Has a worker call a task with three arguments. Does not wait, unless for room where tasks are bounded.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param task runs in a worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @return the result, once it is there; it is null
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, C> AsyncResult<Void> runAsync(Task3<? super A, ? super B, ? super C> task, A a, B b, C c) {
        return callAsync(task, a, b, c);
    }

    /**
     * Has a worker call a task with four arguments. Does not wait, unless for room where tasks are bounded.
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
     * @return the result, once it is there; it is null
     * @throws org.jmultiprocessing.errors.SerializationException if it or an argument cannot travel
     * @throws java.util.concurrent.RejectedExecutionException {@code Pool not running}
     */
    public final <A, B, C, D> AsyncResult<Void> runAsync(Task4<? super A, ? super B, ? super C, ? super D> task, A a, B b, C c, D d) {
        return callAsync(task, a, b, c, d);
    }
}
