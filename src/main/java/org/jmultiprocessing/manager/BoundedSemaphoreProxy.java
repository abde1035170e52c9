package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.Transferable;

/** A semaphore in a {@link Manager}'s server that never has more permits than at first: Python's {@code Manager().BoundedSemaphore()}. */
public final class BoundedSemaphoreProxy extends SemaphoreProxy {
    static {
        Transferable.register(BoundedSemaphoreProxy.class, new HandleForm.Reader<>(BoundedSemaphoreProxy.class));
    }

    BoundedSemaphoreProxy(Handle handle) {
        super(handle);
    }
}
