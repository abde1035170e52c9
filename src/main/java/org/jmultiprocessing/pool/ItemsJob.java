package org.jmultiprocessing.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.internal.os.Deadline;

/** An {@code imap}: submits as results are asked for. All but {@link Slot#arrived} is for the consumer's thread. */
final class ItemsJob<R> implements ResultIterator<R> {
    /** Bytes of elements that are under way at most, unless two chunks take more. */
    private static final long MOST_BYTES = 16 << 20;

    private final Engine.Job job;
    private final Progress progress;
    private final Iterator<?> input;
    private final int chunkSize;
    private final boolean ordered;
    private final int lookAhead;
    /** Ordered: those under way. */
    private final ArrayDeque<Slot> line = new ArrayDeque<>();
    /** Unordered: those under way. */
    private final Set<Slot> crowd = new HashSet<>();
    /** Unordered: those that have arrived. */
    private final ConcurrentLinkedQueue<Slot> arrived = new ConcurrentLinkedQueue<>();

    private volatile Thread consumer;
    private int submitted;
    private int outstanding;
    private long bytes;
    private boolean inputEnded;
    private Throwable inputFailure;
    private boolean closed;
    private Chunk current;
    private int position;

    /** @param lookAhead elements that may be under way or waiting to be taken */
    ItemsJob(Engine engine, int kind, Object function, Iterable<?> input, int chunkSize, boolean ordered, int lookAhead) {
        engine.checkRunning();
        this.job = engine.job(kind, function);
        this.progress = engine.progress(input instanceof Collection ? ((Collection<?>) input).size() : -1);
        this.input = input.iterator();
        this.chunkSize = chunkSize;
        this.ordered = ordered;
        this.lookAhead = Math.max(1, lookAhead / chunkSize);
        feed();
    }

    /** A chunk under way. */
    private final class Slot implements Engine.ChunkSink {
        private Engine.Ticket ticket;
        private volatile Engine.LazyChunk outcome;

        @Override
        public AsyncResult<?> arrived(int index, Engine.LazyChunk chunk) {
            outcome = chunk;
            if (!ordered) {
                arrived.add(this);
            }
            Thread waiting = consumer;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
            return null;
        }
    }

    // ---- in ----

    /** Submits as much as may be under way. */
    private void feed() {
        while (!inputEnded && outstanding < lookAhead && (bytes < MOST_BYTES || outstanding < 2)) {
            List<Object> elements = new ArrayList<>(Math.min(chunkSize, 1024));
            try {
                while (elements.size() < chunkSize && input.hasNext()) {
                    elements.add(input.next());
                }
                inputEnded = elements.size() < chunkSize;
            } catch (Throwable failure) {
                inputFailure = failure;
                inputEnded = true;
            }
            if (!elements.isEmpty()) {
                submit(elements.toArray());
            }
        }
        if (inputEnded && outstanding == 0) {
            job.close();
        }
    }

    private void submit(Object[] elements) {
        Slot slot = new Slot();
        slot.ticket = job.submit(submitted++, elements, slot);
        bytes += slot.ticket.weight();
        outstanding++;
        if (ordered) {
            line.add(slot);
        } else {
            crowd.add(slot);
        }
    }

    // ---- out ----

    @Override
    public boolean hasNext() {
        if (current != null || outstanding > 0) {
            return true;
        }
        if (!closed) {
            feed();
        }
        return outstanding > 0 || inputFailure != null;
    }

    @Override
    public R next() {
        try {
            return next(Deadline.NEVER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while waiting for a result; it can be asked for again", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a wait without end has ended", e);
        }
    }

    @Override
    public R next(Duration timeout) throws TimeoutException, InterruptedException {
        return next(Deadline.after(timeout));
    }

    private R next(Deadline deadline) throws TimeoutException, InterruptedException {
        if (closed) {
            throw new CancellationException("the results were closed");
        }
        if (current == null) {
            if (outstanding <= lookAhead / 2) {
                feed();
            }
            if (outstanding == 0) {
                throw Rethrow.any(end());
            }
            Slot slot = await(deadline);
            outstanding--;
            bytes -= slot.ticket.weight();
            current = slot.outcome.open();
            position = 0;
        }
        progress.step(1);
        int at = position++;
        Chunk chunk = current;
        if (position == chunk.size()) {
            current = null;
            if (inputEnded && outstanding == 0 && inputFailure == null) {
                progress.close();
            }
        }
        if (chunk.failure(at) != null) {
            throw Rethrow.any(chunk.failure(at));
        }
        @SuppressWarnings("unchecked") // The function's result, which the compiler has checked.
        R value = (R) chunk.value(at);
        return value;
    }

    private Throwable end() {
        progress.close();
        Throwable failure = inputFailure;
        inputFailure = null;
        return failure != null ? failure : new NoSuchElementException("no more results");
    }

    private Slot await(Deadline deadline) throws TimeoutException, InterruptedException {
        Slot slot = poll();
        if (slot != null) {
            return slot;
        }
        consumer = Thread.currentThread();
        try {
            for (slot = poll(); slot == null; slot = poll()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for a result");
                }
                long nanos = deadline.remaining();
                if (nanos == 0) {
                    throw new TimeoutException("no result in time");
                } else if (nanos < 0) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, nanos);
                }
            }
            return slot;
        } finally {
            consumer = null;
        }
    }

    private Slot poll() {
        if (ordered) {
            return line.peek().outcome == null ? null : line.poll();
        }
        Slot slot = arrived.poll();
        crowd.remove(slot);
        return slot;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            line.forEach(slot -> slot.ticket.cancel(false));
            crowd.forEach(slot -> slot.ticket.cancel(false));
            line.clear();
            crowd.clear();
            outstanding = 0;
            current = null;
            inputFailure = null;
            job.close();
            progress.close();
        }
    }
}
