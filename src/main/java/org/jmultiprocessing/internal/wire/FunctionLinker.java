package org.jmultiprocessing.internal.wire;

import org.jmultiprocessing.errors.SerializationException;

/** Turns the form of a function into a function. */
final class FunctionLinker {
    private FunctionLinker() { }

    static Object link(FunctionForm form, ClassLoader loader) {
        Class<?> type = Classes.find(form.implClass().replace('/', '.'), loader);
        // Now, not at the first call: an initializer that starts processes must meet the guard of a child that is not up yet.
        Classes.initialize(type);
        MethodCall call = MethodCall.of(type, form);
        if (call == null) {
            return OtherModules.link(form, loader);
        }
        if (call.argumentCount() != form.captured().length + TaskShape.arity(form.shape())) {
            throw new SerializationException("the message is corrupt: ".concat(form.implName()).concat(form.implSignature())
                .concat(" does not take what was captured and what the function is given"));
        }
        return PortableFunction.of(new PortableFunction.Link(form, type, call, loader));
    }
}
