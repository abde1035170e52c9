package org.jmultiprocessing.internal.wire;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.spi.Transferable;

/** The transferables of one value, each once. They are referred to by their index, and written behind the value. */
final class TransferTable {
    private final List<Transferable> entries = new ArrayList<>();
    private final Map<Transferable, Integer> indices = new IdentityHashMap<>();

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int indexOf(Transferable value) {
        Integer known = indices.putIfAbsent(value, entries.size());
        if (known == null) {
            entries.add(value);
            return entries.size() - 1;
        }
        return known;
    }

    Object[] entries() {
        return entries.toArray();
    }

    /** Adds the table to the message, and to the value that begins at {@code start} where the table is. */
    void write(WireOutput out, int start) {
        out.insert(start + 2, Tag.TRANSFERS_HEADER - 2);
        out.array()[start + 1] |= (byte) Tag.HAS_TRANSFERS;
        out.setInt(start + 2, out.length() - start);
        out.writeVar(entries.size());
        for (Transferable entry : entries) {
            out.noteClass(entry.getClass());
            out.writeString(entry.getClass().getName());
            int length = out.length();
            out.writeInt(0);
            try {
                entry.writeTransfer(out);
            } catch (SerializationException e) {
                throw new SerializationException(entry.getClass().getName() + " cannot travel: " + e.getMessage(), e);
            }
            out.setInt(length, out.length() - length - 4);
        }
    }

    /** Reads the table. No class is looked up, and no reader called, that the trust does not allow. */
    static Object[] read(WireInput in, Trust trust, ClassLoader loader) {
        if (!trust.allowsObjects()) {
            throw new SerializationException("the message holds objects of the library, which this connection does not accept:"
                + " give it an ObjectInputFilter that allows their classes");
        }
        // An entry takes at least the length of a name and four bytes.
        Object[] entries = new Object[in.readCount(5)];
        for (int i = 0; i < entries.length; i++) {
            String name = in.readString();
            int length = in.readInt();
            if (length < 0 || length > in.remaining()) {
                throw in.corrupt("a length goes beyond the end");
            }
            WireInput content = in.part(length).from(trust);
            Class<?> type = Classes.find(name, loader);
            if (!Transferable.class.isAssignableFrom(type)) {
                throw in.corrupt(name + " is no Transferable");
            }
            if (!trust.isOwn()) {
                JavaBounds.requireAllowed(trust.filter(), type);
            }
            entries[i] = read(type, content);
        }
        return entries;
    }

    private static Object read(Class<?> type, WireInput content) {
        try {
            return Transferable.reader(type).readTransfer(content);
        } catch (SerializationException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new SerializationException(type.getName() + " could not be rebuilt from a message: " + e, e);
        }
    }
}
