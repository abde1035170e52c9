package org.jmultiprocessing.pool;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.Executor;

/** Runs work in processes. */
record CrewEngine(Crew crew, Aftermath aftermath, Progress.Display display) implements Engine {
    /** Bytes of a result that are worth a look. */
    private static final long MOST_SPARE_BYTES = 16 << 20;

    @Override
    public int size() {
        return crew.size();
    }

    @Override
    public Progress progress(long total) {
        return display.begin(total);
    }

    @Override
    public Executor callbacks() {
        return aftermath.callbacks();
    }

    @Override
    public void checkRunning() {
        crew.requireRunning();
    }

    @Override
    public AsyncResult<Object> call(Object function, Object[] arguments) {
        CallItem item = new CallItem(crew, aftermath, function, arguments);
        crew.submit(item);
        return item.result();
    }

    @Override
    public Job job(int kind, Object function) {
        return new CrewJob(crew, kind, function);
    }

    private static final class CrewJob implements Job {
        private final Crew crew;
        private final int kind;
        private final Object function;
        private SentFunction sent;
        /** Arrays of large messages that are over, for the next ones: fresh memory costs as much as copying does. */
        private final ArrayDeque<byte[]> spares = new ArrayDeque<>();
        private long spareBytes;

        CrewJob(Crew crew, int kind, Object function) {
            this.crew = crew;
            this.kind = kind;
            this.function = function;
            this.sent = SentFunction.ofMany(function);
        }

        @Override
        public Ticket submit(int index, Object[] elements, ChunkSink sink) {
            ChunkItem item = new ChunkItem(this, index, elements, sink, spare());
            if (sent != null && sent.isForOnce()) {
                sent = null;
            }
            crew.submit(item);
            return item;
        }

        private synchronized byte[] spare() {
            byte[] spare = spares.poll();
            if (spare != null) {
                spareBytes -= spare.length;
            }
            return spare;
        }

        private synchronized void keep(byte[] bytes) {
            if (Frames.isLarge(bytes) && spareBytes + bytes.length <= MOST_SPARE_BYTES) {
                spareBytes += bytes.length;
                spares.push(bytes);
            }
        }

        @Override
        public void close() {
            if (sent != null && sent.belongsTo(function)) {
                crew.forget(sent);
            }
        }
    }

    /** One chunk. */
    private static final class ChunkItem extends WorkItem implements Ticket {
        private final CrewJob job;
        private final int index;
        private final int elements;
        private final ChunkSink sink;
        /** Stays, also if the task is encoded again. */
        private final int weight;

        ChunkItem(CrewJob job, int index, Object[] elements, ChunkSink sink, byte[] spare) {
            super(job.kind, job.function, job.sent, elements, "the elements", spare);
            this.job = job;
            this.index = index;
            this.elements = elements.length;
            this.sink = sink;
            this.weight = length();
            if (spare != null && frame() != spare) {
                job.keep(spare);
            }
        }

        @Override
        AsyncResult<?> arrived(int kind, byte[] bytes, int offset, int length) {
            job.keep(frame());
            if (Chunk.isPlain(kind, bytes, offset, length)) {
                // One copy instead of two.
                Chunk chunk = Chunk.decode(kind, bytes, offset, length, elements);
                return sink.arrived(index, () -> chunk);
            }
            byte[] content = Arrays.copyOfRange(bytes, offset, offset + length);
            return sink.arrived(index, () -> Chunk.decode(kind, content, 0, content.length, elements));
        }

        @Override
        AsyncResult<?> failed(Throwable why) {
            return sink.arrived(index, () -> Chunk.failed(elements, why));
        }

        @Override
        public boolean cancel(boolean running) {
            return job.crew.cancel(this, running);
        }

        @Override
        public int weight() {
            return weight;
        }
    }
}
