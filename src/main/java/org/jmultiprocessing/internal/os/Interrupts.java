package org.jmultiprocessing.internal.os;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.ForkPosix;

/**
 * Ctrl-C goes to all processes of a terminal; of a pool's or a manager's only the one that has it decides what it means.
 */
public final class Interrupts {
    private Interrupts() { }

    /**
     * Ignores SIGINT in this process and in those that it starts. Where the binding cannot do that the JVM is asked, by reflection, as not every
     * image has module {@code jdk.unsupported}; it refuses if it was started with {@code -Xrs}, and Ctrl-C ends this process too.
     */
    public static void ignore() {
        if (!(Binding.posix() instanceof ForkPosix posix && posix.ignoreInterrupt(true) == 0)) {
            ignoreByJvm();
        }
    }

    private static void ignoreByJvm() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance("INT"), handler.getField("SIG_IGN").get(null));
        } catch (InvocationTargetException reserved) {
            if (reserved.getCause() instanceof Error error) {
                throw error;
            }
        } catch (ReflectiveOperationException noSuchModule) {
            return;
        }
    }
}
