package org.jmultiprocessing.pool;

import java.util.Arrays;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.wire.RemoteFailure;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.task.Function1;

/** Calls a function with each element of a chunk. */
final class ChunkRun {
    private static final int BLOCK = 32;

    private final int kind;
    private final Object function;
    /** Become the values, one by one. */
    private final Object[] elements;
    /** By index; null as long as there are none. */
    private Throwable[] failures;
    private int failed;

    /** @param kind MAP or STAR, which end at the first failure, or ITEMS or STAR_ITEMS */
    ChunkRun(int kind, Object function, Object[] elements) {
        this.kind = kind;
        this.function = function;
        this.elements = elements;
    }

    void run() {
        boolean star = kind == Frames.STAR || kind == Frames.STAR_ITEMS;
        boolean all = kind == Frames.ITEMS || kind == Frames.STAR_ITEMS;
        int next = 0;
        while (next < elements.length && (all || failed == 0)) {
            next = star ? callEach(next) : applyEach(next);
        }
        Arrays.fill(elements, next, elements.length, null);
    }

    /**
     * Begins with an element, and goes on until one fails or a block is done, since the JVM compiles a method that is called often sooner than a loop
     * that runs long; returns the index of the next.
     */
    @SuppressWarnings("unchecked") // The compiler has checked that they fit where it was submitted.
    private int applyEach(int first) {
        int i = first;
        int end = Math.min(elements.length, first + BLOCK);
        try {
            Function1<Object, Object> each = (Function1<Object, Object>) function;
            for (; i < end; i++) {
                elements[i] = each.apply(elements[i]);
            }
        } catch (Throwable failure) {
            fail(i++, failure);
        }
        return i;
    }

    /** As {@link #applyEach}, of elements that are arguments. */
    private int callEach(int first) {
        int i = first;
        int end = Math.min(elements.length, first + BLOCK);
        try {
            for (; i < end; i++) {
                elements[i] = TaskCall.invoke(function, (Object[]) elements[i]);
            }
        } catch (Throwable failure) {
            fail(i++, failure);
        }
        return i;
    }

    private void fail(int index, Throwable failure) {
        if (failures == null) {
            failures = new Throwable[elements.length];
        }
        elements[index] = null;
        failures[index] = failure;
        failed++;
    }

    Object[] values() {
        return elements;
    }

    Throwable[] failures() {
        return failures;
    }

    /** Writes what came of it; returns the kind of the message. */
    int write(WireOutput out) {
        int start = out.length();
        try {
            Frames.CODEC.encode(elements, out, "the results");
        } catch (SerializationException e) {
            out.truncate(start);
            findUnsendable(out);
            Frames.CODEC.encode(elements, out, "the results");
        }
        if (failed == 0) {
            return Frames.VALUES;
        }
        out.writeInt(failed);
        for (int i = 0; i < failures.length; i++) {
            if (failures[i] != null) {
                out.writeInt(i);
                RemoteFailure.write(out, failures[i], Frames.CODEC);
            }
        }
        return Frames.SOME;
    }

    private void findUnsendable(WireOutput out) {
        int start = out.length();
        for (int i = 0; i < elements.length; i++) {
            try {
                Frames.CODEC.encode(elements[i], out, "the result");
            } catch (SerializationException e) {
                fail(i, TaskCall.notSent(elements[i], e));
            }
            out.truncate(start);
        }
    }

    @Override
    public String toString() {
        return function + " of " + elements.length + " elements";
    }
}
