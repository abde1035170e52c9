package org.jmultiprocessing.manager;

import java.io.Serializable;
import java.util.Objects;
import org.jmultiprocessing.spi.TransferOutput;

/** A proxy's way to its object. Safe for any number of threads. */
abstract class Handle {
    /** See {@link #callWith}. */
    static final Object NOT_SENT = new Object();

    private final Description description;

    Handle(Description description) {
        this.description = description;
    }

    final Description description() {
        return description;
    }

    /** The object's number. */
    abstract long object();

    /** The server's number. */
    abstract long server();

    /**
     * Calls a method of the object. An interrupt does not end it; the flag stays set.
     *
     * @param method its number
     * @param arguments what it takes
     * @return what it returns; an object of the server as a proxy. What it throws is thrown as itself, checked exceptions too
     */
    abstract Object call(int method, Object... arguments);

    /**
     * As {@link #call}; an interrupt ends it, and then it has had no effect.
     *
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    abstract Object callInterruptibly(int method, Object... arguments) throws InterruptedException;

    /**
     * Calls a method that takes a function, if that can run in the server.
     *
     * @param function one of the arguments
     * @return what it returns; {@link #NOT_SENT} if the function, or what it captured, cannot travel, or the server runs none
     */
    final Object callWith(Object function, int method, Object... arguments) {
        Objects.requireNonNull(function, "function");
        if (!(function instanceof Serializable) || !takesFunctions()) {
            return NOT_SENT;
        }
        try {
            return call(method, arguments);
        } catch (UnsendableException e) {
            // A function of a serializable type that holds something that is not: it runs here.
            return NOT_SENT;
        }
    }

    /**
     * Calls a method whose function can run in the server only.
     *
     * @throws UnsupportedOperationException if the server runs none
     */
    final Object callOnlyWith(Object function, int method, Object... arguments) {
        Objects.requireNonNull(function, "function");
        if (!takesFunctions()) {
            throw new UnsupportedOperationException("this manager's server runs no functions of this process, which is not of its tree: allow it by"
                    + " allowFunctions() on both sides, which gives everybody who has the key the execution of any code");
        }
        return call(method, arguments);
    }

    /** Whether the object's server runs functions that this process sends. */
    abstract boolean takesFunctions();

    /** What the object's server itself does. */
    abstract Handle desk();

    abstract void write(TransferOutput out);

    /** Whether both lead to the same object. */
    final boolean isSame(Handle other) {
        return server() == other.server() && object() == other.object();
    }

    /** As Python shows a proxy. */
    final String show(Object proxy) {
        return "<" + proxy.getClass().getSimpleName() + " object " + object() + " of manager " + Long.toHexString(server()) + ">";
    }

    /** What {@code toString} of a proxy says: that of the object, as Python's {@code str}. */
    final String text() {
        return (String) call(Referent.TO_STRING);
    }
}
