package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.Transferable;

/**
 * A reentrant lock in a {@link Manager}'s server: Python's {@code Manager().RLock()}, and a {@link java.util.concurrent.locks.Lock}. Only the thread
 * that holds it may release it, as often as it acquired it.
 */
public final class RLockProxy extends MutexProxy {
    static {
        Transferable.register(RLockProxy.class, new HandleForm.Reader<>(RLockProxy.class));
    }

    RLockProxy(Handle handle) {
        super(handle);
    }
}
