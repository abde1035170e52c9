package org.jmultiprocessing.pool;

import java.util.concurrent.Executor;

/** What runs the work of a pool: processes or threads. */
interface Engine {
    /** Who gets the outcome of a chunk, in a thread of the engine: must be quick. */
    interface ChunkSink {
        /** Returns what has to be settled if nobody waits; null if nothing. Called once for each chunk. */
        AsyncResult<?> arrived(int index, LazyChunk chunk);
    }

    /** Decodes a chunk, for who needs it. */
    interface LazyChunk {
        Chunk open();
    }

    /** A chunk that was submitted. */
    interface Ticket {
        /** Returns whether it is cancelled, and nobody will get its outcome. */
        boolean cancel(boolean running);

        /** How many bytes of memory it takes, roughly. */
        int weight();
    }

    /** A function of many chunks; {@link #close} when none will be submitted any more. */
    interface Job extends AutoCloseable {
        Ticket submit(int index, Object[] elements, ChunkSink sink);

        @Override
        void close();
    }

    /** Begins to show the progress of a map of so many elements, or of an unknown number if that is negative. */
    Progress progress(long total);

    /** How many workers there are, or should be. */
    int size();

    /** Where callbacks run. */
    Executor callbacks();

    /** Throws {@link java.util.concurrent.RejectedExecutionException} if nothing can be submitted any more. */
    void checkRunning();

    /** Calls a function with arguments; the result's type is the function's. */
    AsyncResult<Object> call(Object function, Object[] arguments);

    /**
     * Begins to call a function with many elements.
     *
     * @param kind of the messages: {@link Frames#MAP}, {@link Frames#STAR}, {@link Frames#ITEMS} or {@link Frames#STAR_ITEMS}
     * @param function takes an element, or several arguments
     */
    Job job(int kind, Object function);
}
