package org.jmultiprocessing.manager;

/** Something in a manager's server that is held until it is closed, for try-with-resources: {@code try (HeldProxy held = lock.hold()) { ... }}. */
public final class HeldProxy implements AutoCloseable {
    private final Runnable release;

    HeldProxy(Runnable release) {
        this.release = release;
    }

    /** Releases it, once for each call; as its own {@code release}, with the same errors. */
    @Override
    public void close() {
        release.run();
    }
}
