package org.jmultiprocessing.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A map over all elements of a collection: its result is there when all chunks are, in the order of the elements. */
final class MapJob implements Engine.ChunkSink, AsyncResult.Work, Arrival {
    private final Engine.Job job;
    private final AsyncResult<List<Object>> result;
    private final Engine.LazyChunk[] chunks;
    private final Engine.Ticket[] tickets;
    private final AtomicInteger missing;
    private final int elements;

    private MapJob(Engine engine, int kind, Object function, int elements, int chunks) {
        this.job = engine.job(kind, function);
        this.result = new AsyncResult<>(engine.callbacks(), this);
        this.chunks = new Engine.LazyChunk[chunks];
        this.tickets = new Engine.Ticket[chunks];
        this.missing = new AtomicInteger(chunks);
        this.elements = elements;
    }

    /**
     * Submits all chunks.
     *
     * @param elements to be mapped
     * @param chunkSize how many in a chunk; 0 for a size that gives each worker four
     */
    static AsyncResult<List<Object>> start(Engine engine, int kind, Object function, Object[] elements, int chunkSize) {
        engine.checkRunning();
        int size = chunkSize != 0 ? chunkSize : Math.max(1, (int) Math.ceil(elements.length / (4.0 * engine.size())));
        int count = (int) (((long) elements.length + size - 1) / size);
        MapJob job = new MapJob(engine, kind, function, elements.length, count);
        boolean submitted = false;
        try {
            for (int i = 0; i < count; i++) {
                int start = i * size;
                job.tickets[i] = job.job.submit(i, Arrays.copyOfRange(elements, start, Math.min(elements.length, start + size)), job);
            }
            submitted = true;
        } finally {
            if (!submitted) {
                job.cancel(false);
            }
        }
        if (count == 0) {
            job.result.complete(new ArrayList<>());
        }
        return job.result;
    }

    @Override
    public AsyncResult<?> arrived(int index, Engine.LazyChunk chunk) {
        chunks[index] = chunk;
        tickets[index] = null;
        if (missing.decrementAndGet() > 0) {
            return null;
        }
        job.close();
        return result.arrive(this);
    }

    @Override
    public Object open() throws Throwable {
        List<Object> values = new ArrayList<>(elements);
        Throwable failure = null;
        for (int i = 0; i < chunks.length; i++) {
            Chunk chunk = chunks[i].open();
            chunks[i] = null;
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

    @Override
    public boolean cancel(boolean running) {
        boolean all = true;
        for (Engine.Ticket ticket : tickets) {
            if (ticket != null && !ticket.cancel(running)) {
                all = false;
            }
        }
        // What runs and may not be ended runs on, for nobody.
        job.close();
        return all || !running;
    }
}
