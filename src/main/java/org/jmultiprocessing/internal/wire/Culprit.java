package org.jmultiprocessing.internal.wire;

import java.io.NotSerializableException;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.spi.Transferable;

/**
 * Finds the way from a value to the object in it that cannot be serialized, and says what to do about it. It looks where serialization would go, at
 * fields and at elements, as far as modules are open to it; breadth first, so that the way is a short one.
 */
final class Culprit {
    private static final int MOST_OBJECTS = 100_000;
    private static final String LAMBDA = "$$Lambda";

    private final String culprit;
    private final Queue<Step> pending = new ArrayDeque<>();
    private final Map<Object, Object> seen = new IdentityHashMap<>();

    private Culprit(String culprit) {
        this.culprit = culprit;
    }

    /** An object, how one gets to it from the one before, and if it is captured or a field, what helps. */
    private record Step(Object object, Step from, String label, String remedy) { }

    /** The value's name in an error. */
    static String name(Object value, String what) {
        return what != null ? what : value == null ? "null" : typeName(value.getClass());
    }

    static SerializationException describe(Object root, String what, NotSerializableException failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        String culprit = end < 0 ? message : message.substring(0, end);
        RuntimeException broken = null;
        Step found = null;
        try {
            found = new Culprit(culprit).search(root);
        } catch (RuntimeException e) {
            // A collection that changes or an object that cannot be asked: the error is the culprit's all the same.
            broken = e;
        }
        StringBuilder text = new StringBuilder(what == null ? "" : what + " -> ");
        if (found != null) {
            appendPath(text, found.from, found.label);
        } else if (root != null && !root.getClass().getName().equals(culprit)) {
            text.append(typeName(root.getClass())).append(" -> ... -> ");
        }
        boolean isLambda = culprit.contains(LAMBDA);
        text.append(isLambda ? "a lambda of " + culprit.substring(0, culprit.indexOf(LAMBDA)) : culprit).append(" is not Serializable: ");
        if (isLambda) {
            text.append("give what takes it one of the types in org.jmultiprocessing.task (Task, Function1, ...),"
                + " or cast it: (Runnable & java.io.Serializable) () -> ...");
        } else if (isChannel(culprit)) {
            text.append("the JDK tells nobody its descriptor. Send what it takes to open it in the other process, such as its address or"
                + " path; or make the connection with Listener and Client of org.jmultiprocessing.pipe, whose Connections can be sent. A"
                + " descriptor whose number you have goes by Handles.send, and Connection.ofDescriptor makes a connection of it");
        } else {
            text.append(found != null && found.remedy != null ? found.remedy : culprit.startsWith("java.")
                ? "send a copy that is (new ArrayList<>(list)), or what it can be made from" : "let it implement Serializable or Transferable");
        }
        SerializationException exception = new SerializationException(text.toString(), failure);
        if (broken != null) {
            exception.addSuppressed(broken);
        }
        return exception;
    }

    /** A socket or channel of the JDK, whose classes are its own matter. */
    private static boolean isChannel(String type) {
        return type.startsWith("java.net.") && type.endsWith("Socket") || type.startsWith("java.nio.channels.") || type.startsWith("sun.nio.ch.")
            || type.startsWith("sun.security.ssl.SSL") && type.contains("Socket");
    }

    private static void appendPath(StringBuilder text, Step step, String next) {
        if (step != null) {
            appendPath(text, step.from, step.label);
            text.append(describe(step.object)).append(next).append(" -> ");
        }
    }

    private static String describe(Object object) {
        SerializedLambda lambda = lambda(object);
        return lambda == null ? typeName(object.getClass()) : "the lambda in " + lambda.getCapturingClass().replace('/', '.');
    }

    /** Names without the package, but with the class around them. */
    private static String typeName(Class<?> type) {
        String name = type.getTypeName();
        return type.isArray() || type.getPackageName().isEmpty() ? name : name.substring(type.getPackageName().length() + 1);
    }

    private Step search(Object root) {
        add(root, null, "", null);
        for (Step step = pending.poll(); step != null; step = pending.poll()) {
            Object object = step.object;
            if (object.getClass().getName().equals(culprit) && !(object instanceof Serializable && !object.getClass().isHidden())) {
                return step;
            }
            if (!(object instanceof Transferable)) {
                lookInto(object, step);
            }
        }
        return null;
    }

    private void add(Object object, Step from, String label, String remedy) {
        if (object != null && seen.size() < MOST_OBJECTS && !(object instanceof String) && !(object instanceof Number)
                && seen.put(object, object) == null) {
            pending.add(new Step(object, from, label, remedy));
        }
    }

    private void lookInto(Object object, Step step) {
        SerializedLambda lambda = lambda(object);
        if (lambda != null) {
            lookIntoLambda(lambda, step);
        } else if (object instanceof Object[]) {
            Object[] elements = (Object[]) object;
            for (int i = 0; i < elements.length; i++) {
                add(elements[i], step, "[" + i + "]", null);
            }
        } else if (object.getClass().getName().startsWith("java.")) {
            lookIntoJdk(object, step);
        } else {
            lookIntoFields(object, step);
        }
        if (object instanceof Throwable) {
            add(((Throwable) object).getCause(), step, ".cause", null);
            for (Throwable suppressed : ((Throwable) object).getSuppressed()) {
                add(suppressed, step, ".suppressed", null);
            }
        }
    }

    private void lookIntoLambda(SerializedLambda lambda, Step step) {
        boolean usesThis = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic && lambda.getImplMethodName().startsWith("lambda$");
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            if (i == 0 && usesThis) {
                add(lambda.getCapturedArg(i), step, ", captured this",
                    "the lambda uses its fields or methods: copy what it needs into local variables, or call static methods");
            } else {
                add(lambda.getCapturedArg(i), step, ", captured argument " + i,
                    "make the object inside the lambda, or let it implement Serializable or Transferable");
            }
        }
    }

    private void lookIntoJdk(Object object, Step step) {
        if (object instanceof Map) {
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) object).entrySet()) {
                String key = keyName(entry.getKey());
                add(entry.getKey(), step, " key " + key, null);
                add(entry.getValue(), step, "[" + key + "]", null);
            }
        } else if (object instanceof Collection) {
            int i = 0;
            for (Object element : (Collection<?>) object) {
                add(element, step, "[" + i++ + "]", null);
            }
        } else if (object instanceof Map.Entry) {
            add(((Map.Entry<?, ?>) object).getKey(), step, ".key", null);
            add(((Map.Entry<?, ?>) object).getValue(), step, ".value", null);
        } else if (object instanceof Optional) {
            add(((Optional<?>) object).orElse(null), step, ".value", null);
        } else {
            lookIntoFields(object, step);
        }
    }

    private static String keyName(Object key) {
        return key == null || key instanceof String || key instanceof Number || key instanceof Character || key instanceof Boolean
            ? String.valueOf(key) : typeName(key.getClass());
    }

    private void lookIntoFields(Object object, Step step) {
        for (Class<?> type = object.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers) && !field.getType().isPrimitive() && field.trySetAccessible()) {
                    addField(object, field, step);
                }
            }
        }
    }

    private void addField(Object object, Field field, Step step) {
        String remedy = field.getName().startsWith("this$")
            ? "make " + typeName(object.getClass()) + " static, as an inner class takes its outer object along"
            : "make the field transient or implement Transferable";
        try {
            add(field.get(object), step, "." + field.getName(), remedy);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " was accessible a moment ago", e);
        }
    }

    private static SerializedLambda lambda(Object object) {
        if (object instanceof PortableFunction) {
            return (SerializedLambda) ((PortableFunction) object).writeReplace();
        }
        return Lambdas.serialized(object);
    }
}
