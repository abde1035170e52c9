package org.jmultiprocessing.manager;

import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.jmultiprocessing.errors.SerializationException;

/** What is behind a proxy of a registered interface. It travels by Java serialization, with the handle's carrier inside. */
final class OwnProxy implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1L;
    private static final Object[] NO_ARGUMENTS = {};

    @SuppressWarnings("serial") // It travels as a Transferable.
    private final HandleCarrier carrier;
    private final Class<?> exposed;

    private OwnProxy(HandleCarrier carrier, Class<?> exposed) {
        this.carrier = carrier;
        this.exposed = exposed;
    }

    static Object of(Handle handle) {
        Description description = handle.description();
        ClassLoader loader = loader();
        Class<?> exposed;
        try {
            exposed = Class.forName(description.interfaceName(), false, loader);
        } catch (ClassNotFoundException e) {
            throw new SerializationException("a manager's proxy needs interface " + description.interfaceName()
                    + ", which is not known in this process: add it to its class path", e);
        }
        if (Methods.of(exposed).fingerprint() != description.fingerprint()) {
            throw new SerializationException("interface " + exposed.getName() + " has other methods here than in the manager's server:"
                    + " use the same version of it on both sides");
        }
        return Proxy.newProxyInstance(exposed.getClassLoader(), new Class<?>[] {exposed}, new OwnProxy(new HandleCarrier(handle), exposed));
    }

    private static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : OwnProxy.class.getClassLoader();
    }

    /** The handle of a proxy; null of anything else. */
    static Handle handleOf(Object object) {
        if (object instanceof Proxy && Proxy.getInvocationHandler(object) instanceof OwnProxy own) {
            return own.carrier.handle();
        }
        return null;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] given) throws Throwable {
        Object[] arguments = given == null ? NO_ARGUMENTS : given;
        Handle handle = carrier.handle();
        if (Methods.isObjects(method)) {
            switch (method.getName()) {
                case "equals":
                    Handle other = handleOf(arguments[0]);
                    return other != null && handle.isSame(other);
                case "hashCode":
                    return Long.hashCode(handle.server() * 31 + handle.object());
                default:
                    return handle.text();
            }
        }
        int number = Methods.of(exposed).number(method);
        return Arrays.asList(method.getExceptionTypes()).contains(InterruptedException.class) ? handle.callInterruptibly(number, arguments)
                : handle.call(number, arguments);
    }
}
