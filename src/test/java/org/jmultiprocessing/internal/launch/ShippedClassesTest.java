package org.jmultiprocessing.internal.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The closure of classes that no class path has, and the loader that has them in the child. */
class ShippedClassesTest {
    private static final String TARGET = """
            package app;
            @Marked
            public class Target implements java.util.concurrent.Callable<String> {
                Held[] held = new Held[0];
                public String call() throws Exception {
                    class Local { String text() { return Helper.text(1L, 2.0); } }
                    Object byName = Class.forName("app.Named").getDeclaredConstructor().newInstance();
                    return new Local().text() + byName + Target.class.getAnnotation(Marked.class).value() + new String(
                            Target.class.getResourceAsStream("note.txt").readAllBytes());
                }
            }
            """;

    @TempDir
    private static Path folder;
    private static Path classes;

    @BeforeAll
    static void compile() throws IOException {
        classes = Sources.compile(folder, Map.of("app/Target.java", TARGET,
                "app/Helper.java", "package app; class Helper { static String text(long a, double b) { return \"helped \" + a + b; } }",
                "app/Named.java", "package app; public class Named { public String toString() { return \" named \"; } }",
                "app/Held.java", "package app; class Held implements Face { }",
                "app/Face.java", "package app; public interface Face { }",
                "app/Unused.java", "package app; class Unused { }",
                "app/Marked.java", "package app; @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME) @interface Marked {"
                        + " String value() default \"marked \"; }"));
        Files.writeString(classes.resolve("app/note.txt"), "noted");
    }

    private static URLClassLoader loader() throws IOException {
        return new URLClassLoader(new URL[] {classes.toUri().toURL()});
    }

    @Test
    void classesOfTheClassPathNeedNoShipping() {
        assertNull(ShippedClasses.collect(List.of(String.class, ShippedClassesTest.class, int[].class, ShippedClasses.class)));
    }

    @Test
    void whatATargetRefersToIsThereInTheChild() throws Exception {
        try (URLClassLoader loader = loader()) {
            Class<?> target = loader.loadClass("app.Target");
            byte[] block = ShippedClasses.collect(List.of(target.arrayType()));
            ClassLoader child = ShippedClassLoader.of(block, ClassLoader.getSystemClassLoader());
            Class<?> there = child.loadClass("app.Target");
            assertNotSame(target, there);
            assertEquals("helped 12.0 named marked noted", ((Callable<?>) there.getDeclaredConstructor().newInstance()).call());
            for (String name : List.of("app.Helper", "app.Named", "app.Held", "app.Face", "app.Marked", "app.Target$1Local")) {
                assertSame(child, child.loadClass(name).getClassLoader(), name);
            }
            try (InputStream bytes = child.getResourceAsStream("app/Helper.class")) {
                assertArrayEquals(Files.readAllBytes(classes.resolve("app/Helper.class")), bytes.readAllBytes());
            }
            byte[] again = ShippedClasses.collect(List.of(there));
            assertNotNull(again, "a grandchild");
            assertEquals("app.Target", ShippedClassLoader.of(again, ClassLoader.getSystemClassLoader()).loadClass("app.Target").getName());
            ((URLClassLoader) child).close();
        }
    }

    @Test
    void proxiesStandForTheirInterfaces() throws Exception {
        try (URLClassLoader loader = loader()) {
            Class<?> face = loader.loadClass("app.Face");
            Object proxy = Proxy.newProxyInstance(loader, new Class<?>[] {face, Runnable.class}, (self, method, arguments) -> null);
            byte[] block = ShippedClasses.collect(List.of(proxy.getClass()));
            assertEquals("app.Face", ShippedClassLoader.of(block, null).loadClass("app.Face").getName());
        }
    }

    @Test
    void oneNameFromTwoLoadersIsRefused() throws Exception {
        try (URLClassLoader one = loader(); URLClassLoader two = loader()) {
            List<Class<?>> roots = List.of(one.loadClass("app.Held"), two.loadClass("app.Held"));
            IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> ShippedClasses.collect(roots));
            assertTrue(error.getMessage().contains("app.Held is needed both from"), error.getMessage());
        }
    }

    @Test
    void aClassWithoutBytesIsNamedWithItsLoaderAndTheRemedy() throws Exception {
        byte[] bytes = Files.readAllBytes(classes.resolve("app/Unused.class"));
        ClassLoader silent = new ClassLoader("silent", null) {
            @Override
            protected Class<?> findClass(String name) {
                return defineClass(name, bytes, 0, bytes.length);
            }

            @Override
            public String toString() {
                return "silent";
            }
        };
        List<Class<?>> roots = List.of(silent.loadClass("app.Unused"));
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> ShippedClasses.collect(roots));
        assertTrue(error.getMessage().contains("app.Unused") && error.getMessage().contains("silent") && error.getMessage().contains("class path"),
                error.getMessage());
    }

    @Test
    void aCutClassFileIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(classes.resolve("app/Target.class"));
        assertThrows(IOException.class, () -> ClassFile.read(new ByteArrayInputStream(bytes).readNBytes(40)));
        assertThrows(IOException.class, () -> ClassFile.read(new byte[100]));
    }
}
