package org.jmultiprocessing.manager;

import java.lang.reflect.Method;

/**
 * An object of the user's in a server, of which clients can call what an interface has. Its methods run at the same time, each in its caller's
 * thread.
 */
final class OwnReferent extends Referent {
    private final Object target;
    private final Class<?> exposed;
    private final Methods methods;

    OwnReferent(Object target, Class<?> exposed) {
        super(new Description(Kind.OWN, exposed.getName(), Methods.of(exposed).fingerprint()));
        this.target = exposed.cast(target);
        this.exposed = exposed;
        this.methods = Methods.of(exposed);
    }

    @Override
    void call(int number, Object[] arguments, Caller caller, Reply reply) throws Throwable {
        Method method = methods.method(number);
        if (method == null || arguments.length != method.getParameterCount()) {
            throw new IllegalArgumentException(exposed.getName() + " has no method " + number + " of " + arguments.length + " arguments");
        }
        Object result = methods.invoke(number, target, arguments);
        if (result != null && caller.server().types().isExposed(method.getReturnType()) && Proxies.handleOf(result) == null) {
            reply.object(caller.server().table().object(new OwnReferent(result, method.getReturnType())));
        } else {
            reply.value(result);
        }
    }

    @Override
    String text() {
        return target.toString();
    }

    /** The same object by the same interface is the same for clients. */
    @Override
    public boolean equals(Object other) {
        return other instanceof OwnReferent own && own.target == target && own.exposed == exposed;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(target);
    }
}
