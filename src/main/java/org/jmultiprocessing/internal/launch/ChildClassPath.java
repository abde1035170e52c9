package org.jmultiprocessing.internal.launch;

import java.io.File;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The class path of a child: our own classes first, which a class archive needs, then what this JVM has, then what was asked for this child.
 * Absolute, because the child may run in another folder; {@code user.dir} may have been changed since, so it is the folder in which this JVM was
 * started that relative entries belong to.
 */
final class ChildClassPath {
    private ChildClassPath() { }

    /**
     * @param additions more entries
     * @return the class path for a child whose library is found there
     * @throws IllegalStateException if our own classes are where no child can get them
     */
    static String withLibraryFirst(Collection<String> additions) {
        Set<String> entries = new LinkedHashSet<>();
        LibraryLocation.find().forEach(entry -> entries.add(entry.toString()));
        return join(entries, additions);
    }

    /**
     * @param additions more entries
     * @return the class path for a child whose library is a module
     */
    static String ofParent(Collection<String> additions) {
        return join(new LinkedHashSet<>(), additions);
    }

    private static String join(Set<String> entries, Collection<String> additions) {
        Path folder = startFolder();
        String parent = System.getProperty("java.class.path", "");
        // As the class loader has it: nothing means the current folder, unless the program is a module.
        if (!parent.isEmpty() || System.getProperty("jdk.module.main") == null) {
            addAbsolute(parent, folder, entries);
        }
        for (String addition : additions) {
            entries.add(folder.resolve(addition).toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** @return the folder in which this JVM was started */
    static Path startFolder() {
        return Path.of("").toAbsolutePath();
    }

    /**
     * @param path entries with the system's separator between them
     * @param folder what relative ones belong to
     * @return the same with absolute entries
     */
    static String absolute(String path, Path folder) {
        Set<String> entries = new LinkedHashSet<>();
        addAbsolute(path, folder, entries);
        return String.join(File.pathSeparator, entries);
    }

    private static void addAbsolute(String path, Path folder, Set<String> entries) {
        for (String entry : List.of(path.split(File.pathSeparator, -1))) {
            // Not normalized: after a symbolic link a/../b is not b.
            entries.add(entry.isEmpty() ? folder.toString() : folder.resolve(entry).toString());
        }
    }
}
