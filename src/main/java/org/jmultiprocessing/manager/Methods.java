package org.jmultiprocessing.manager;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The methods of an interface, numbered in an order that is the same in every process. */
final class Methods {
    private static final int FIRST = Referent.TO_STRING + 1;
    private static final MethodType GENERIC = MethodType.methodType(Object.class, Object.class, Object[].class);

    private static final ClassValue<Methods> OF = new ClassValue<>() {
        @Override
        protected Methods computeValue(Class<?> type) {
            return new Methods(type);
        }
    };

    private final List<Method> methods = new ArrayList<>();
    private final Map<Method, Integer> numbers = new HashMap<>();
    private final MethodHandle[] handles;
    private final long fingerprint;

    private Methods(Class<?> type) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(type.getName() + " is no interface: objects of one's own are registered by an interface, of which"
                    + " the proxies are instances");
        }
        long hash = 1125899906842597L;
        for (Method method : type.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers()) && !isObjects(method)) {
                methods.add(method);
            }
        }
        methods.sort(Comparator.comparing(Methods::signature));
        for (int i = 0; i < methods.size(); i++) {
            Method method = methods.get(i);
            numbers.put(method, FIRST + i);
            for (char c : signature(method).toCharArray()) {
                hash = 31 * hash + c;
            }
        }
        fingerprint = hash;
        handles = new MethodHandle[methods.size()];
    }

    static Methods of(Class<?> type) {
        return OF.get(type);
    }

    /** Those that every object has are no business of the interface. */
    static boolean isObjects(Method method) {
        String name = method.getName();
        return name.equals("toString") && method.getParameterCount() == 0 || name.equals("hashCode") && method.getParameterCount() == 0
                || name.equals("equals") && method.getParameterCount() == 1 && method.getParameterTypes()[0] == Object.class;
    }

    private static String signature(Method method) {
        return method.getName() + MethodType.methodType(method.getReturnType(), method.getParameterTypes()).toMethodDescriptorString();
    }

    /** Tells interfaces of one name with different methods apart. */
    long fingerprint() {
        return fingerprint;
    }

    /** The number of a method of the interface. */
    int number(Method method) {
        Integer number = numbers.get(method);
        if (number == null) {
            throw new UnsupportedOperationException(method + " is not a method of the registered interface");
        }
        return number;
    }

    /** The method of that number, or null. */
    Method method(int number) {
        int index = number - FIRST;
        return index >= 0 && index < methods.size() ? methods.get(index) : null;
    }

    /** Calls the method of that number, which there is. */
    Object invoke(int number, Object target, Object[] arguments) throws Throwable {
        int index = number - FIRST;
        MethodHandle handle = handles[index];
        if (handle == null) {
            Method method = methods.get(index);
            method.trySetAccessible();
            handle = MethodHandles.lookup().unreflect(method).asFixedArity().asSpreader(Object[].class, method.getParameterCount()).asType(GENERIC);
            handles[index] = handle;
        }
        return handle.invokeExact(target, arguments);
    }
}
