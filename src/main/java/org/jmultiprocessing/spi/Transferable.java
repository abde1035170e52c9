package org.jmultiprocessing.spi;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An object that can travel to another process although serialization alone cannot carry it, because it stands for a descriptor or for something
 * that has a name in the system (a connection, a lock, a queue). It travels as a process argument, over a connection, through a queue, alone or
 * anywhere inside another value. It does not know what carries it.
 *
 * <p>The class registers its {@link Reader} in its static initializer, so that the receiving side needs nothing but the class's name:
 * {@code static { Transferable.register(Connection.class, Connection::readTransfer); }} (the JDK's cold start of a lambda is slow, so the
 * library's own classes register a plain object).
 */
public interface Transferable {
    /**
     * Writes what the other process needs. Called in the thread that sends; an exception reaches that caller and nothing is sent.
     *
     * @param out the message under way
     */
    void writeTransfer(TransferOutput out);

    /**
     * Rebuilds an object from what {@link Transferable#writeTransfer} wrote.
     *
     * @param <T> what it rebuilds
     */
    @FunctionalInterface
    interface Reader<T> {
        /**
         * @param in what the sender wrote
         * @return the object in this process
         */
        T readTransfer(TransferInput in);
    }

    /**
     * Makes a type known to the receiving side; call it from the type's static initializer.
     *
     * @param <T> the type
     * @param type the exact class that is written
     * @param reader rebuilds it
     */
    static <T extends Transferable> void register(Class<T> type, Reader<? extends T> reader) {
        Readers.BY_TYPE.put(Objects.requireNonNull(type, "type"), Objects.requireNonNull(reader, "reader"));
    }

    /**
     * Finds the reader of a type, initializing its class if need be.
     *
     * @param type the class that was written
     * @return its reader
     * @throws IllegalArgumentException if the class registers none
     */
    static Reader<?> reader(Class<?> type) {
        return Readers.find(type);
    }

    /** Holder, so that loading this interface costs nothing. */
    final class Readers {
        private static final Map<Class<?>, Reader<?>> BY_TYPE = new ConcurrentHashMap<>();

        private Readers() { }

        private static Reader<?> find(Class<?> type) {
            Reader<?> reader = BY_TYPE.get(type);
            if (reader == null) {
                try {
                    Class.forName(type.getName(), true, type.getClassLoader());
                } catch (ClassNotFoundException e) {
                    throw new IllegalStateException("the loader of " + type + " does not find it", e);
                }
                reader = BY_TYPE.get(type);
            }
            if (reader == null) {
                throw new IllegalArgumentException(type.getName() + " has no transfer reader: call Transferable.register in its static initializer");
            }
            return reader;
        }
    }
}
