package org.jmultiprocessing.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.internal.wire.BoxedList;

/** A map over all elements of a collection: its result is there when all chunks are, in the order of the elements. */
final class MapJob implements AsyncResult.Work, Arrival {
    /**
     * Bytes of elements that are under way at most while a caller waits, for each worker, unless one chunk takes more: two large tasks and one that
     * is being written. More would be no faster, but in memory that nobody has touched before, which takes as long as copying.
     */
    private static final long MOST_BYTES_EACH = 3 << 20;
    private static final int FEWEST_WORKERS = 2;

    private final Engine.Job job;
    private final AsyncResult<List<Object>> result;
    private final Progress progress;
    private final Part[] parts;
    private final Object[] elements;
    private final int chunkSize;
    private final long mostBytes;
    private final AtomicInteger missing;
    /** Of each chunk that was decoded, in their order: an array of objects or of numbers. */
    private final Object[] values;
    private Throwable failure;

    /** Of elements that are under way. */
    private final AtomicLong bytes = new AtomicLong();
    private volatile Thread caller;
    /** The part that the caller waits for. */
    private volatile int awaited = -1;
    private volatile int submitted;

    private MapJob(Engine engine, int kind, Object function, Object[] elements, int chunkSize) {
        engine.checkRunning();
        this.elements = elements;
        this.chunkSize = chunkSize != 0 ? chunkSize : Math.max(1, (int) Math.ceil(elements.length / (4.0 * engine.size())));
        this.parts = new Part[(int) (((long) elements.length + this.chunkSize - 1) / this.chunkSize)];
        this.mostBytes = MOST_BYTES_EACH * Math.max(FEWEST_WORKERS, engine.size());
        this.missing = new AtomicInteger(parts.length);
        this.values = new Object[parts.length];
        this.job = engine.job(kind, function);
        this.progress = engine.progress(elements.length);
        this.result = new AsyncResult<>(engine.callbacks(), this);
        if (parts.length == 0) {
            end();
            result.complete(list());
        }
    }

    /**
     * Submits all chunks.
     *
     * @param elements to be mapped
     * @param chunkSize how many in a chunk; 0 for a size that gives each worker four
     */
    static AsyncResult<List<Object>> start(Engine engine, int kind, Object function, Object[] elements, int chunkSize) {
        MapJob map = new MapJob(engine, kind, function, elements, chunkSize);
        boolean done = false;
        try {
            while (map.submitted < map.parts.length) {
                map.submitNext();
            }
            done = true;
        } finally {
            if (!done) {
                map.cancel(false);
            }
        }
        return map.result;
    }

    /**
     * As {@link #start}, and waits. Meanwhile it encodes no more ahead than keeps the workers busy, and decodes what has come.
     *
     * @throws InterruptedException if the thread is interrupted; what was not begun is cancelled
     */
    static List<Object> run(Engine engine, int kind, Object function, Object[] elements, int chunkSize) throws InterruptedException {
        MapJob map = new MapJob(engine, kind, function, elements, chunkSize);
        map.caller = Thread.currentThread();
        boolean done = false;
        try {
            map.feedAndTake();
            done = true;
        } finally {
            map.caller = null;
            if (!done) {
                map.cancel(false);
            }
        }
        if (map.failure != null) {
            throw Rethrow.any(map.failure);
        }
        return map.list();
    }

    private void feedAndTake() throws InterruptedException {
        int taken = 0;
        while (taken < parts.length) {
            while (submitted < parts.length && (bytes.get() < mostBytes || submitted == taken)) {
                submitNext();
            }
            awaited = taken;
            while (parts[taken].outcome == null && !isStarving()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for results");
                }
                LockSupport.park(this);
            }
            if (parts[taken].outcome != null) {
                take(taken++);
            }
        }
    }

    /** Whether workers may soon have nothing to do although there is something. */
    private boolean isStarving() {
        return submitted < parts.length && bytes.get() < mostBytes / 2;
    }

    private void submitNext() {
        int index = submitted;
        int start = index * chunkSize;
        parts[index] = new Part();
        parts[index].submit(index, Arrays.copyOfRange(elements, start, Math.min(elements.length, start + chunkSize)));
        submitted = index + 1;
    }

    /** Decodes a part that has come. */
    private void take(int index) {
        Chunk chunk = parts[index].outcome.open();
        parts[index] = null;
        if (failure == null) {
            failure = chunk.firstFailure();
            values[index] = chunk.values();
        }
    }

    /** All results. Numbers stay as they came: memory that nobody has touched before costs more than to box them when they are asked for. */
    private List<Object> list() {
        boolean numbers = values.length > 0;
        for (Object some : values) {
            numbers &= !(some instanceof Object[]);
        }
        if (numbers) {
            return new BoxedList(values);
        }
        List<Object> list = new ArrayList<>(elements.length);
        for (Object some : values) {
            list.addAll(some instanceof Object[] objects ? Arrays.asList(objects) : new BoxedList(new Object[] {some}));
        }
        return list;
    }

    /** One chunk. */
    private final class Part implements Engine.ChunkSink {
        private final AtomicInteger weight = new AtomicInteger();
        private volatile Engine.Ticket ticket;
        private volatile Engine.LazyChunk outcome;

        void submit(int index, Object[] chunk) {
            Engine.Ticket handedIn = job.submit(index, chunk, this);
            ticket = handedIn;
            weight.set(handedIn.weight());
            bytes.addAndGet(handedIn.weight());
            if (outcome != null) {
                release();
            }
        }

        /** What is submitted may be done before that is noted: whoever comes second counts it off. */
        private void release() {
            ticket = null;
            bytes.addAndGet(-weight.getAndSet(0));
        }

        @Override
        public AsyncResult<?> arrived(int index, Engine.LazyChunk chunk) {
            outcome = chunk;
            release();
            Thread waiting = caller;
            if (waiting != null && (index == awaited || isStarving())) {
                LockSupport.unpark(waiting);
            }
            progress.step(Math.min(chunkSize, elements.length - index * chunkSize));
            if (missing.decrementAndGet() > 0) {
                return null;
            }
            end();
            return waiting != null ? null : result.arrive(MapJob.this);
        }
    }

    @Override
    public Object open() throws Throwable {
        for (int i = 0; i < parts.length; i++) {
            take(i);
        }
        if (failure != null) {
            throw failure;
        }
        return list();
    }

    /** What runs and may not be ended runs on, for nobody. */
    @Override
    public boolean cancel(boolean running) {
        for (Part part : parts) {
            Engine.Ticket ticket = part == null ? null : part.ticket;
            if (ticket != null) {
                ticket.cancel(running);
            }
        }
        end();
        return true;
    }

    private void end() {
        job.close();
        progress.close();
    }
}
