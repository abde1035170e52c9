package org.jmultiprocessing.internal.wire;

import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import org.jmultiprocessing.errors.SerializationException;

/**
 * A function in the form in which it travels: what {@link SerializedLambda} holds, less what the interface implies. Class names have slashes.
 *
 * @param shape the interface, see {@link TaskShape}
 * @param capturingClass where the lambda is written
 * @param implClass has the method that is called
 * @param implName that method, or {@code <init>}
 * @param implSignature its descriptor
 * @param implKind how it is called, a reference kind of {@link java.lang.invoke.MethodHandleInfo}
 * @param instantiatedType the descriptor of the interface's method with its type arguments
 * @param captured what comes before the arguments of a call; null while that is still to be read
 */
record FunctionForm(int shape, String capturingClass, String implClass, String implName, String implSignature, int implKind,
        String instantiatedType, Object[] captured) {
    /** The form of a function, or null if the object is something else: no lambda, or one of another interface or of several. */
    static FunctionForm of(Object value) {
        if (value instanceof PortableFunction) {
            return ((PortableFunction) value).form();
        }
        int shape = shape(value.getClass());
        SerializedLambda lambda = shape < 0 ? null : Lambdas.serialized(value);
        if (lambda == null) {
            return null;
        }
        Object[] captured = new Object[lambda.getCapturedArgCount()];
        for (int i = 0; i < captured.length; i++) {
            captured[i] = lambda.getCapturedArg(i);
        }
        return new FunctionForm(shape, lambda.getCapturingClass(), lambda.getImplClass(), lambda.getImplMethodName(), lambda.getImplMethodSignature(),
            lambda.getImplMethodKind(), lambda.getInstantiatedMethodType(), captured);
    }

    private static int shape(Class<?> type) {
        if (!type.isHidden()) {
            return -1;
        }
        int shape = -1;
        for (Class<?> implemented : type.getInterfaces()) {
            if (implemented != Serializable.class) {
                if (shape >= 0) {
                    return -1;
                }
                shape = TaskShape.of(implemented);
                if (shape < 0) {
                    return -1;
                }
            }
        }
        return shape;
    }

    boolean isConstructor() {
        return implKind == MethodHandleInfo.REF_newInvokeSpecial;
    }

    /** Whether the first argument of a call is the object whose method it is. */
    boolean hasReceiver() {
        return !isConstructor() && implKind != MethodHandleInfo.REF_invokeStatic;
    }

    /** Writes all but what is captured. */
    void write(WireOutput out) {
        out.writeByte(shape);
        out.writeString(implClass);
        out.writeString(capturingClass.equals(implClass) ? "" : capturingClass);
        out.writeString(implName);
        out.writeString(implSignature);
        out.writeByte(implKind);
        out.writeString(instantiatedType);
    }

    static FunctionForm read(WireInput in) {
        int shape = in.readByte();
        if (shape >= TaskShape.COUNT) {
            throw in.corrupt("there is no function of shape " + shape);
        }
        String implClass = in.readString();
        String capturingClass = in.readString();
        return new FunctionForm(shape, capturingClass.isEmpty() ? implClass : capturingClass, implClass, in.readString(), in.readString(),
            in.readByte(), in.readString(), null);
    }

    FunctionForm capturing(Object[] values) {
        return new FunctionForm(shape, capturingClass, implClass, implName, implSignature, implKind, instantiatedType, values);
    }

    /** The form that the JDK turns into a lambda when it reads it. */
    SerializedLambda serialized(ClassLoader loader) {
        Class<?> capturing = Classes.find(capturingClass.replace('/', '.'), loader);
        try {
            return new SerializedLambda(capturing, TaskShape.interfaceName(shape), TaskShape.methodName(shape), TaskShape.methodSignature(shape),
                implKind, implClass, implName, implSignature, instantiatedType, captured);
        } catch (IllegalArgumentException e) {
            throw new SerializationException("the message is corrupt: " + e.getMessage(), e);
        }
    }
}
