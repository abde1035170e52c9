package org.jmultiprocessing.internal.os;

import java.util.concurrent.atomic.AtomicLong;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.ForkPosix;

/**
 * A field of the JDK that a forked child has to put right, private and final as it may be. Found ahead, since finding loads classes. A field that
 * this JDK does not have is an error: whoever wants to fork has to know all of them.
 */
final class JdkField {
    private static final String ATOMIC_LONG = "Ljava/util/concurrent/atomic/AtomicLong;";

    private final Class<?> type;
    private final long id;

    private JdkField(Class<?> type, long id) {
        this.type = type;
        this.id = id;
    }

    static JdkField find(String className, boolean isStatic, String name, String signature) {
        try {
            return find(Class.forName(className), isStatic, name, signature);
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException("this JDK has no class " + className + ", which a forked child has to put right", e);
        }
    }

    static JdkField find(Class<?> type, boolean isStatic, String name, String signature) {
        long id = posix().fieldOf(type, isStatic, name, signature);
        if (id == 0) {
            throw new UnsupportedOperationException("this JDK has no field " + name + " in " + type + ", which a forked child has to put right");
        }
        return new JdkField(type, id);
    }

    /** A static field that has changed its name. */
    static JdkField findEither(Class<?> type, String name, String earlierName, String signature) {
        long id = posix().fieldOf(type, true, name, signature);
        return id != 0 ? new JdkField(type, id) : find(type, true, earlierName, signature);
    }

    /** A counter that many generators of random numbers are started from. */
    static AtomicLong counter(String className, String name) {
        return (AtomicLong) find(className, true, name, ATOMIC_LONG).get(null);
    }

    /** Null where there is no such class. */
    static AtomicLong counterIfThere(String className, String name, String otherName) {
        try {
            return (AtomicLong) findEither(Class.forName(className), name, otherName, ATOMIC_LONG).get(null);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static ForkPosix posix() {
        return (ForkPosix) Binding.posix();
    }

    Object get(Object receiver) {
        return posix().getObject(type, id, receiver);
    }

    void set(Object receiver, Object value) {
        posix().setObject(type, id, receiver, value);
    }

    void setInt(Object receiver, int value) {
        posix().setNumber(type, id, receiver, false, value);
    }

    void setLong(Object receiver, long value) {
        posix().setNumber(type, id, receiver, true, value);
    }
}
