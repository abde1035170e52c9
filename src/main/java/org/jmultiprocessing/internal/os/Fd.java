package org.jmultiprocessing.internal.os;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/**
 * Owns one descriptor. Each use is counted, and the descriptor is closed when it is both closed and out of use, so that a number that the system
 * gives to something else meanwhile is never touched. Closing wakes those who wait. Safe for any number of threads.
 */
public final class Fd implements AutoCloseable {
    /** Event of {@link #await}: there is something to read, or the other end is closed. */
    public static final int READABLE = Posix.READABLE;
    /** Event of {@link #await}: there is room to write, or the other end is closed. */
    public static final int WRITABLE = Posix.WRITABLE;

    /** The counting part, reachable from the cleaner, which must not reach the {@link Fd}. */
    private static final class State implements Runnable {
        private final int raw;
        private int uses;
        private boolean closed;
        private List<Wakeable> waiting;

        State(int raw) {
            this.raw = raw;
        }

        synchronized boolean acquire() {
            if (closed) {
                return false;
            }
            uses++;
            return true;
        }

        void release() {
            boolean last;
            synchronized (this) {
                last = --uses == 0 && closed;
            }
            if (last) {
                Binding.posix().close(raw);
            }
        }

        boolean close() {
            List<Wakeable> wake;
            boolean last;
            synchronized (this) {
                if (closed) {
                    return false;
                }
                closed = true;
                last = uses == 0;
                wake = waiting == null ? List.of() : List.copyOf(waiting);
            }
            for (Wakeable waiter : wake) {
                waiter.wake();
            }
            if (last) {
                Binding.posix().close(raw);
            }
            return true;
        }

        synchronized void abandon() {
            if (!closed) {
                closed = true;
                Binding.posix().close(raw);
            }
        }

        synchronized boolean isClosed() {
            return closed;
        }

        synchronized boolean enter(Wakeable waiter) {
            if (closed) {
                return false;
            }
            if (waiting == null) {
                waiting = new ArrayList<>(1);
            }
            waiting.add(waiter);
            return true;
        }

        synchronized void leave(Wakeable waiter) {
            if (waiting != null) {
                waiting.remove(waiter);
            }
        }

        @Override
        public void run() {
            close();
        }
    }

    private final State state;
    private final String name;
    private final Cleaner.Cleanable cleanable;

    private Fd(int raw, String name, boolean cleaned) {
        this.state = new State(raw);
        this.name = name;
        this.cleanable = cleaned ? Cleaning.cleaner().register(this, state) : null;
    }

    /**
     * @param raw an open descriptor that from now on belongs to the result
     * @param name what it is, for error texts
     * @return its owner; it is closed too when the owner becomes unreachable
     */
    public static Fd owning(int raw, String name) {
        return new Fd(raw, name, true);
    }

    /**
     * @param raw an open descriptor that from now on belongs to the result
     * @param name what it is, for error texts
     * @return its owner, meant to live as long as the process: no cleaner watches over it
     */
    public static Fd lasting(int raw, String name) {
        return new Fd(raw, name, false);
    }

    /**
     * Starts a use; every use needs a {@link #release}.
     *
     * @return the descriptor, good until then
     * @throws OsException if it is closed
     */
    public int acquire() {
        if (!state.acquire()) {
            throw closed();
        }
        return state.raw;
    }

    /** Ends a use. */
    public void release() {
        state.release();
    }

    /** @return the exception that says that this is closed: Python's {@code handle is closed} */
    public OsException closed() {
        return new OsException(name, "", "EBADF", "handle is closed");
    }

    /** @return the number, for showing and for handing to others who know that it may be closed at any time */
    public int number() {
        return state.raw;
    }

    /** @return whether {@link #close} was called */
    public boolean isClosed() {
        return state.isClosed();
    }

    /** @return what it is, for error texts */
    public String name() {
        return name;
    }

    /** Closes the descriptor as soon as nobody uses it, and wakes those who wait for it. Does nothing the second time. */
    @Override
    public void close() {
        if (cleanable != null) {
            cleanable.clean();
        } else {
            state.close();
        }
    }

    /** In a forked child: closes the descriptor at once, since those who use it are threads of the parent. */
    public void abandon() {
        state.abandon();
    }

    /**
     * Blocks until the descriptor is ready. A virtual thread parks. May return too early; try the operation and come back.
     *
     * @param events {@link Posix#READABLE}, {@link Posix#WRITABLE} or both
     * @param deadline how long
     * @return false if the time is over
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws OsException if it is closed, before or while waiting
     */
    public boolean await(int events, Deadline deadline) throws InterruptedException {
        int raw = acquire();
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException(name);
            }
            boolean ready = Parker.isVirtual() ? awaitParked(raw, events, deadline) : awaitBlocked(raw, events, deadline);
            if (isClosed()) {
                throw closed();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException(name);
            }
            return ready || !deadline.isOver();
        } finally {
            release();
        }
    }

    /** @return whether it is readable now; false if it is closed. Ignores interrupts */
    public boolean isReadable() {
        if (!state.acquire()) {
            return false;
        }
        try {
            return OsErrors.check("poll", name, Binding.posix().await(state.raw, Posix.READABLE, -1, 0)) != 0;
        } finally {
            release();
        }
    }

    /**
     * Calls a listener once, when the descriptor is readable, on the process's watcher thread. The descriptor stays in use until then.
     *
     * @param listener must not block or throw
     */
    public void whenReadable(Runnable listener) {
        Watcher watcher = Watcher.get();
        Readable readable = new Readable(this, listener);
        int raw = acquire();
        try {
            watcher.add(raw, Posix.READABLE, readable);
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    /** A class, not a lambda: see {@link Watcher}. */
    private record Readable(Fd fd, Runnable listener) implements Watcher.Listener {
        @Override
        public void ready() {
            fd.release();
            listener.run();
        }
    }

    /**
     * As {@link #whenReadable}, but {@link #close} does not wait for that: it calls the listener, in the closing thread.
     *
     * @param listener must not block or throw
     */
    public void whenReadableOrClosed(Runnable listener) {
        Watcher watcher = Watcher.get();
        ReadableOrClosed watched = new ReadableOrClosed(this, acquire(), watcher, listener);
        boolean added = false;
        try {
            watcher.add(watched.raw, Posix.READABLE, watched);
            added = true;
        } finally {
            if (!added) {
                release();
            }
        }
        if (!state.enter(watched)) {
            watched.wake();
        }
    }

    /** Told by the watcher, by who closes, or by both: it calls once. */
    private static final class ReadableOrClosed implements Watcher.Listener, Wakeable {
        private final Fd fd;
        private final int raw;
        private final Watcher watcher;
        private final Runnable listener;
        private final AtomicBoolean told = new AtomicBoolean();

        ReadableOrClosed(Fd fd, int raw, Watcher watcher, Runnable listener) {
            this.fd = fd;
            this.raw = raw;
            this.watcher = watcher;
            this.listener = listener;
        }

        @Override
        public void ready() {
            if (told.compareAndSet(false, true)) {
                fd.state.leave(this);
                fd.release();
                listener.run();
            }
        }

        @Override
        public void wake() {
            if (told.compareAndSet(false, true)) {
                watcher.remove(raw, this);
                fd.release();
                listener.run();
            }
        }
    }

    /** Has a waiter woken by {@link #close}; false if that has happened already. */
    boolean enter(Wakeable waiter) {
        return state.enter(waiter);
    }

    /** Ends {@link #enter}; harmless if that said false. */
    void leave(Wakeable waiter) {
        state.leave(waiter);
    }

    private boolean awaitBlocked(int raw, int events, Deadline deadline) {
        Waker waker = Waker.take();
        try {
            if (!state.enter(waker)) {
                return false;
            }
            try {
                int result = waker.await(raw, events, deadline.remaining());
                if (result < 0) {
                    throw OsErrors.of("poll", name, result);
                }
                return (result & events) != 0;
            } finally {
                state.leave(waker);
            }
        } finally {
            waker.giveBack();
        }
    }

    private boolean awaitParked(int raw, int events, Deadline deadline) {
        Parker parker = new Parker();
        if (!state.enter(parker)) {
            return false;
        }
        try {
            return parker.await(raw, events, deadline);
        } finally {
            state.leave(parker);
        }
    }

    /** @return what it is and its number */
    @Override
    public String toString() {
        return name + " (fd " + state.raw + (isClosed() ? ", closed)" : ")");
    }
}
