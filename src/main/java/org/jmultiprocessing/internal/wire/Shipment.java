package org.jmultiprocessing.internal.wire;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The classes of functions in messages to processes of our own tree that may lack them, because the class path does not have them:
 * {@code java Demo.java}, jshell, class loaders of the program's own. The launcher finds and defines them, as it does those of a child's target.
 */
public final class Shipment {
    /** Finds the bytes of classes, and defines them. */
    public interface Carrier {
        /**
         * @param roots classes that a message names
         * @return these, and what they refer to, as one block; null if every process of the tree finds them itself
         * @throws IllegalArgumentException naming a class that cannot be shipped
         */
        byte[] collect(Iterable<Class<?>> roots);

        /**
         * @param block as collected
         * @param parent asked for everything else
         * @return finds what is in the block
         */
        ClassLoader load(byte[] block, ClassLoader parent);
    }

    /** What came before, so that a class that is sent twice is one class. */
    private static final Map<ByteBuffer, ClassLoader> LOADERS = new ConcurrentHashMap<>();
    private static volatile Carrier carrier;

    private Shipment() { }

    /** @param launcher from now on asked */
    public static void carriedBy(Carrier launcher) {
        carrier = launcher;
    }

    /** Returns what has to be sent along; null for nothing. */
    static byte[] of(Collection<Class<?>> roots) {
        Carrier launcher = carrier;
        return launcher == null ? null : launcher.collect(roots);
    }

    /**
     * Returns a loader that finds a class: the one that is there, or else one for the shipped classes, which the thread has as its context class
     * loader from now on.
     */
    static ClassLoader receive(byte[] block, String className, ClassLoader loader) {
        if (finds(loader, className)) {
            return loader;
        }
        ClassLoader known = LOADERS.get(ByteBuffer.wrap(block));
        if (known == null) {
            ClassLoader made = carrier.load(block, loader);
            ClassLoader earlier = LOADERS.putIfAbsent(ByteBuffer.wrap(block), made);
            known = earlier != null ? earlier : made;
        }
        Thread.currentThread().setContextClassLoader(known);
        return known;
    }

    private static boolean finds(ClassLoader loader, String className) {
        try {
            Class.forName(className, false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
