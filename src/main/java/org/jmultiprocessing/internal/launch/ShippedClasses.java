package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The classes that a child cannot find on its class path, because a class loader of the program's own defined them: those of a {@link
 * URLClassLoader}, Spring Boot's nested jars, {@code java Demo.java}, jshell. Their bytes are what the loader gives as the resource {@code
 * Name.class}; shipped is whatever can be reached from the roots through constant pools, so that code which is called is there. A class that is only
 * found by a name put together at run time, or a resource, is there if its loader is a {@code URLClassLoader} over files: the child gets the same
 * places.
 *
 * <p>What is found out about a class is kept as long as the class.
 */
public final class ShippedClasses {
    private static final ClassValue<Found> FOUND = new ClassValue<>() {
        @Override
        protected Found computeValue(Class<?> type) {
            return find(type);
        }
    };

    private ShippedClasses() { }

    /**
     * @param bytes the class file
     * @param references the classes it refers to that have to be shipped as well
     */
    private record Found(byte[] bytes, Class<?>[] references) { }

    /**
     * @param roots the target's class and the classes of its arguments; arrays and proxies stand for what they are made of
     * @return the block for {@link ShippedClassLoader#of}; null if the class path has all of them
     * @throws IllegalArgumentException naming a class that cannot be shipped, its loader and the remedy
     */
    public static byte[] collect(Iterable<Class<?>> roots) {
        Map<String, Class<?>> reached = new LinkedHashMap<>();
        Deque<Class<?>> next = new ArrayDeque<>();
        for (Class<?> root : roots) {
            enter(root, reached, next);
        }
        if (reached.isEmpty()) {
            return null;
        }
        Set<String> places = new LinkedHashSet<>();
        Map<String, byte[]> classes = new LinkedHashMap<>();
        while (!next.isEmpty()) {
            Class<?> type = next.remove();
            Found found = FOUND.get(type);
            if (found.bytes == null) {
                throw cannot(type);
            }
            classes.put(type.getName(), found.bytes);
            addPlaces(type.getClassLoader(), places);
            for (Class<?> reference : found.references) {
                enter(reference, reached, next);
            }
        }
        return ShippedClassLoader.block(classes, places);
    }

    private static void enter(Class<?> root, Map<String, Class<?>> reached, Deque<Class<?>> next) {
        Class<?> type = root;
        while (type.isArray()) {
            type = type.getComponentType();
        }
        if (isOnClassPath(type)) {
            return;
        }
        if (Proxy.isProxyClass(type)) {
            for (Class<?> made : type.getInterfaces()) {
                enter(made, reached, next);
            }
            return;
        }
        Class<?> known = reached.putIfAbsent(type.getName(), type);
        if (known == null) {
            next.add(type);
        } else if (known != type) {
            throw new IllegalArgumentException("a child has one class loader for what is shipped, but " + type.getName() + " is needed both from "
                    + known.getClassLoader() + " and from " + type.getClassLoader() + ": pass data that both sides have on their class path");
        }
    }

    /** Whether a child finds the class without our help: the system's loaders do, and our own classes are on every child's class path. */
    private static boolean isOnClassPath(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return isSystem(loader) || loader == ShippedClasses.class.getClassLoader() && type.getName().startsWith("org.jmultiprocessing.")
                && Objects.equals(placeOf(type), placeOf(ShippedClasses.class));
    }

    private static String placeOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null ? null : source.getLocation().toString();
    }

    private static boolean isSystem(ClassLoader loader) {
        for (ClassLoader system = ClassLoader.getSystemClassLoader(); system != null; system = system.getParent()) {
            if (loader == system) {
                return true;
            }
        }
        return loader == null;
    }

    private static Found find(Class<?> type) {
        byte[] bytes = type.isHidden() ? null : bytes(type);
        if (bytes == null) {
            return new Found(null, new Class<?>[0]);
        }
        ClassFile file;
        try {
            file = ClassFile.read(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("the class file of " + type.getName() + " that " + type.getClassLoader() + " gives cannot be read", e);
        }
        Set<Class<?>> references = new LinkedHashSet<>();
        Set<String> names = new HashSet<>(file.classes());
        ClassLoader loader = type.getClassLoader();
        for (String name : file.strings()) {
            // A look into every jar for each word of a program would take seconds.
            boolean likely = name.indexOf('.') > 0 || Character.isUpperCase(name.charAt(0));
            if (likely && loader.getResource(name.replace('.', '/') + ".class") != null) {
                names.add(name);
            }
        }
        for (String name : names) {
            Class<?> reference = name.startsWith("java.") ? null : load(name, loader);
            if (reference != null && reference != type && !isOnClassPath(reference)) {
                references.add(reference);
            }
        }
        return new Found(bytes, references.toArray(new Class<?>[0]));
    }

    private static byte[] bytes(Class<?> type) {
        try (InputStream stream = type.getClassLoader().getResourceAsStream(type.getName().replace('.', '/') + ".class")) {
            return stream == null ? null : stream.readAllBytes();
        } catch (IOException e) {
            throw new IllegalArgumentException("the bytes of " + type.getName() + " cannot be read from " + type.getClassLoader(), e);
        }
    }

    /** Not initialized, and not there for many a name: a library may refer to another that the program does without. */
    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError absent) {
            return null;
        }
    }

    private static void addPlaces(ClassLoader loader, Set<String> places) {
        for (ClassLoader each = loader; !isSystem(each); each = each.getParent()) {
            if (each instanceof URLClassLoader urls) {
                Arrays.stream(urls.getURLs()).filter(url -> url.getProtocol().equals("file")).map(URL::toString).forEach(places::add);
            }
        }
    }

    private static IllegalArgumentException cannot(Class<?> type) {
        return new IllegalArgumentException((type.isHidden() ? "the hidden class " : "the class ") + type.getName() + " of the class loader "
                + type.getClassLoader() + " cannot be sent to a child: the loader does not give its bytes as the resource "
                + type.getName().replace('.', '/') + ".class. Put it into a jar or folder on the class path, or use a target and arguments of such"
                + " classes");
    }
}
