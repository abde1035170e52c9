package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.Transferable;

/**
 * A lock in a {@link Manager}'s server: Python's {@code Manager().Lock()}, and a {@link java.util.concurrent.locks.Lock}. Not reentrant. Any thread
 * of any client may release it.
 */
public final class LockProxy extends MutexProxy {
    static {
        Transferable.register(LockProxy.class, new HandleForm.Reader<>(LockProxy.class));
    }

    LockProxy(Handle handle) {
        super(handle);
    }
}
