package org.jmultiprocessing.spi;

/** Something that {@code ConnectionWait} can wait for: a connection with data, a process that ends. */
public interface Waitable {
    /**
     * @return a descriptor that becomes readable when this is ready; it stays owned by this object
     * @throws RuntimeException if it is closed
     */
    int waitDescriptor();

    /** @return true if it is ready without asking the system (something is buffered); the default knows nothing and says false */
    default boolean readyNow() {
        return false;
    }
}
