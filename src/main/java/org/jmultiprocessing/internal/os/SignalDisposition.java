package org.jmultiprocessing.internal.os;

import java.lang.reflect.InvocationTargetException;

/** What this process does on signals. By reflection, because module {@code jdk.unsupported} may not be there. */
public final class SignalDisposition {
    private SignalDisposition() { }

    /**
     * Ignores a signal from now on, as far as the JVM lets us: started with {@code -Xrs} it does not.
     *
     * @param signal its name without SIG, such as {@code INT}
     * @return whether it is ignored
     */
    public static boolean ignore(String signal) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object ignoring = handlerClass.getField("SIG_IGN").get(null);
            signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signalClass.getConstructor(String.class).newInstance(signal),
                    ignoring);
            return true;
        } catch (ReflectiveOperationException refused) {
            if (refused instanceof InvocationTargetException && refused.getCause() instanceof Error error) {
                throw error;
            }
            return false;
        }
    }
}
