package org.jmultiprocessing.internal.wire;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.spi.Transferable;

/**
 * Writes one value. A first attempt is compact; what it meets that is not compact, or meets for the second time, makes it start again with Java
 * serialization. Transferables are collected and written last, once each, so that an attempt that is given up has no effect.
 */
final class ObjectEncoder {
    private static final Class<?> LIST_1 = List.of(1).getClass();
    private static final Class<?> LIST_N = List.of(1, 2, 3).getClass();
    private static final Class<?> SET_1 = Set.of(1).getClass();
    private static final Class<?> SET_N = Set.of(1, 2, 3).getClass();
    private static final Class<?> MAP_1 = Map.of(1, 1).getClass();
    private static final Class<?> MAP_N = Map.of(1, 1, 2, 2).getClass();
    private static final Class<?> ARRAY_AS_LIST = Arrays.asList(1).getClass();

    private final WireOutput out;
    private TransferTable transfers;
    /** The collection or array that was met first: as long as it is the only one there is no need for a set. */
    private Object outermost;
    private Map<Object, Object> met;

    ObjectEncoder(WireOutput out) {
        this.out = out;
    }

    void encode(Object value, String what) {
        int start = out.length();
        boolean done = false;
        try {
            out.writeByte(Tag.MAGIC);
            out.writeByte(Tag.VERSION);
            if (!write(value, 0)) {
                out.truncate(start + 2);
                transfers = null;
                writeJava(value);
            }
            if (transfers != null) {
                transfers.write(out, start);
            }
            done = true;
        } catch (NotSerializableException e) {
            throw Culprit.describe(value, what, e);
        } catch (IOException e) {
            throw new SerializationException(Culprit.name(value, what) + " cannot be written: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new SerializationException(Culprit.name(value, what) + " is nested too deeply, a long chain of objects perhaps:"
                + " put them into a list, or send from a thread with a larger stack", e);
        } finally {
            if (!done) {
                out.truncate(start);
            }
        }
    }

    /** Writes a compact value; returns false, and has written something useless, if it is not one. */
    private boolean write(Object value, int depth) throws IOException {
        if (value == null) {
            out.writeByte(Tag.NULL);
            return true;
        }
        Class<?> type = value.getClass();
        if (type == String.class) {
            out.writeByte(Tag.STRING);
            out.writeString((String) value);
        } else if (type == Integer.class) {
            int number = (Integer) value;
            out.writeByte(Tag.INT);
            out.writeVar((number << 1 ^ number >> 31) & 0xFFFF_FFFFL);
        } else if (type == Long.class) {
            long number = (Long) value;
            out.writeByte(Tag.LONG);
            out.writeVar(number << 1 ^ number >> 63);
        } else if (type == Double.class) {
            out.writeByte(Tag.DOUBLE);
            out.writeLong(Double.doubleToRawLongBits((Double) value));
        } else if (type == Boolean.class) {
            out.writeByte((Boolean) value ? Tag.TRUE : Tag.FALSE);
        } else {
            return writeRareScalar(value, type) || writeCollection(value, type, depth);
        }
        return true;
    }

    private boolean writeRareScalar(Object value, Class<?> type) {
        if (type == Byte.class) {
            out.writeByte(Tag.BYTE);
            out.writeByte((Byte) value);
        } else if (type == Short.class) {
            out.writeByte(Tag.SHORT);
            out.writeByte((Short) value >> 8);
            out.writeByte((Short) value);
        } else if (type == Character.class) {
            out.writeByte(Tag.CHAR);
            out.writeByte((Character) value >> 8);
            out.writeByte((Character) value);
        } else if (type == Float.class) {
            out.writeByte(Tag.FLOAT);
            out.writeInt(Float.floatToRawIntBits((Float) value));
        } else {
            return false;
        }
        return true;
    }

    private boolean writeCollection(Object value, Class<?> type, int depth) throws IOException {
        if (value instanceof Transferable) {
            out.writeByte(Tag.TRANSFER);
            out.writeVar(transfers().indexOf((Transferable) value));
            return true;
        }
        if (depth == Tag.MAX_DEPTH || !enter(value, type)) {
            return false;
        }
        if (type == ArrayList.class || type == BoxedList.class) {
            return writeElements(Tag.ARRAY_LIST, (List<?>) value, depth);
        } else if (type == HashMap.class) {
            return writeMap(Tag.HASH_MAP, (Map<?, ?>) value, depth);
        } else if (type.isArray()) {
            return writeArray(value, type, depth);
        } else if (type == LIST_1 || type == LIST_N) {
            return writeListOf((List<?>) value, depth);
        } else if (type == MAP_1 || type == MAP_N) {
            return writeMap(Tag.MAP_OF, (Map<?, ?>) value, depth);
        } else if (type == LinkedHashMap.class) {
            return writeMap(Tag.LINKED_HASH_MAP, (Map<?, ?>) value, depth);
        } else if (type == HashSet.class) {
            return writeElements(Tag.HASH_SET, (Set<?>) value, depth);
        } else if (type == LinkedHashSet.class) {
            return writeElements(Tag.LINKED_HASH_SET, (Set<?>) value, depth);
        } else if (type == SET_1 || type == SET_N) {
            return writeElements(Tag.SET_OF, (Set<?>) value, depth);
        } else if (type == ARRAY_AS_LIST) {
            return writeElements(Tag.ARRAY_AS_LIST, (List<?>) value, depth);
        }
        FunctionForm function = value instanceof Serializable ? FunctionForm.of(value) : null;
        if (function == null) {
            return false;
        }
        if (value instanceof PortableFunction) {
            return writeFunction(function, List.of(((PortableFunction) value).type()), depth);
        }
        Class<?> writtenIn = type.getNestHost();
        return writeFunction(function, List.of(writtenIn, Classes.find(function.implClass().replace('/', '.'), writtenIn.getClassLoader())), depth);
    }

    /** Notes a collection, array or function; returns false if it has been met before, other than the JDK's only empty list, set or map. */
    private boolean enter(Object value, Class<?> type) {
        if (type == LIST_N && ((List<?>) value).isEmpty() || type == SET_N && ((Set<?>) value).isEmpty()
                || type == MAP_N && ((Map<?, ?>) value).isEmpty()) {
            return true;
        }
        if (outermost == null) {
            outermost = value;
            return true;
        }
        if (met == null) {
            met = new IdentityHashMap<>();
            met.put(outermost, outermost);
        }
        return met.put(value, value) == null;
    }

    private boolean writeArray(Object array, Class<?> type, int depth) throws IOException {
        if (type == String[].class) {
            String[] texts = (String[]) array;
            out.writeByte(Tag.STRINGS);
            out.writeVar(texts.length);
            for (String text : texts) {
                write(text, depth);
            }
            return true;
        }
        if (type == Object[].class) {
            Object[] elements = (Object[]) array;
            if (BoxedArrays.write(out, elements)) {
                return true;
            }
            out.writeByte(Tag.OBJECTS);
            out.writeVar(elements.length);
            for (Object element : elements) {
                if (!write(element, depth + 1)) {
                    return false;
                }
            }
            return true;
        }
        return PrimitiveArrays.write(out, array, type);
    }

    private boolean writeElements(int tag, Collection<?> elements, int depth) throws IOException {
        int count = elements.size();
        out.writeByte(tag);
        out.writeVar(count);
        for (Object element : elements) {
            count--;
            if (!write(element, depth + 1)) {
                return false;
            }
        }
        requireUnchanged(count);
        return true;
    }

    /** {@code Stream.toList} makes lists of this class that hold nulls, which {@code List.of} cannot rebuild. */
    private boolean writeListOf(List<?> elements, int depth) throws IOException {
        for (Object element : elements) {
            if (element == null) {
                return false;
            }
        }
        return writeElements(Tag.LIST_OF, elements, depth);
    }

    private boolean writeMap(int tag, Map<?, ?> map, int depth) throws IOException {
        int count = map.size();
        out.writeByte(tag);
        out.writeVar(count);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            count--;
            if (!write(entry.getKey(), depth + 1) || !write(entry.getValue(), depth + 1)) {
                return false;
            }
        }
        requireUnchanged(count);
        return true;
    }

    private static void requireUnchanged(int difference) {
        if (difference != 0) {
            throw new ConcurrentModificationException("a collection was changed while it was being written");
        }
    }

    /** What a function captured may need Java serialization on its own if the function is the whole value, as it shares nothing then. */
    private boolean writeFunction(FunctionForm function, List<Class<?>> classes, int depth) throws IOException {
        byte[] shipped = out.takesClasses(classes) ? null : Shipment.of(classes);
        out.writeByte(shipped == null ? Tag.FUNCTION : Tag.SHIPPED_FUNCTION);
        if (shipped != null) {
            out.writeBytes(shipped);
        }
        function.write(out);
        int captured = out.length();
        if (write(function.captured(), depth + 1)) {
            return true;
        }
        if (depth > 0) {
            return false;
        }
        out.truncate(captured);
        transfers = null;
        writeJava(function.captured());
        return true;
    }

    private void writeJava(Object value) throws IOException {
        out.writeByte(Tag.JAVA);
        int length = out.length();
        out.writeInt(0);
        JavaWriter writer = new JavaWriter(out, transfers());
        try {
            writer.writeObject(value);
            writer.flush();
        } catch (SerializationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IOException("its own serialization failed with " + e, e);
        }
        out.setInt(length, out.length() - length - 4);
        if (transfers.isEmpty()) {
            transfers = null;
        }
    }

    private TransferTable transfers() {
        if (transfers == null) {
            transfers = new TransferTable();
        }
        return transfers;
    }
}
