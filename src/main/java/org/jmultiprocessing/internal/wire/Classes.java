package org.jmultiprocessing.internal.wire;

import org.jmultiprocessing.errors.SerializationException;

/** Looks up the classes that a message names, without initializing them. */
final class Classes {
    private Classes() { }

    /**
     * @param name binary, as {@link Class#getName} returns it
     * @param loader finds it; null for the bootstrap loader
     */
    static Class<?> find(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new SerializationException("the message needs class " + name + ", which is not known in this process: add it to its class path", e);
        } catch (LinkageError e) {
            throw new SerializationException("the message needs class " + name + ", which cannot be loaded in this process: " + e, e);
        }
    }

    /** Runs the static initializer of a class, if that has not happened yet. */
    static void initialize(Class<?> type) {
        try {
            Class.forName(type.getName(), true, type.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the loader of " + type + " does not find it", e);
        }
    }
}
