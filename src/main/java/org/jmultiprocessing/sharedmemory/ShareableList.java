package org.jmultiprocessing.sharedmemory;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * A list of fixed length in a {@link SharedMemory}: Python's {@code multiprocessing.shared_memory.ShareableList}, laid out byte for byte as
 * CPython 3.9 and later do, so that either language attaches by name to what the other created. (CPython 3.8 has another layout: refused here.)
 *
 * <p>It holds whole numbers up to {@code Long}, {@code Double} and {@code Float}, {@code Boolean}, {@code String}, {@code byte[]} and null; they come
 * out as {@code Long}, {@code Double}, {@code Boolean}, {@code String}, {@code byte[]} and null. An item may be replaced by one of another type, but
 * a String (in UTF-8) or byte[] has to fit into the room that the item got at creation: for a String or byte[] its length rounded up to the next
 * multiple of 8, at least one byte more; 8 bytes for others. As in Python, zeros at the end of a String or byte[] are lost.
 *
 * <p>{@link #get}, {@link #set}, iteration, {@link #indexOf} and the like are those of {@link List}; what would change the length throws
 * {@link UnsupportedOperationException}. A byte[] is found by its content. A list travels to other processes by name, as its memory does.
 *
 * <p>Any thread of any process may use it, but nothing is atomic: who reads an item while another replaces it may get a mixture, so agree by a lock.
 * After {@link #close} of it or its memory every use throws an {@link IllegalStateException}. Nothing here blocks. {@link #close} ends this object's
 * access; the list is there until somebody calls {@code shm().unlink()}.
 */
public final class ShareableList extends AbstractList<Object> implements RandomAccess, Closeable, Transferable {
    static {
        Transferable.register(ShareableList.class, new Reader());
    }

    private final SharedMemory memory;
    private final ListLayout layout;

    private ShareableList(SharedMemory memory, ListLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    /** A class, not a lambda: see {@link Transferable}. */
    private static final class Reader implements Transferable.Reader<ShareableList> {
        @Override
        public ShareableList readTransfer(TransferInput in) {
            return attach(in.readString());
        }
    }

    /**
     * Creates a list in a memory of its own with a random name.
     *
     * @param values its items
     * @return the list
     * @throws IllegalArgumentException if one of them is of another type than those above, or longer than 9999991 bytes
     * @throws org.jmultiprocessing.errors.OsException as from {@link SharedMemory#create(long)}
     */
    public static ShareableList create(List<?> values) {
        return created(null, values);
    }

    /**
     * Creates a list in a memory of its own.
     *
     * @param name a name that nobody else uses
     * @param values its items
     * @return the list
     * @throws IllegalArgumentException if one of them is of another type than those above, or longer than 9999991 bytes, or the name is none
     * @throws org.jmultiprocessing.errors.OsException as from {@link SharedMemory#create(String, long)}
     */
    public static ShareableList create(String name, List<?> values) {
        return created(Objects.requireNonNull(name, "name"), values);
    }

    private static ShareableList created(String name, List<?> given) {
        Object[] values = given.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = ListLayout.value(values[i]);
        }
        ListLayout layout = ListLayout.of(values);
        SharedMemory memory = name == null ? SharedMemory.create(layout.size()) : SharedMemory.create(name, layout.size());
        ShareableList list = new ShareableList(memory, layout);
        for (int i = 0; i < values.length; i++) {
            list.write(i, values[i], ListLayout.format(values[i], layout.roomOf(i)));
        }
        layout.write(memory);
        return list;
    }

    /**
     * Opens a list that exists, whoever created it.
     *
     * @param name the name of its memory
     * @return the list
     * @throws IllegalArgumentException if it is no name, or that memory holds no list
     * @throws org.jmultiprocessing.errors.OsException as from {@link SharedMemory#attach}
     */
    public static ShareableList attach(String name) {
        SharedMemory memory = SharedMemory.attach(name);
        try {
            return new ShareableList(memory, ListLayout.read(memory));
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /** @return the memory that it is in; to be unlinked in the end */
    public SharedMemory shm() {
        return memory;
    }

    /** @return how many items it has, always */
    @Override
    public int size() {
        return layout.count();
    }

    /**
     * @param index of an item
     * @return the item: a Long, Double, Boolean, String, byte[] or null
     * @throws IndexOutOfBoundsException if there is none
     * @throws IllegalStateException if this is closed, or what another process has put there is no item
     */
    @Override
    public Object get(int index) {
        checkIndex(index, "index out of range");
        String format = formatOf(index);
        byte kind = memory.buffer(layout.kindAt(index), 1).get(0);
        ByteBuffer item = memory.buffer(layout.itemAt(index), layout.roomOf(index));
        switch (format) {
            case ListLayout.LONG:
                return item.getLong(0);
            case ListLayout.DOUBLE:
                return item.getDouble(0);
            case ListLayout.TRUTH:
                return item.get(ListLayout.TRUTH_AT) != 0;
            case ListLayout.NOTHING:
                return null;
            default:
                int length = ListLayout.lengthOf(format);
                if (length < 0 || length > item.capacity()) {
                    throw new IllegalStateException("item " + index + " of shared memory '" + memory.name() + "' has the unknown format '" + format
                            + "'");
                }
                byte[] bytes = new byte[length];
                item.get(0, bytes);
                byte[] stripped = ListLayout.stripped(bytes);
                return kind == ListLayout.TEXT ? new String(stripped, StandardCharsets.UTF_8) : stripped;
        }
    }

    /**
     * Replaces an item.
     *
     * @param index of the item
     * @param value in its place
     * @return what was there before
     * @throws IndexOutOfBoundsException if there is none
     * @throws IllegalArgumentException if the value does not fit into the item's room, or is of another type than those above
     * @throws IllegalStateException if this is closed, or what another process has put there is no item
     */
    @Override
    public Object set(int index, Object value) {
        checkIndex(index, "assignment index out of range");
        Object kept = ListLayout.value(value);
        byte[] bytes = ListLayout.bytes(kept);
        if (bytes != null && bytes.length > layout.roomOf(index)) {
            throw new IllegalArgumentException("bytes/str item exceeds available storage");
        }
        Object before = get(index);
        write(index, kept, ListLayout.format(kept, layout.roomOf(index)));
        return before;
    }

    private void write(int index, Object value, String format) {
        ByteBuffer item = memory.buffer(layout.itemAt(index), layout.roomOf(index));
        if (value instanceof Long) {
            item.putLong(0, (Long) value);
        } else if (value instanceof Double) {
            item.putDouble(0, (Double) value);
        } else if (value == null || value instanceof Boolean) {
            byte[] word = new byte[ListLayout.WORD];
            word[ListLayout.TRUTH_AT] = (byte) (value != null && (Boolean) value ? 1 : 0);
            item.put(0, word);
        } else {
            item.put(0, Arrays.copyOf(ListLayout.bytes(value), layout.roomOf(index)));
        }
        memory.put(layout.formatAt(index), Arrays.copyOf(format.getBytes(StandardCharsets.US_ASCII), ListLayout.WORD));
        memory.put(layout.kindAt(index), new byte[] {ListLayout.kind(value)});
    }

    private String formatOf(int index) {
        byte[] format = new byte[ListLayout.WORD];
        memory.get(layout.formatAt(index), format);
        return new String(ListLayout.stripped(format), StandardCharsets.ISO_8859_1);
    }

    private void checkIndex(int index, String text) {
        if (index < 0 || index >= layout.count()) {
            throw new IndexOutOfBoundsException(text);
        }
    }

    /**
     * @param value an item, by its content
     * @return how many there are; none that a list cannot hold
     */
    public int count(Object value) {
        int count = 0;
        for (int i = 0; i < layout.count(); i++) {
            if (isAt(i, value)) {
                count++;
            }
        }
        return count;
    }

    /**
     * @param value an item, by its content
     * @return the first index of it, or -1, where Python throws its {@code ValueError}
     */
    @Override
    public int indexOf(Object value) {
        for (int i = 0; i < layout.count(); i++) {
            if (isAt(i, value)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int lastIndexOf(Object value) {
        int index = layout.count() - 1;
        while (index >= 0 && !isAt(index, value)) {
            index--;
        }
        return index;
    }

    @Override
    public boolean contains(Object value) {
        return indexOf(value) >= 0;
    }

    private boolean isAt(int index, Object value) {
        return Objects.deepEquals(get(index), ListLayout.widened(value));
    }

    /** @return the formats of all items one after another, as Python's {@code struct} writes them: {@code "qd16s"} */
    public String format() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < layout.count(); i++) {
            all.append(formatOf(i));
        }
        return all.toString();
    }

    /** Closes the memory that it is in. Does nothing the second time. */
    @Override
    public void close() {
        memory.close();
    }

    /**
     * Sends the memory's name, not the items.
     *
     * @param out the message under way
     */
    @Override
    public void writeTransfer(TransferOutput out) {
        out.writeString(memory.name());
    }

    /** @return its name and size, also after {@link #close} */
    @Override
    public String toString() {
        return "ShareableList('" + memory.name() + "', size=" + layout.count() + ")";
    }
}
