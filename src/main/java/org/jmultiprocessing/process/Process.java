package org.jmultiprocessing.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.spi.Waitable;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/**
 * A child JVM with the interface of a thread ({@code multiprocessing.Process}). Give it a target and arguments, or override {@link #run()} in a
 * subclass, whose fields then travel by serialization.
 *
 * <p>The child has the class path, module path and system properties that this JVM was started with, none of its static state, and nothing on its
 * stdin. It ends when this process ends, however that comes. All methods may be called from any thread of the process that created the object;
 * exceptions carry Python's texts.
 */
public class Process implements AutoCloseable, Waitable, Serializable {
    private static final long serialVersionUID = 1L;

    private final transient ProcessState state;

    /**
     * A process that will run a target with no argument.
     *
     * @param target runs in the child
     */
    public Process(Task target) {
        this(builder(target));
    }

    /**
     * A process that will run a target with one argument.
     *
     * @param <A> the first argument's type
     * @param target runs in the child
     * @param a the first argument
     */
    public <A> Process(Task1<? super A> target, A a) {
        this(builder(target, a));
    }

    /**
     * A process that will run a target with two arguments.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param target runs in the child
     * @param a the first argument
     * @param b the second argument
     */
    public <A, B> Process(Task2<? super A, ? super B> target, A a, B b) {
        this(builder(target, a, b));
    }

    /**
     * A process that will run a target with three arguments.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param target runs in the child
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     */
    public <A, B, C> Process(Task3<? super A, ? super B, ? super C> target, A a, B b, C c) {
        this(builder(target, a, b, c));
    }

    /**
     * A process that will run a target with four arguments.
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
     */
    public <A, B, C, D> Process(Task4<? super A, ? super B, ? super C, ? super D> target, A a, B b, C c, D d) {
        this(builder(target, a, b, c, d));
    }

    /** For subclasses that override {@link #run()}: a process with default options. */
    protected Process() {
        this(new Builder(null));
    }

    /**
     * For subclasses that override {@link #run()} and set options, and what {@link Builder#build} calls.
     *
     * @param options a builder; later changes to it do not count
     */
    // The state only keeps it.
    @SuppressWarnings("this-escape")
    protected Process(Builder options) {
        this.state = new ProcessState(this, options);
    }

    /**
     * Starts to describe a process with no argument for its target.
     *
     * @param target runs in the child
     * @return what can be set before it is built
     */
    public static Builder builder(Task target) {
        return new Builder(target);
    }

    /**
     * Starts to describe a process with one argument for its target.
     *
     * @param <A> the first argument's type
     * @param target runs in the child
     * @param a the first argument
     * @return what can be set before it is built
     */
    public static <A> Builder builder(Task1<? super A> target, A a) {
        return new Builder(target, a);
    }

    /**
     * Starts to describe a process with two arguments for its target.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param target runs in the child
     * @param a the first argument
     * @param b the second argument
     * @return what can be set before it is built
     */
    public static <A, B> Builder builder(Task2<? super A, ? super B> target, A a, B b) {
        return new Builder(target, a, b);
    }

    /**
     * Starts to describe a process with three arguments for its target.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param target runs in the child
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @return what can be set before it is built
     */
    public static <A, B, C> Builder builder(Task3<? super A, ? super B, ? super C> target, A a, B b, C c) {
        return new Builder(target, a, b, c);
    }

    /**
     * Starts to describe a process with four arguments for its target.
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
     * @return what can be set before it is built
     */
    public static <A, B, C, D> Builder builder(Task4<? super A, ? super B, ? super C, ? super D> target, A a, B b, C c, D d) {
        return new Builder(target, a, b, c, d);
    }

    /**
     * Starts to describe a process.
     *
     * @return what can be set before it is built; without a target it is of use for subclasses only
     */
    public static Builder builder() {
        return new Builder(null);
    }

    /**
     * What the child does. This runs the target, if there is one; a subclass overrides it. An exception is printed to the child's stderr after
     * {@code Process NAME:} and makes the exit code 1. {@code System.out} and {@code System.err} are flushed when this ends; {@code System.exit} ends
     * the child as it does any JVM, without flushing a stream of one's own that {@code System.setOut} installed: flush that first.
     *
     * @throws Exception what went wrong
     */
    public void run() throws Exception {
        state().runTarget();
    }

    /**
     * Starts the child. Blocks until the new program is executing, not until it has read its start data. The target and its arguments are written
     * in this thread, so what cannot be written fails here; they are let go afterwards.
     *
     * @throws IllegalStateException {@code cannot start a process twice}, {@code can only start a process object created by current process},
     *         {@code process object is closed}; or while a child has not yet finished its bootstrapping phase
     * @throws org.jmultiprocessing.errors.SerializationException if the target or an argument cannot travel
     * @throws org.jmultiprocessing.errors.OsException if the system refuses, naming the step
     */
    public void start() {
        state().start();
    }

    /**
     * Waits for the child's end. Interruptible.
     *
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException {@code can only join a started process}, {@code can only join a child process},
     *         {@code process object is closed}
     */
    public void join() throws InterruptedException {
        join(null);
    }

    /**
     * Waits for the child's end for a time. Interruptible.
     *
     * @param timeout how long; null for ever; zero or less only looks
     * @return whether it has ended
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException as in {@link #join()}
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return childState("can only join a child process").join(timeout);
    }

    /**
     * @return whether the child runs; true in the child itself
     * @throws IllegalStateException {@code can only test a child process}, {@code process object is closed}
     */
    public boolean isAlive() {
        if (ThisProcess.subclass() == this) {
            return true;
        }
        return childState("can only test a child process").isAlive();
    }

    /** @return the process id; empty before {@link #start()}, kept after the end */
    public OptionalLong pid() {
        return state == null || ThisProcess.subclass() == this ? OptionalLong.of(ThisProcess.pid()) : state.pid();
    }

    /** @return the exit code, {@code -N} if signal N ended the child; empty before its end */
    public OptionalInt exitCode() {
        return exitStatus().map(status -> OptionalInt.of(status.code())).orElseGet(OptionalInt::empty);
    }

    /** @return how the child ended; empty before that */
    public Optional<ExitStatus> exitStatus() {
        return state().exitStatus();
    }

    /**
     * @return a future of the child's end. It is a copy: completing or cancelling it changes nothing here. Its dependents run in the common pool
     * @throws IllegalStateException {@code process not started}
     */
    public CompletableFuture<ExitStatus> onExit() {
        return state().onExit(null);
    }

    /**
     * @param executor where the future's dependents run
     * @return as {@link #onExit()}
     * @throws IllegalStateException {@code process not started}
     */
    public CompletableFuture<ExitStatus> onExit(Executor executor) {
        return state().onExit(Objects.requireNonNull(executor, "executor"));
    }

    /** @return the name, {@code Process-1} and so on by default, {@code Process-1:2} in a child */
    public String name() {
        return state == null ? ThisProcess.name() : state.name();
    }

    /** @param name a new name; it need not be unique. The child has the name that was set when it was started */
    public void setName(String name) {
        state().setName(name);
    }

    /** @return whether the child is terminated when this process exits, instead of waited for */
    public boolean daemon() {
        return state == null ? ThisProcess.daemon() : state.daemon();
    }

    /**
     * @param daemon whether the child is to be terminated when this process exits
     * @throws IllegalStateException {@code process has already started}
     */
    public void setDaemon(boolean daemon) {
        state().setDaemon(daemon);
    }

    /** @return how the child descends from the main process, such as {@code {1, 2}} */
    public int[] identity() {
        return state == null ? ThisProcess.identity() : state.identity();
    }

    /**
     * @return a descriptor that becomes readable when the child ends, for {@code ConnectionWait}; it belongs to this object
     * @throws IllegalStateException {@code process not started}
     */
    public int sentinel() {
        return state().sentinel();
    }

    @Override
    public int waitDescriptor() {
        return sentinel();
    }

    /** Sends SIGTERM: the child runs its shutdown hooks and ends with {@code -15}. Its own children end with it. Nothing if it has ended. */
    public void terminate() {
        state().kill("TERM");
    }

    /**
     * Sends SIGKILL: the child ends at once with {@code -9}. Its own children end within a second, those that are still starting as soon as they
     * have. Nothing if it has ended.
     */
    public void kill() {
        state().kill("KILL");
    }

    /**
     * Sends SIGINT, as Ctrl-C does: without a handler of its own the child ends with {@code -2}. Nothing if it has ended, or if this process was
     * started with SIGINT ignored (a background job of a shell), which its children inherit.
     */
    public void interrupt() {
        state().kill("INT");
    }

    /** @return the stream into the child's stdin; null unless the builder said {@code Redirect.PIPE} and it is started */
    public OutputStream stdin() {
        return state().child().stdin();
    }

    /** @return the stream out of the child's stdout; null unless the builder said {@code Redirect.PIPE} and it is started */
    public InputStream stdout() {
        return state().child().stdout();
    }

    /** @return the stream out of the child's stderr; null unless the builder said {@code Redirect.PIPE} and it is started */
    public InputStream stderr() {
        return state().child().stderr();
    }

    /**
     * Lets go of the child's resources: the sentinel, and this process's ends of the streams that are pipes, so read first what they hold; a thread
     * that reads one gets an {@link java.io.IOException}. Afterwards nearly every method throws {@code process object is closed}. Does nothing the
     * second time.
     *
     * @throws IllegalStateException {@code Cannot close a process while it is still running. You should first call join() or terminate().}
     */
    @Override
    public void close() {
        state().close();
    }

    /** @return as Python shows it, such as {@code <Process name='Process-1' pid=7 parent=6 stopped exitcode=-SIGTERM>} */
    @Override
    public String toString() {
        return state == null ? CurrentProcess.get().toString() : state.toString();
    }

    /**
     * @return the children of this process that were started and have not ended, oldest first ({@code multiprocessing.active_children})
     */
    public static List<Process> active() {
        return ProcessState.active();
    }

    final ProcessState state() {
        return childState("can only use a process object in the process that created it");
    }

    private ProcessState childState(String elsewhere) {
        if (state == null) {
            throw new IllegalStateException(elsewhere);
        }
        return state;
    }
}
