package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory outside the heap for the time of one call. JNA would copy whole arrays, whatever part of them is meant. Pooled, not per thread: there may
 * be many virtual threads. There are as many as there were calls at once.
 */
final class JnaBuffer implements AutoCloseable {
    /** Room for data, at the start: what a pipe holds by default. */
    static final int DATA = 64 * 1024;
    /** Offset of the room for structures. */
    static final int EXTRA = DATA;
    private static final int EXTRA_SIZE = 2048;

    private static final ConcurrentLinkedQueue<JnaBuffer> FREE = new ConcurrentLinkedQueue<>();

    final Memory memory = new Memory(DATA + EXTRA_SIZE);
    final long address = Pointer.nativeValue(memory);

    private JnaBuffer() {
    }

    /** @return memory with undefined contents, until it is closed */
    static JnaBuffer take() {
        JnaBuffer free = FREE.poll();
        return free == null ? new JnaBuffer() : free;
    }

    @Override
    public void close() {
        FREE.add(this);
    }
}
