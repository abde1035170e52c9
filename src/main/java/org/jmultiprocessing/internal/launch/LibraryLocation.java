package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jmultiprocessing.internal.os.ChildBinding;
import org.jmultiprocessing.internal.os.UserCache;

/**
 * Where the classes of this library are, as files that a child can have on its class path. A jar within a jar (Spring Boot) is copied into the user's
 * cache, under a name that tells its content. Under the JNA binding JNA's jars come next, always in the same place, for the sake of the class
 * archive.
 */
final class LibraryLocation {
    private static final List<String> OF_JNA = List.of("com.sun.jna.Native", "com.sun.jna.platform.unix.LibCAPI");

    private static volatile List<Path> found;

    private LibraryLocation() { }

    /**
     * @return our jar or folder first, and what else this binding needs; does not change
     * @throws IllegalStateException if our own classes came from where no child can get them
     */
    static List<Path> find() {
        List<Path> known = found;
        if (known == null) {
            known = locate();
            found = known;
        }
        return known;
    }

    /** Where the classes of this library are, in a JVM that found them in a file: in a child. */
    static Path ofThis() {
        return fileOf(LibraryLocation.class);
    }

    private static List<Path> locate() {
        List<Path> entries = new ArrayList<>();
        entries.add(fileOf(LibraryLocation.class));
        if (ChildBinding.isJna()) {
            for (String name : OF_JNA) {
                try {
                    entries.add(fileOf(Class.forName(name, false, LibraryLocation.class.getClassLoader())));
                } catch (ClassNotFoundException e) {
                    throw new IllegalStateException("this process uses JNA, and the child would not find " + name, e);
                }
            }
        }
        return entries.stream().distinct().toList();
    }

    private static Path fileOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null) {
            throw new IllegalStateException("the class loader " + type.getClassLoader() + " does not tell where " + type.getName()
                    + " came from, so no child can load it: put jmultiprocessing.jar on the class path or the module path");
        }
        try {
            if (location.getProtocol().equals("file")) {
                return Path.of(location.toURI());
            }
            return copy(location);
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            throw new IllegalStateException(type.getName() + " came from " + location + ", which cannot be copied for a child: put"
                    + " jmultiprocessing.jar on the class path, or name a cache folder that can be written by -D" + UserCache.PROPERTY, e);
        }
    }

    private static Path copy(URL location) throws IOException {
        URLConnection connection = location.openConnection();
        // jar:nested:/app.jar/!BOOT-INF/lib/x.jar!/ is the root within the inner jar; what is wanted is that jar.
        URL jar = connection instanceof JarURLConnection inner ? inner.getJarFileURL() : location;
        byte[] content;
        try (InputStream stream = jar.openStream()) {
            content = stream.readAllBytes();
        }
        CRC32 hash = new CRC32();
        hash.update(content);
        return UserCache.store("library-" + Long.toHexString(hash.getValue()) + "-" + content.length + ".jar", content);
    }
}
