package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/** Lets the handle of a proxy travel whose own class cannot: one that the JDK makes of an interface. */
final class HandleCarrier implements Transferable {
    static {
        Transferable.register(HandleCarrier.class, new Reader());
    }

    private final Handle handle;

    HandleCarrier(Handle handle) {
        this.handle = handle;
    }

    Handle handle() {
        return handle;
    }

    @Override
    public void writeTransfer(TransferOutput out) {
        handle.write(out);
    }

    private static final class Reader implements Transferable.Reader<HandleCarrier> {
        @Override
        public HandleCarrier readTransfer(TransferInput in) {
            return new HandleCarrier(HandleForm.read(in));
        }
    }
}
