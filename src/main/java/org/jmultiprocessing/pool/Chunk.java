package org.jmultiprocessing.pool;

import java.util.Arrays;
import org.jmultiprocessing.internal.wire.BoxedList;
import org.jmultiprocessing.internal.wire.ByteStrings;
import org.jmultiprocessing.internal.wire.RemoteFailure;
import org.jmultiprocessing.internal.wire.WireInput;

/** What became of a chunk's elements: values by their index, and failures. */
final class Chunk {
    private static final int LARGE = 64 << 10;

    /** An array of objects or, if all are boxed numbers of one type, of these. */
    private final Object values;
    private final int size;
    private final Throwable[] failures;

    private Chunk(Object values, int size, Throwable[] failures) {
        this.values = values;
        this.size = size;
        this.failures = failures;
    }

    /** @param failures by index; null if there are none */
    Chunk(Object[] values, Throwable[] failures) {
        this(values, values.length, failures);
    }

    /** Of a chunk none of whose elements has a value. */
    static Chunk failed(int elements, Throwable why) {
        Throwable[] failures = new Throwable[elements];
        Arrays.fill(failures, why);
        return new Chunk(new Object[elements], failures);
    }

    /**
     * Decodes a worker's message.
     *
     * @param elements how many the chunk had
     */
    static Chunk decode(int kind, byte[] bytes, int offset, int length, int elements) {
        try {
            WireInput in = new WireInput(bytes, offset, length, null);
            if (kind == Frames.FAILURE) {
                return failed(elements, RemoteFailure.read(in, Frames.CODEC));
            }
            if (kind == Frames.VALUES && BoxedList.isAhead(in)) {
                return new Chunk(BoxedList.readNumbers(in), elements, null);
            }
            Object[] values = (Object[]) Frames.CODEC.decode(in);
            if (kind == Frames.VALUES) {
                return new Chunk(values, null);
            }
            Throwable[] failures = new Throwable[elements];
            for (int left = in.readInt(); left > 0; left--) {
                int index = in.readInt();
                failures[index] = RemoteFailure.read(in, Frames.CODEC);
            }
            return new Chunk(values, failures);
        } catch (Throwable undecodable) {
            return failed(elements, undecodable);
        }
    }

    /** Whether to decode such a message is to copy it, and runs no code of the program's. */
    static boolean isPlain(int kind, byte[] bytes, int offset, int length) {
        return kind == Frames.VALUES && (BoxedList.isAhead(new WireInput(bytes, offset, length, null))
                || length > LARGE && ByteStrings.isArrayOf(bytes, offset, length));
    }

    int size() {
        return size;
    }

    Object value(int index) {
        return values instanceof Object[] objects ? objects[index] : BoxedList.number(values, index);
    }

    /** All values: an array of objects, or of numbers. */
    Object values() {
        return values;
    }

    /** Null if the element has a value. */
    Throwable failure(int index) {
        return failures == null ? null : failures[index];
    }

    /** Null if all elements have values. */
    Throwable firstFailure() {
        for (int i = 0; failures != null && i < failures.length; i++) {
            if (failures[i] != null) {
                return failures[i];
            }
        }
        return null;
    }
}
