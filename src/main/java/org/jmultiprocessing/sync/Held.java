package org.jmultiprocessing.sync;

/** Something that is held until it is closed, for try-with-resources: {@code try (Held held = lock.hold()) { ... }}. */
public final class Held implements AutoCloseable {
    /** What can be held. */
    interface Releasable {
        void release();
    }

    private final Releasable what;

    Held(Releasable what) {
        this.what = what;
    }

    /** Releases it, once for each call; as its own {@code release}, with the same errors. */
    @Override
    public void close() {
        what.release();
    }
}
