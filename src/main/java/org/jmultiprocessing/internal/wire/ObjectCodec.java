package org.jmultiprocessing.internal.wire;

import java.util.Objects;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.spi.Codec;

/**
 * The library's own codec. A value is wholly compact or wholly Java serialization:
 *
 * <ul>
 *   <li>Compact are null, the boxes, String, arrays of primitives, {@code Object[]}, {@code String[]}, functions, {@code Transferable}s, and of
 *       such values, nested at most 100 deep, the exact classes ArrayList, HashMap, LinkedHashMap, HashSet, LinkedHashSet and those of
 *       {@code List.of}, {@code Set.of}, {@code Map.of} and {@code Arrays.asList}. They come back as the same class. What cannot be asked is lost:
 *       the access order of a LinkedHashMap, the array that an {@code Arrays.asList} writes through to, and that {@code Stream.toList} allows
 *       nulls when it holds none.
 *   <li>As soon as there is anything else in it, or the same collection or array twice, the whole value is Java serialization, which keeps
 *       identities and cycles. Transferables inside are replaced by stand-ins.
 *   <li>A function is a serializable lambda or method reference of an interface in {@code org.jmultiprocessing.task}. It is sent as the names of its
 *       method and what it captured, and comes back as an object that calls that method.
 * </ul>
 *
 * <p>Stateless: may be used by several threads at once.
 */
public final class ObjectCodec implements Codec {
    private final Trust trust;
    private final ClassLoader loader;

    /**
     * @param trust what messages may do when they are decoded
     * @param loader finds the classes of what is decoded; null for the context class loader of the thread that decodes
     */
    public ObjectCodec(Trust trust, ClassLoader loader) {
        this.trust = Objects.requireNonNull(trust, "trust");
        this.loader = loader;
    }

    /**
     * {@inheritDoc}
     *
     * @param out a {@link WireOutput}
     */
    @Override
    public void encode(Object value, Output out) {
        if (!(out instanceof WireOutput)) {
            throw new IllegalArgumentException("the library's codec writes to the library's own output, not to " + out.getClass().getName());
        }
        encode(value, (WireOutput) out, null);
    }

    /**
     * Writes a value that may be one of several in a message.
     *
     * @param value what is sent, may be null
     * @param out gets the value; unchanged, but for descriptors that its carrier got already, if this fails
     * @param what the value's name in an error ({@code "argument 2"}); null if that is clear
     * @throws SerializationException if the value cannot be written: names the path to the culprit
     */
    public void encode(Object value, WireOutput out, String what) {
        new ObjectEncoder(out).encode(value, what);
    }

    /**
     * {@inheritDoc}
     *
     * @param in a {@link WireInput}; it stands behind the value afterwards
     */
    @Override
    public Object decode(Input in) {
        if (!(in instanceof WireInput)) {
            throw new IllegalArgumentException("the library's codec reads from the library's own input, not from " + in.getClass().getName());
        }
        return ObjectDecoder.decode((WireInput) in, trust, effectiveLoader());
    }

    private ClassLoader effectiveLoader() {
        if (loader != null) {
            return loader;
        }
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : ObjectCodec.class.getClassLoader();
    }
}
