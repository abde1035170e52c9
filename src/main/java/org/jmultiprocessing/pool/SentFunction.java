package org.jmultiprocessing.pool;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** A function that a worker is sent once, and tasks refer to by its id. */
final class SentFunction {
    private static final AtomicInteger IDS = new AtomicInteger();
    /** Functions without state, such as lambdas that capture nothing, are the same whenever they are sent. */
    private static final ClassValue<Stateless> STATELESS = new ClassValue<>() {
        @Override
        protected Stateless computeValue(Class<?> type) {
            return new Stateless(type);
        }
    };
    /** Where the function is in its message. */
    static final int CONTENT = 5;
    /** Second byte of an encoded value: set if there are handles in it, each of which can be received once. */
    private static final int HAS_TRANSFERS = 0x80;

    private final int id;
    private final byte[] frame;
    private final int length;
    private final boolean once;

    private SentFunction(int id, byte[] frame, int length, boolean once) {
        this.id = id;
        this.frame = frame;
        this.length = length;
        this.once = once;
    }

    private static final class Stateless {
        private final boolean is;
        private volatile SentFunction sent;

        Stateless(Class<?> type) {
            is = hasNoFields(type);
        }

        private static boolean hasNoFields(Class<?> type) {
            for (Class<?> next = type; next != null; next = next.getSuperclass()) {
                for (Field field : next.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /** The function if it has no state; null if it has, so that each task needs its own. */
    static SentFunction ofStateless(Object function) {
        Stateless stateless = STATELESS.get(function.getClass());
        if (!stateless.is) {
            return null;
        }
        SentFunction sent = stateless.sent;
        if (sent == null) {
            sent = encode(function);
            stateless.sent = sent;
        }
        return sent;
    }

    /** The function of many tasks, unless it {@link #isForOnce}. */
    static SentFunction ofMany(Object function) {
        SentFunction stateless = ofStateless(function);
        return stateless != null ? stateless : encode(function);
    }

    private static SentFunction encode(Object function) {
        WireOutput out = Frames.take();
        try {
            int id = IDS.incrementAndGet();
            out.writeByte(Frames.FUNCTION);
            out.writeInt(id);
            int start = out.length();
            Frames.CODEC.encode(function, out, "the function");
            return new SentFunction(id, Frames.copy(out), out.length(), hasHandles(out, start));
        } finally {
            Frames.release(out);
        }
    }

    /** Whether there are handles in the value that was encoded there. */
    static boolean hasHandles(WireOutput out, int start) {
        return (out.array()[start + 1] & HAS_TRANSFERS) != 0;
    }

    /** Whether no other job has it. */
    boolean belongsTo(Object function) {
        return !STATELESS.get(function.getClass()).is;
    }

    /** Whether a single task can have it, because of handles in it. */
    boolean isForOnce() {
        return once;
    }

    int id() {
        return id;
    }

    /** The message that a worker is sent. */
    byte[] frame() {
        return frame;
    }

    /** Its method, if it is a lambda or method reference; else what it says of itself. */
    String text() {
        return Frames.CODEC.decode(new WireInput(frame, CONTENT, length - CONTENT, null)).toString();
    }

    int length() {
        return length;
    }
}
