package org.jmultiprocessing.manager;

import java.time.Duration;
import org.jmultiprocessing.spi.Transferable;

/** A flag in a {@link Manager}'s server that threads of any client can wait for: Python's {@code Manager().Event()}. */
public final class EventProxy extends ObjectProxy {
    static {
        Transferable.register(EventProxy.class, new HandleForm.Reader<>(EventProxy.class));
    }

    EventProxy(Handle handle) {
        super(handle);
    }

    /** @return whether it is set */
    public boolean isSet() {
        return (Boolean) handle().call(EventReferent.IS_SET);
    }

    /** Sets it and wakes all who wait. */
    public void set() {
        handle().call(EventReferent.SET);
    }

    /** Makes it not set. */
    public void clear() {
        handle().call(EventReferent.CLEAR);
    }

    /**
     * Waits until it is set.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public void await() throws InterruptedException {
        await(null);
    }

    /**
     * Waits until it is set, for a time.
     *
     * @param timeout how long; null for ever, zero or less not at all
     * @return whether it was set
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return (Boolean) handle().callInterruptibly(EventReferent.AWAIT, Times.nanos(timeout));
    }
}
