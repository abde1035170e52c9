package org.jmultiprocessing.internal.wire;

import java.io.Serializable;

/** Stands in Java serialization for an entry of the {@link TransferTable}. */
final class TransferStub implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int index;

    TransferStub(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }
}
