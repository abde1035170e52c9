package org.jmultiprocessing.internal.wire;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jmultiprocessing.errors.SerializationException;

/** Asks serializable lambdas what they are. */
final class Lambdas {
    /** The method by which the JDK lets a lambda's class describe an instance; null if it has none or is in a module that is closed to us. */
    private static final ClassValue<Method> WRITE_REPLACE = new ClassValue<>() {
        @Override
        protected Method computeValue(Class<?> type) {
            try {
                Method method = type.getDeclaredMethod("writeReplace");
                return method.trySetAccessible() ? method : null;
            } catch (NoSuchMethodException e) {
                return null;
            }
        }
    };

    private Lambdas() { }

    /** The description of a lambda, or null if the object is none or cannot be serialized. */
    static SerializedLambda serialized(Object value) {
        if (!(value instanceof Serializable) || !value.getClass().isHidden()) {
            return null;
        }
        Method writeReplace = WRITE_REPLACE.get(value.getClass());
        try {
            Object replacement = writeReplace != null ? writeReplace.invoke(value) : Catcher.replacement(value);
            return replacement instanceof SerializedLambda ? (SerializedLambda) replacement : null;
        } catch (InvocationTargetException e) {
            throw new SerializationException(value.getClass().getName() + " cannot be written: " + e.getCause(), e.getCause());
        } catch (IllegalAccessException | IOException e) {
            throw new SerializationException(value.getClass().getName() + " cannot be written: " + e, e);
        }
    }

    /** {@code java.base} may call the method wherever it is: this catches what it returns. */
    private static final class Catcher extends ObjectOutputStream {
        private final Object value;
        private Object caught;

        private Catcher(Object value) throws IOException {
            super(OutputStream.nullOutputStream());
            this.value = value;
            enableReplaceObject(true);
        }

        static Object replacement(Object value) throws IOException {
            try (Catcher catcher = new Catcher(value)) {
                catcher.writeObject(value);
                return catcher.caught;
            }
        }

        @Override
        protected Object replaceObject(Object object) {
            if (object != value) {
                caught = object;
            }
            return null;
        }
    }
}
