package org.jmultiprocessing.queue;

import org.jmultiprocessing.internal.arena.Batch;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * Room for one message on its way out and one on its way in, kept for each thread, so that a small message costs no allocation. A value whose own
 * serialization uses a queue finds the thread's room in use and gets another.
 */
final class Scratch {
    /** What a thread keeps at most. */
    private static final int KEPT_BYTES = 64 << 10;
    private static final Local LOCAL = new Local();
    private static final DescriptorCarrier CARRIER = DescriptorCarrier.depositing("a queue");

    /** A class, not a lambda: see the brief start of a child. */
    private static final class Local extends ThreadLocal<Scratch> {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    }

    private WireOutput out = new WireOutput(CARRIER);
    private final Batch in = new Batch(1, 0);
    private boolean used;

    private Scratch() { }

    /** To be given back by {@link #release}. */
    static Scratch take() {
        Scratch scratch = LOCAL.get();
        if (scratch.used) {
            scratch = new Scratch();
        }
        scratch.used = true;
        return scratch;
    }

    void release() {
        if (out.array().length > KEPT_BYTES) {
            out = new WireOutput(CARRIER);
        } else {
            out.truncate(0);
        }
        in.shrink(KEPT_BYTES);
        used = false;
    }

    WireOutput out() {
        return out;
    }

    Batch in() {
        return in;
    }
}
