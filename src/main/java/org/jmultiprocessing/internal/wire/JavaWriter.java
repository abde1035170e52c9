package org.jmultiprocessing.internal.wire;

import java.io.IOException;
import java.io.ObjectOutputStream;
import org.jmultiprocessing.spi.Transferable;

/** Java serialization that puts stand-ins where there are transferables. */
final class JavaWriter extends ObjectOutputStream {
    private final WireOutput out;
    private final TransferTable transfers;

    JavaWriter(WireOutput out, TransferTable transfers) throws IOException {
        super(out.stream());
        this.out = out;
        this.transfers = transfers;
        enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
        return object instanceof Transferable ? new TransferStub(transfers.indexOf((Transferable) object)) : object;
    }

    @Override
    protected void annotateClass(Class<?> type) {
        out.noteClass(type);
    }

    @Override
    protected void annotateProxyClass(Class<?> type) {
        out.noteClass(type);
    }
}
