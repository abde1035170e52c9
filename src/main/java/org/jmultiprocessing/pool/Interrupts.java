package org.jmultiprocessing.pool;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Ctrl-C goes to all processes of a terminal; of a pool's only the one that has the pool decides what it means. */
final class Interrupts {
    private Interrupts() { }

    /** Ignores SIGINT in this process and in those that it starts. By name, as compilers refuse classes that are not for everybody. */
    static void ignore() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance("INT"), handler.getField("SIG_IGN").get(null));
        } catch (InvocationTargetException reserved) {
            // With -Xrs the JVM leaves signals alone, and Ctrl-C ends the worker too.
            return;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
        }
    }
}
