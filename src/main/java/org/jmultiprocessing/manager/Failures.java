package org.jmultiprocessing.manager;

/** Exceptions on their way through interfaces that do not declare them. */
final class Failures {
    private Failures() { }

    /** Throws it as it is, checked or not; declared to return so that callers can write {@code throw}. */
    static RuntimeException raise(Throwable failure) {
        return Failures.<RuntimeException>raiseAs(failure);
    }

    @SuppressWarnings("unchecked") // The cast is to what the compiler is to believe.
    private static <T extends Throwable> T raiseAs(Throwable failure) throws T {
        throw (T) failure;
    }
}
