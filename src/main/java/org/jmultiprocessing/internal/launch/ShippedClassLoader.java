package org.jmultiprocessing.internal.launch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * In a child, the classes that its parent had from class loaders of its own. Shipped classes are defined here even if the class path has others of
 * their names, as it was in the parent. What was not shipped comes from the class path, or else from the jars and folders of the parent's
 * {@link URLClassLoader}s, which also answer for resources.
 *
 * <p>Safe for any number of threads.
 */
final class ShippedClassLoader extends URLClassLoader {
    static {
        ClassLoader.registerAsParallelCapable();
    }

    /** Class name to bytes; never changed once made. */
    private final Map<String, byte[]> shipped;

    private ShippedClassLoader(Map<String, byte[]> shipped, URL[] places, ClassLoader parent) {
        super("jmultiprocessing", places, parent);
        this.shipped = shipped;
    }

    /**
     * @param block as {@link #block} made it
     * @param parent asked for everything else
     * @return the loader
     */
    static ClassLoader of(byte[] block, ClassLoader parent) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(block))) {
            URL[] places = new URL[in.readInt()];
            for (int i = 0; i < places.length; i++) {
                places[i] = URI.create(in.readUTF()).toURL();
            }
            int count = in.readInt();
            Map<String, byte[]> shipped = new HashMap<>(count * 2);
            for (int i = 0; i < count; i++) {
                shipped.put(in.readUTF(), in.readNBytes(in.readInt()));
            }
            return new ShippedClassLoader(shipped, places, parent);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("the shipped classes in the start data cannot be read", e);
        }
    }

    /**
     * @param classes class name to bytes
     * @param places file URLs
     * @return what {@link #of} reads
     */
    static byte[] block(Map<String, byte[]> classes, Collection<String> places) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(places.size());
            for (String place : places) {
                out.writeUTF(place);
            }
            out.writeInt(classes.size());
            for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeInt(entry.getValue().length);
                out.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail", e);
        }
        return bytes.toByteArray();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        byte[] bytes = shipped.get(name);
        if (bytes == null) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
        }
    }

    /** A child of this child may need the bytes in its turn. */
    @Override
    public InputStream getResourceAsStream(String name) {
        byte[] bytes = name.endsWith(".class") ? shipped.get(name.substring(0, name.length() - ".class".length()).replace('/', '.')) : null;
        return bytes != null ? new ByteArrayInputStream(bytes) : super.getResourceAsStream(name);
    }
}
