package org.jmultiprocessing.pool;

/** Throws what a task threw, whatever it is: as {@code ForkJoinTask} does, so that it comes back as itself. */
final class Rethrow {
    private Rethrow() { }

    /** Never returns; to be thrown so that the compiler knows. */
    static RuntimeException any(Throwable failure) {
        Rethrow.<RuntimeException>sneak(failure);
        return new IllegalStateException(failure);
    }

    @SuppressWarnings("unchecked") // Checked exceptions exist for the compiler only.
    private static <X extends Throwable> void sneak(Throwable failure) throws X {
        throw (X) failure;
    }
}
