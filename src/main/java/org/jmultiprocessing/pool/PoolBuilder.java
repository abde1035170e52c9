package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/** The options of a {@link Pool} ({@link Pool#builder}). Belongs to one thread; can build any number of pools. */
public final class PoolBuilder {
    int processes = Runtime.getRuntime().availableProcessors();
    Object initializer;
    Object[] initializerArguments = {};
    Object workerExit;
    int maxTasksPerChild;
    int retries;
    int maxTasksInFlight;
    Duration taskTimeout;
    Duration idleTimeout;
    String progress;
    long memoryLimit;
    Consumer<? super Builder> processOptions;

    PoolBuilder() { }

    /**
     * @param count how many workers there are; as many as CPUs by default
     * @return this
     * @throws IllegalArgumentException {@code Number of processes must be at least 1}
     */
    public PoolBuilder processes(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("Number of processes must be at least 1");
        }
        processes = count;
        return this;
    }

    private PoolBuilder initializer(Object function, Object... arguments) {
        initializer = Objects.requireNonNull(function, "initializer");
        initializerArguments = arguments;
        return this;
    }

    /**
     * Has each worker call something before its first task. If that fails the pool ends: all its tasks fail with a
     * {@link org.jmultiprocessing.errors.BrokenPoolException} whose cause is what the initializer threw. It is encoded anew for each worker.
     *
     * @param initializer runs in each worker
     * @return this
     */
    public PoolBuilder initializer(Task initializer) {
        return initializer((Object) initializer);
    }

    /**
     * As {@link #initializer(Task)}, with one argument.
     *
     * @param <A> the first argument's type
     * @param initializer runs in each worker
     * @param a the first argument
     * @return this
     */
    public <A> PoolBuilder initializer(Task1<? super A> initializer, A a) {
        return initializer((Object) initializer, a);
    }

    /**
     * As {@link #initializer(Task)}, with two arguments.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param initializer runs in each worker
     * @param a the first argument
     * @param b the second argument
     * @return this
     */
    public <A, B> PoolBuilder initializer(Task2<? super A, ? super B> initializer, A a, B b) {
        return initializer((Object) initializer, a, b);
    }

    /**
     * As {@link #initializer(Task)}, with three arguments.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param initializer runs in each worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @return this
     */
    public <A, B, C> PoolBuilder initializer(Task3<? super A, ? super B, ? super C> initializer, A a, B b, C c) {
        return initializer((Object) initializer, a, b, c);
    }

    /**
     * As {@link #initializer(Task)}, with four arguments.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <D> the fourth argument's type
     * @param initializer runs in each worker
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @param d the fourth argument
     * @return this
     */
    public <A, B, C, D> PoolBuilder initializer(Task4<? super A, ? super B, ? super C, ? super D> initializer, A a, B b, C c, D d) {
        return initializer((Object) initializer, a, b, c, d);
    }

    /**
     * Has each worker call something after its last task, when it ends because the pool was closed or has no more use for it; not when it dies or is
     * terminated.
     *
     * @param function runs in each worker
     * @return this
     */
    public PoolBuilder workerExit(Task function) {
        workerExit = Objects.requireNonNull(function, "workerExit");
        return this;
    }

    /**
     * Replaces each worker after a number of tasks; a chunk counts as one.
     *
     * @param count how many tasks; 0, the default, for any number
     * @return this
     * @throws IllegalArgumentException {@code maxtasksperchild must be a positive int or None}, if it is negative
     */
    public PoolBuilder maxTasksPerChild(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("maxtasksperchild must be a positive int or None (0 here), not " + count);
        }
        maxTasksPerChild = count;
        return this;
    }

    /**
     * Gives a task whose worker died to another worker. Only for tasks that may run twice: the first may have done anything before it died.
     * With connections, queues and the like among its arguments these are sent again, as they are then, so they have to be open still.
     *
     * @param count how often; 0 by default
     * @return this
     */
    public PoolBuilder retries(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("retries must be 0 or more, not " + count);
        }
        retries = count;
        return this;
    }

    /**
     * Bounds the time that a task runs: then its worker is killed and replaced, and the task fails with a
     * {@link java.util.concurrent.TimeoutException}. Other tasks are not touched. A chunk of a map counts as one task.
     *
     * @param timeout from when a worker begins it; null, the default, for ever
     * @return this
     */
    public PoolBuilder taskTimeout(Duration timeout) {
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("taskTimeout must be positive, not " + timeout);
        }
        taskTimeout = timeout;
        return this;
    }

    /**
     * Bounds the tasks that are accepted and not done: who submits one more waits.
     *
     * @param count how many; 0, the default, for no bound
     * @return this
     */
    public PoolBuilder maxTasksInFlight(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("maxTasksInFlight must be 0 or more, not " + count);
        }
        maxTasksInFlight = count;
        return this;
    }

    /**
     * Ends workers that have had no task for a time. The pool starts others when there is work for them.
     *
     * @param timeout how long a worker may be idle; null, the default, for ever
     * @return this
     */
    public PoolBuilder idleTimeout(Duration timeout) {
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("idleTimeout must be positive, not " + timeout);
        }
        idleTimeout = timeout;
        return this;
    }

    /**
     * Replaces a worker whose process has more memory after a task than this. For bounds that hold at any time there are {@code -Xmx} and
     * {@link Builder#limit}.
     *
     * @param bytes what is resident, as far as the system says so; 0, the default, for any
     * @return this
     */
    public PoolBuilder memoryLimit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("memoryLimit must be 0 or more, not " + bytes);
        }
        memoryLimit = bytes;
        return this;
    }

    /**
     * Shows a bar on stderr for each {@code map} and {@code imap}, drawn by {@code me.tongfei:progressbar}, an optional dependency that has to be
     * added.
     *
     * @param title what stands before the bars
     * @return this
     */
    public PoolBuilder progress(String title) {
        progress = Objects.requireNonNull(title, "title");
        return this;
    }

    /**
     * Sets options of the workers' processes, such as JVM options. The name, if one is set, is that of all workers.
     *
     * @param options gets the builder of each worker; called whenever one is started, in a thread of the pool but for the first
     * @return this
     */
    public PoolBuilder process(Consumer<? super Builder> options) {
        processOptions = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Starts a pool.
     *
     * @return the pool; its workers are executing, though not ready yet
     * @throws org.jmultiprocessing.errors.SerializationException if the initializer or an argument cannot travel
     * @throws org.jmultiprocessing.errors.OsException if the system refuses a process or memory
     * @throws IllegalStateException if progress shall be shown and the library for that is not there
     */
    public Pool build() {
        return new Pool(this);
    }
}
