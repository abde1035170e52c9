package org.jmultiprocessing.internal.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.jmultiprocessing.errors.SerializationException;

/** Java deserialization within bounds, by the classes of a given loader, with transferables put back where {@link JavaWriter} took them out. */
final class JavaReader extends ObjectInputStream {
    private final ClassLoader loader;
    private final Object[] transfers;

    private JavaReader(InputStream in, ClassLoader loader, Object[] transfers) throws IOException {
        super(in);
        this.loader = loader;
        this.transfers = transfers;
        enableResolveObject(true);
    }

    /** Reads the one object that the input holds. */
    static Object read(WireInput in, Trust trust, ClassLoader loader, Object[] transfers) {
        JavaBounds bounds = new JavaBounds(in.remaining(), trust);
        try (JavaReader reader = new JavaReader(in.stream(), loader, transfers)) {
            reader.setObjectInputFilter(bounds);
            return reader.readObject();
        } catch (ClassNotFoundException e) {
            throw new SerializationException("the message needs class " + e.getMessage()
                + ", which is not known in this process: add it to its class path", e);
        } catch (InvalidClassException e) {
            throw new SerializationException(bounds.refusal() != null ? bounds.refusal() : "the message holds an object that does not fit: "
                + e.getMessage() + "; use the same version of its class on both sides", e);
        } catch (StackOverflowError e) {
            throw new SerializationException("the message is nested too deeply: receive it in a thread with a larger stack", e);
        } catch (SerializationException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new SerializationException("the message holds an object that cannot be rebuilt: " + e, e);
        }
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
        if (description.getName().equals(TransferStub.class.getName())) {
            return TransferStub.class;
        }
        try {
            return Class.forName(description.getName(), false, loader);
        } catch (ClassNotFoundException e) {
            // Knows the primitive types too.
            return super.resolveClass(description);
        }
    }

    /** As the JDK does it, but by our loader. */
    @Override
    @SuppressWarnings("deprecation") // There is no other way to the class of a proxy without an instance of it.
    protected Class<?> resolveProxyClass(String[] interfaces) throws IOException, ClassNotFoundException {
        Class<?>[] types = new Class<?>[interfaces.length];
        ClassLoader definer = loader;
        for (int i = 0; i < types.length; i++) {
            types[i] = Class.forName(interfaces[i], false, loader);
            if (!Modifier.isPublic(types[i].getModifiers())) {
                definer = types[i].getClassLoader();
            }
        }
        try {
            return Proxy.getProxyClass(definer, types);
        } catch (IllegalArgumentException e) {
            throw new ClassNotFoundException(String.join(", ", interfaces), e);
        }
    }

    @Override
    protected Object resolveObject(Object object) throws IOException {
        if (!(object instanceof TransferStub)) {
            return object;
        }
        int index = ((TransferStub) object).index();
        if (index < 0 || index >= transfers.length) {
            throw new StreamCorruptedException("it refers to a Transferable that is not there");
        }
        return transfers[index];
    }
}
