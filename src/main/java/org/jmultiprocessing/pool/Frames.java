package org.jmultiprocessing.pool;

import java.util.Arrays;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * The messages between a pool and its workers. All numbers of a head are big-endian.
 *
 * <pre>
 *  to the worker                                               from the worker
 *   INIT      initializer, its arguments, exit function        READY
 *   FUNCTION  int id | function                                UNABLE    failure of the initializer
 *   FORGET    int id                                           VALUE     int number | byte retires | long nanos | value
 *   CALL      int number | int id | (function) | arguments     FAILURE   int number | byte retires | long nanos | failure
 *   MAP       int number | int id | elements                   VALUES    int number | byte retires | long nanos | values
 *   STAR      int number | int id | arrays of arguments        SOME      int number | byte retires | long nanos | values, count, (index, failure)*
 *   ITEMS     int number | int id | elements
 *   STAR_ITEMS
 *   STOP
 * </pre>
 *
 * <p>An id of 0 says that the function is in the message. MAP and STAR end at the first failure, ITEMS and STAR_ITEMS go on.
 */
final class Frames {
    static final int INIT = 1;
    static final int FUNCTION = 2;
    static final int FORGET = 3;
    static final int STOP = 4;
    static final int CALL = 5;
    static final int MAP = 6;
    static final int STAR = 7;
    static final int ITEMS = 8;
    static final int STAR_ITEMS = 9;

    static final int READY = 20;
    static final int UNABLE = 21;
    static final int VALUE = 22;
    static final int FAILURE = 23;
    static final int VALUES = 24;
    static final int SOME = 25;

    /** Where a task's number is, and where its function's id. */
    static final int NUMBER = 1;
    static final int FUNCTION_ID = 5;
    /** Bytes before the content of a task. */
    static final int TASK_HEAD = 9;
    /** Where a result says whether its worker is too large, and how long it took. */
    static final int RETIRES = 5;
    static final int NANOS = 6;
    /** Bytes before the content of a result. */
    static final int RESULT_HEAD = 14;

    static final ObjectCodec CODEC = new ObjectCodec(Trust.OWN_TREE, null);

    private static final DescriptorCarrier CARRIER = DescriptorCarrier.depositing("a pool");
    /** What a thread keeps at most. */
    private static final int KEPT_BYTES = 64 << 10;
    private static final Local LOCAL = new Local();

    /** A class, not a lambda: a worker comes here on its way to its first task. */
    private static final class Local extends ThreadLocal<WireOutput> {
        @Override
        protected WireOutput initialValue() {
            return output();
        }
    }

    private Frames() { }

    /** An empty message. */
    static WireOutput output() {
        return new WireOutput(CARRIER);
    }

    /** An empty message in an array that nobody else uses. */
    static WireOutput output(byte[] buffer) {
        return new WireOutput(CARRIER, buffer);
    }

    /** Whether {@link #copy} would not copy a message in such an array, if it fills it. */
    static boolean isLarge(byte[] bytes) {
        return bytes.length > KEPT_BYTES;
    }

    /** An empty message of this thread's; belongs to the caller until {@link #release}. What is encoded may come here again. */
    static WireOutput take() {
        WireOutput out = LOCAL.get();
        if (out == null) {
            return output();
        }
        LOCAL.set(null);
        return out;
    }

    static void release(WireOutput out) {
        if (out.array().length <= KEPT_BYTES) {
            out.truncate(0);
            LOCAL.set(out);
        } else {
            LOCAL.remove();
        }
    }

    /** The message alone, in an array whose length is a multiple of 8, which is what a ring copies fastest. A large one is not copied. */
    static byte[] copy(WireOutput out) {
        if (out.array().length > KEPT_BYTES && out.length() > out.array().length / 2) {
            return out.array();
        }
        return Arrays.copyOf(out.array(), out.length() + 7 & -8);
    }

    static void setInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }
}
