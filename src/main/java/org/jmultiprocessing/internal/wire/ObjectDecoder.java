package org.jmultiprocessing.internal.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmultiprocessing.errors.SerializationException;

/** Reads one value. Nothing that the bytes say is believed: what does not hold is a {@link SerializationException}. */
final class ObjectDecoder {
    private static final Object[] NO_TRANSFERS = new Object[0];

    private final WireInput in;
    private final Trust trust;
    private ClassLoader loader;
    private final Object[] transfers;
    /** How many elements the collections may still announce together: each takes a byte at least, so all of them what there is. */
    private long elementsLeft;

    private ObjectDecoder(WireInput in, Trust trust, ClassLoader loader, Object[] transfers) {
        this.in = in;
        this.trust = trust;
        this.loader = loader;
        this.transfers = transfers;
        this.elementsLeft = in.remaining();
    }

    static Object decode(WireInput in, Trust trust, ClassLoader loader) {
        UnknownBytes.requireMagic(in);
        int version = in.readByte();
        if ((version & ~Tag.HAS_TRANSFERS) != Tag.VERSION) {
            throw new SerializationException("the value has format " + (version & ~Tag.HAS_TRANSFERS) + " and this process knows format "
                + Tag.VERSION + ": run the same version of the library on both sides");
        }
        if (version == Tag.VERSION) {
            return new ObjectDecoder(in, trust, loader, NO_TRANSFERS).read(0);
        }
        int length = in.readInt() - Tag.TRANSFERS_HEADER;
        if (length < 0 || length > in.remaining()) {
            throw in.corrupt("a length goes beyond the end");
        }
        WireInput value = in.part(length);
        return new ObjectDecoder(value, trust, loader, TransferTable.read(in, trust, loader)).read(0);
    }

    /** One method, too large to be inlined (HotSpot's FreqInlineSize, 325 bytes): it is compiled once and not again within each of its callers. */
    private Object read(int depth) {
        int tag = in.readByte();
        switch (tag) {
            case Tag.NULL:
                return null;
            case Tag.STRING:
                return in.readString();
            case Tag.INT:
                int number = (int) in.readVar();
                return number >>> 1 ^ -(number & 1);
            case Tag.LONG:
                long big = in.readVar();
                return big >>> 1 ^ -(big & 1);
            case Tag.DOUBLE:
                return Double.longBitsToDouble(in.readLong());
            case Tag.TRUE:
                return Boolean.TRUE;
            case Tag.FALSE:
                return Boolean.FALSE;
            case Tag.BYTE:
                return (byte) in.readByte();
            case Tag.SHORT:
                return (short) (in.readByte() << 8 | in.readByte());
            case Tag.CHAR:
                return (char) (in.readByte() << 8 | in.readByte());
            case Tag.FLOAT:
                return Float.intBitsToFloat(in.readInt());
            default:
                if (tag >= Tag.BOOLEANS && tag <= Tag.DOUBLES) {
                    return PrimitiveArrays.read(in, tag);
                }
                if (depth > Tag.MAX_DEPTH) {
                    throw in.corrupt("it is nested more than " + Tag.MAX_DEPTH + " deep");
                }
        }
        switch (tag) {
            case Tag.ARRAY_LIST:
                int size = readElementCount(1);
                return fill(new ArrayList<>(size), size, depth);
            case Tag.HASH_MAP:
                return readMap(false, depth);
            case Tag.LINKED_HASH_MAP:
                return readMap(true, depth);
            case Tag.OBJECTS:
                return readArray(depth);
            case Tag.BOXED:
                return BoxedArrays.boxed(BoxedArrays.readNumbers(in));
            case Tag.STRINGS:
                return readStrings();
            case Tag.LIST_OF:
            case Tag.SET_OF:
            case Tag.MAP_OF:
                return readImmutable(tag, depth);
            case Tag.ARRAY_AS_LIST:
                return Arrays.asList(readArray(depth));
            case Tag.HASH_SET:
                int hashed = readElementCount(1);
                return fill(new HashSet<>(capacity(hashed)), hashed, depth);
            case Tag.LINKED_HASH_SET:
                int linked = readElementCount(1);
                return fill(new LinkedHashSet<>(capacity(linked)), linked, depth);
            case Tag.FUNCTION:
                return readFunction(null, depth);
            case Tag.SHIPPED_FUNCTION:
                requireOwnTree();
                return readFunction(in.readBytes(), depth);
            case Tag.TRANSFER:
                long index = in.readVar();
                if (index < 0 || index >= transfers.length) {
                    throw in.corrupt("it refers to an object that is not there");
                }
                return transfers[(int) index];
            case Tag.JAVA:
                return readJava();
            default:
                throw in.corrupt("no value begins with " + tag);
        }
    }

    private int readElementCount(int perElement) {
        int count = in.readCount(perElement);
        elementsLeft -= (long) count * perElement;
        if (elementsLeft < 0) {
            throw in.corrupt("it announces more elements than it has bytes");
        }
        return count;
    }

    private static int capacity(int size) {
        return (int) Math.min(Integer.MAX_VALUE, size * 4L / 3 + 1);
    }

    private Collection<Object> fill(Collection<Object> collection, int size, int depth) {
        for (int i = 0; i < size; i++) {
            collection.add(read(depth + 1));
        }
        return collection;
    }

    private Map<Object, Object> readMap(boolean linked, int depth) {
        int size = readElementCount(2);
        Map<Object, Object> map = linked ? new LinkedHashMap<>(capacity(size)) : new HashMap<>(capacity(size));
        for (int i = 0; i < size; i++) {
            Object key = read(depth + 1);
            map.put(key, read(depth + 1));
        }
        return map;
    }

    private Object[] readArray(int depth) {
        Object[] elements = new Object[readElementCount(1)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = read(depth + 1);
        }
        return elements;
    }

    private String[] readStrings() {
        String[] texts = new String[readElementCount(1)];
        for (int i = 0; i < texts.length; i++) {
            int tag = in.readByte();
            if (tag == Tag.STRING) {
                texts[i] = in.readString();
            } else if (tag != Tag.NULL) {
                throw in.corrupt("an array of strings holds something else");
            }
        }
        return texts;
    }

    private Object readImmutable(int tag, int depth) {
        try {
            switch (tag) {
                case Tag.LIST_OF:
                    return List.of(readArray(depth));
                case Tag.SET_OF:
                    return Set.of(readArray(depth));
                default:
                    return readMapOf(depth);
            }
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new SerializationException("the message is corrupt: an immutable collection holds null or the same twice", e);
        }
    }

    private Map<Object, Object> readMapOf(int depth) {
        int size = readElementCount(2);
        @SuppressWarnings({"unchecked", "rawtypes"}) // There is no other way to make an array of a generic type.
        Map.Entry<Object, Object>[] entries = new Map.Entry[size];
        for (int i = 0; i < size; i++) {
            Object key = read(depth + 1);
            entries[i] = Map.entry(key, read(depth + 1));
        }
        return Map.ofEntries(entries);
    }

    private void requireOwnTree() {
        if (!trust.isOwn()) {
            throw new SerializationException("the message holds a function, which is code: only processes of one tree exchange those");
        }
    }

    /** What comes behind it may need the shipped classes too. */
    private Object readFunction(byte[] classes, int depth) {
        requireOwnTree();
        FunctionForm form = FunctionForm.read(in);
        if (classes != null) {
            loader = Shipment.receive(classes, form.implClass().replace('/', '.'), loader);
        }
        Object captured = read(depth + 1);
        if (!(captured instanceof Object[])) {
            throw in.corrupt("a function has captured no array");
        }
        return FunctionLinker.link(form.capturing((Object[]) captured), loader);
    }

    private Object readJava() {
        if (!trust.allowsObjects()) {
            throw new SerializationException("the message holds Java objects, which this connection does not accept:"
                + " give it an ObjectInputFilter that allows their classes, or send strings, numbers and collections of such (each collection once)");
        }
        int length = in.readInt();
        if (length < 0 || length > in.remaining()) {
            throw in.corrupt("a length goes beyond the end");
        }
        return JavaReader.read(in.part(length), trust, loader, transfers);
    }
}
