package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Programs that tests compile and pack while they run. */
public final class Sources {
    private Sources() { }

    /**
     * Compiles.
     *
     * @param folder where the sources are written, in a folder {@code src}
     * @param files path below that to text
     * @param options of javac, such as a class path
     * @return the folder of the classes
     */
    public static Path compile(Path folder, Map<String, String> files, String... options) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-proc:none", "-d", classes.toString()));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path source = folder.resolve("src").resolve(file.getKey());
            Files.createDirectories(source.getParent());
            Files.writeString(source, file.getValue());
            arguments.add(source.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler.run(null, null, null, arguments.toArray(new String[0])) != 0) {
            throw new AssertionError("javac refused " + files.keySet() + ": see its messages");
        }
        return classes;
    }

    /**
     * Packs a folder.
     *
     * @param jar to be written
     * @param classes its content; nothing if there is no such folder
     * @param attributes lines of the manifest's main section
     * @return the jar
     */
    public static Path jar(Path jar, Path classes, Map<String, String> attributes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest)) {
            if (Files.isDirectory(classes)) {
                add(out, classes, "");
            }
        }
        return jar;
    }

    /** Adds the files of a folder under a prefix. */
    public static void add(JarOutputStream out, Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(prefix + folder.relativize(file)));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }
}
