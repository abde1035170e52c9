package org.jmultiprocessing.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A map over all elements of a collection: its result is there when all chunks are, in the order of the elements. */
final class MapJob implements AsyncResult.Work, Arrival {
    /** Bytes of elements that are under way at most while a caller waits, unless one chunk takes more. */
    private static final long MOST_BYTES = 16 << 20;

    private final Engine.Job job;
    private final AsyncResult<List<Object>> result;
    private final Part[] parts;
    private final Object[] elements;
    private final int chunkSize;
    private final AtomicInteger missing;
    private final AtomicLong bytes = new AtomicLong();
    private volatile Thread feeder;

    private MapJob(Engine engine, int kind, Object function, Object[] elements, int chunkSize) {
        engine.checkRunning();
        this.elements = elements;
        this.chunkSize = chunkSize != 0 ? chunkSize : Math.max(1, (int) Math.ceil(elements.length / (4.0 * engine.size())));
        this.parts = new Part[(int) (((long) elements.length + this.chunkSize - 1) / this.chunkSize)];
        this.missing = new AtomicInteger(parts.length);
        this.job = engine.job(kind, function);
        this.result = new AsyncResult<>(engine.callbacks(), this);
        if (parts.length == 0) {
            job.close();
            result.complete(new ArrayList<>());
        }
    }

    /**
     * Submits all chunks.
     *
     * @param elements to be mapped
     * @param chunkSize how many in a chunk; 0 for a size that gives each worker four
     */
    static AsyncResult<List<Object>> start(Engine engine, int kind, Object function, Object[] elements, int chunkSize) {
        try {
            return new MapJob(engine, kind, function, elements, chunkSize).submitAll(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException("what does not wait was interrupted", e);
        }
    }

    /**
     * As {@link #start}, for a caller who waits for the result anyway: encodes no more ahead than keeps the workers busy.
     *
     * @throws InterruptedException if the thread is interrupted; what was not begun is cancelled
     */
    static AsyncResult<List<Object>> feed(Engine engine, int kind, Object function, Object[] elements, int chunkSize) throws InterruptedException {
        return new MapJob(engine, kind, function, elements, chunkSize).submitAll(MOST_BYTES);
    }

    private AsyncResult<List<Object>> submitAll(long mostBytes) throws InterruptedException {
        feeder = Thread.currentThread();
        boolean submitted = false;
        try {
            for (int i = 0; i < parts.length; i++) {
                int start = i * chunkSize;
                parts[i] = new Part();
                parts[i].submit(i, Arrays.copyOfRange(elements, start, Math.min(elements.length, start + chunkSize)));
                while (bytes.get() > mostBytes) {
                    LockSupport.park(this);
                    if (Thread.interrupted()) {
                        throw new InterruptedException("interrupted while submitting elements");
                    }
                }
            }
            submitted = true;
        } finally {
            feeder = null;
            if (!submitted) {
                cancel(false);
            }
        }
        return result;
    }

    /** One chunk. */
    private final class Part implements Engine.ChunkSink {
        private volatile Engine.Ticket ticket;
        private volatile Engine.LazyChunk outcome;
        private int weight;

        void submit(int index, Object[] chunk) {
            Engine.Ticket submitted = job.submit(index, chunk, this);
            weight = submitted.weight();
            ticket = submitted;
            bytes.addAndGet(weight);
            if (outcome != null) {
                release();
            }
        }

        /** What is submitted may be done before that is noted. Whoever comes second counts it off. */
        private synchronized void release() {
            if (ticket != null) {
                ticket = null;
                bytes.addAndGet(-weight);
                LockSupport.unpark(feeder);
            }
        }

        @Override
        public AsyncResult<?> arrived(int index, Engine.LazyChunk chunk) {
            outcome = chunk;
            if (ticket != null) {
                release();
            }
            if (missing.decrementAndGet() > 0) {
                return null;
            }
            job.close();
            return result.arrive(MapJob.this);
        }
    }

    @Override
    public Object open() throws Throwable {
        List<Object> values = new ArrayList<>(elements.length);
        Throwable failure = null;
        for (int i = 0; i < parts.length; i++) {
            Chunk chunk = parts[i].outcome.open();
            parts[i] = null;
            if (failure == null) {
                failure = chunk.firstFailure();
                values.addAll(Arrays.asList(chunk.values()));
            }
        }
        if (failure != null) {
            throw failure;
        }
        return values;
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
        job.close();
        return true;
    }
}
