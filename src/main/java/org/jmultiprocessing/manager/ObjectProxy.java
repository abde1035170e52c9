package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A proxy of an object in a {@link Manager}'s server. It travels to other processes of the tree, alone or inside another value; the object lives as
 * long as some process has a proxy of it. Safe for any number of threads, of which each may be in a call of its own.
 *
 * <p>Two proxies are equal if they lead to the same object.
 */
public abstract class ObjectProxy implements Transferable {
    private final Handle handle;

    ObjectProxy(Handle handle) {
        this.handle = handle;
    }

    final Handle handle() {
        return handle;
    }

    @Override
    public final void writeTransfer(TransferOutput out) {
        handle.write(out);
    }

    /** @return how the proxy itself is shown, Python's {@code repr} */
    public final String describe() {
        return handle.show(this);
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof ObjectProxy proxy && handle.isSame(proxy.handle);
    }

    @Override
    public final int hashCode() {
        return Long.hashCode(handle.server() * 31 + handle.object());
    }

    /** @return the object's own text, Python's {@code str}; asks the server */
    @Override
    public final String toString() {
        return handle.text();
    }
}
