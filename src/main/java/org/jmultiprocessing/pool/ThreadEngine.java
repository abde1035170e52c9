package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jmultiprocessing.errors.BrokenPoolException;
import org.jmultiprocessing.task.Task;

/** Runs work in threads of this process. */
final class ThreadEngine implements Engine {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name = "jmp-threads-" + NUMBERS.incrementAndGet();
    private final int size;
    private final Task initializer;
    private final Aftermath aftermath = new Aftermath(name);
    private final AtomicInteger threadNumbers = new AtomicInteger();
    private final ThreadPoolExecutor threads;
    private volatile BrokenPoolException broken;

    ThreadEngine(int size, Task initializer) {
        this.size = size;
        this.initializer = initializer;
        this.threads = new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread, this::reject);
        threads.prestartAllCoreThreads();
    }

    private Thread thread(Runnable loop) {
        Thread thread = new Thread(null, () -> {
            if (initialize()) {
                loop.run();
            }
        }, name + "-worker-" + threadNumbers.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        return thread;
    }

    private boolean initialize() {
        try {
            initializer.run();
            return true;
        } catch (Throwable failure) {
            BrokenPoolException why = new BrokenPoolException("the initializer failed in " + Thread.currentThread().getName()
                    + ", so the pool has ended: " + failure, failure);
            broken = why;
            failAll(threads.shutdownNow(), why);
            // The executor counts this thread until its loop has been run; interrupted, that ends at once.
            return true;
        }
    }

    private void reject(Runnable task, ThreadPoolExecutor executor) {
        throw new RejectedExecutionException("Pool not running", broken);
    }

    private void failAll(List<Runnable> tasks, Throwable why) {
        for (Runnable task : tasks) {
            ((Item) task).fail(why);
        }
    }

    String name() {
        return name;
    }

    @Override
    public Progress progress(long total) {
        return Progress.NONE;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Executor callbacks() {
        return aftermath.callbacks();
    }

    @Override
    public void checkRunning() {
        if (threads.isShutdown()) {
            reject(null, threads);
        }
    }

    void shutdown() {
        threads.shutdown();
    }

    void terminate() {
        failAll(threads.shutdownNow(), new CancellationException("Pool terminated"));
    }

    List<Runnable> shutdownNow() {
        return threads.shutdownNow();
    }

    boolean isShutdown() {
        return threads.isShutdown();
    }

    boolean isTerminated() {
        return threads.isTerminated();
    }

    boolean awaitEnd(Duration timeout) throws InterruptedException {
        long nanos = timeout == null || timeout.getSeconds() > Long.MAX_VALUE / 2_000_000_000L ? Long.MAX_VALUE : timeout.toNanos();
        return threads.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }

    // ---- work ----

    /** Something to run, once. */
    private abstract class Item implements Runnable, AsyncResult.Work, Ticket {
        private static final int WAITS = 0;
        private static final int RUNS = 1;
        private static final int IS_OVER = 2;

        private final AtomicInteger state = new AtomicInteger(WAITS);
        private Thread runner;

        abstract void work();

        abstract void give(Throwable failure);

        @Override
        public final void run() {
            synchronized (this) {
                if (!state.compareAndSet(WAITS, RUNS)) {
                    return;
                }
                runner = Thread.currentThread();
            }
            try {
                work();
            } finally {
                synchronized (this) {
                    runner = null;
                    // An interrupt that was meant for this must not hit the next.
                    if (state.getAndSet(IS_OVER) == IS_OVER) {
                        Thread.interrupted();
                    }
                }
            }
        }

        /** Returns whether what came of the work may be told: it was not cancelled. */
        final boolean ends() {
            return state.compareAndSet(RUNS, IS_OVER);
        }

        final void fail(Throwable why) {
            if (state.compareAndSet(WAITS, IS_OVER)) {
                give(why);
            }
        }

        @Override
        public final boolean cancel(boolean running) {
            if (state.compareAndSet(WAITS, IS_OVER)) {
                threads.remove(this);
                return true;
            }
            synchronized (this) {
                if (running && runner != null && state.compareAndSet(RUNS, IS_OVER)) {
                    runner.interrupt();
                    return true;
                }
                return false;
            }
        }

        @Override
        public final int weight() {
            return 0;
        }
    }

    private void settle(AsyncResult<?> result) {
        if (result != null) {
            result.settle();
        }
    }

    @Override
    public AsyncResult<Object> call(Object function, Object[] arguments) {
        Call call = new Call(function, arguments);
        threads.execute(call);
        return call.result;
    }

    private final class Call extends Item {
        private final Object function;
        private final Object[] arguments;
        private final AsyncResult<Object> result = new AsyncResult<>(callbacks(), this);

        Call(Object function, Object[] arguments) {
            this.function = function;
            this.arguments = arguments;
        }

        @Override
        void work() {
            Object value;
            try {
                value = TaskCall.invoke(function, arguments);
            } catch (Throwable failure) {
                if (ends()) {
                    give(failure);
                }
                return;
            }
            if (ends()) {
                settle(result.arrive(() -> value));
            }
        }

        @Override
        void give(Throwable failure) {
            settle(result.arrive(() -> {
                throw failure;
            }));
        }
    }

    @Override
    public Job job(int kind, Object function) {
        return new ThreadJob(kind, function);
    }

    private final class ThreadJob implements Job {
        private final int kind;
        private final Object function;

        ThreadJob(int kind, Object function) {
            this.kind = kind;
            this.function = function;
        }

        @Override
        public Ticket submit(int index, Object[] elements, ChunkSink sink) {
            Part part = new Part(this, index, elements, sink);
            threads.execute(part);
            return part;
        }

        @Override
        public void close() { }
    }

    private final class Part extends Item {
        private final ThreadJob job;
        private final int index;
        private final Object[] elements;
        private final ChunkSink sink;

        Part(ThreadJob job, int index, Object[] elements, ChunkSink sink) {
            this.job = job;
            this.index = index;
            this.elements = elements;
            this.sink = sink;
        }

        @Override
        void work() {
            ChunkRun run = new ChunkRun(job.kind, job.function, elements);
            run.run();
            if (ends()) {
                settle(sink.arrived(index, () -> new Chunk(run.values(), run.failures())));
            }
        }

        @Override
        void give(Throwable failure) {
            settle(sink.arrived(index, () -> Chunk.failed(elements.length, failure)));
        }
    }
}
