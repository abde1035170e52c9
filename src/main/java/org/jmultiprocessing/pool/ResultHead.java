package org.jmultiprocessing.pool;

import org.jmultiprocessing.internal.arena.Batch;
import org.jmultiprocessing.internal.wire.RemoteFailure;
import org.jmultiprocessing.internal.wire.WireInput;

/** The head of a message from a worker. */
record ResultHead(Batch batch, int index) {
    int kind() {
        return batch.bytes()[batch.start(index)];
    }

    int number() {
        return getInt(1);
    }

    boolean retires() {
        return batch.bytes()[batch.start(index) + Frames.RETIRES] != 0;
    }

    long nanos() {
        return (long) getInt(Frames.NANOS) << 32 | getInt(Frames.NANOS + 4) & 0xFFFF_FFFFL;
    }

    /** Of a worker that is UNABLE. */
    Throwable failure() {
        return RemoteFailure.read(new WireInput(batch.bytes(), batch.start(index) + 1, batch.length(index) - 1, null), Frames.CODEC);
    }

    private int getInt(int offset) {
        byte[] bytes = batch.bytes();
        int at = batch.start(index) + offset;
        return (bytes[at] & 0xFF) << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF;
    }
}
