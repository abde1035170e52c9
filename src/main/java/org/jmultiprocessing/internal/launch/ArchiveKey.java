package org.jmultiprocessing.internal.launch;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jmultiprocessing.internal.os.ChildBinding;

/**
 * What a class archive is good for: a class path as it is, a JVM, and, as of 25, the options about modules, which must be those that the archive was
 * made with or all of it is refused (before, only the archived module graph is).
 *
 * <p>If the class path has nothing but jars, and none in the folder for temporary files, the archive is one of all of it and holds the program's
 * classes too. Else it is one of our jar, which comes first: archives refuse folders.
 *
 * @param description all of that in one line
 * @param classPath what the maker has to use
 * @param options the options about modules that the maker has to use
 * @param feature the version of the JVM
 */
record ArchiveKey(String description, String classPath, List<String> options, int feature) {
    /** From here on an AOT cache, made in one step, instead of a dynamic class-data archive. */
    private static final int AOT = 25;

    /** Of files of either kind, as the JDK's documentation names them. */
    static final List<String> SUFFIXES = List.of(".jsa", ".aot");

    /** Options with which the JVM uses no archive, or another one, or makes one. */
    private static final List<String> BARRED = List.of("--patch-module=", "--limit-modules=", "--upgrade-module-path=", "--module-path=", "-Xshare",
            "-XX:SharedArchiveFile", "-XX:ArchiveClassesAtExit", "-XX:+AutoCreateSharedArchive", "-XX:AOT", "-XX:DumpLoadedClassList",
            "-Xbootclasspath", "-XX:+UseZGC", "-XX:+UseShenandoahGC", "-XX:+UseEpsilonGC", "-XX:-UseCompressedOops",
            "-XX:-UseCompressedClassPointers", "-XX:+UseCompactObjectHeaders", "-XX:ObjectAlignmentInBytes", "-Djava.system.class.loader=",
            "-agentlib:", "-agentpath:", "-javaagent:", "@");

    /**
     * @param runtime the child's JVM
     * @param particular its options but for our defaults
     * @param classPath the child's, our jar first
     * @return the key; null if no archive serves such a child
     * @throws IOException if our jar cannot be looked at
     */
    static ArchiveKey of(ChildJava runtime, List<String> particular, String classPath) throws IOException {
        if (!runtime.isOurs() || runtime.feature() < 17 || ModuleSetup.get().isLibraryModule()
                || particular.stream().anyMatch(ArchiveKey::isBarred)) {
            return null;
        }
        List<Path> entries = Stream.of(classPath.split(File.pathSeparator)).map(Path::of).toList();
        if (!entries.stream().allMatch(ArchiveKey::isLasting)) {
            entries = LibraryLocation.find();
        }
        List<String> parts = new ArrayList<>();
        for (Path entry : entries) {
            if (!Files.isRegularFile(entry)) {
                return null;
            }
            parts.add(shape(entry));
        }
        parts.add(runtime.home().toString());
        parts.add(System.getProperty("java.vm.name"));
        parts.add(System.getProperty("java.vm.version"));
        parts.add(System.getProperty("os.arch"));
        parts.add(ChildBinding.isJna() ? "jna" : "jni");
        List<String> defaults = ChildDefaults.options(runtime);
        List<String> modules = runtime.feature() < AOT ? List.of()
                : particular.stream().filter(ArchiveKey::isAboutModules).filter(option -> !defaults.contains(option)).sorted().toList();
        parts.addAll(modules);
        return new ArchiveKey(String.join("|", parts).replace('\n', ' '),
                entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)), modules, runtime.feature());
    }

    /** What lies among temporary files is another jar at each start of the program, and no archive of it would ever be used. */
    private static boolean isLasting(Path entry) {
        return Files.isRegularFile(entry) && !entry.startsWith(System.getProperty("java.io.tmpdir"));
    }

    private static String shape(Path jar) throws IOException {
        return Files.size(jar) + " bytes of " + Files.getLastModifiedTime(jar) + " in " + jar;
    }

    /** Whether the jar that a description begins with is still there as it was. */
    static boolean isOfPresentJar(String description) throws IOException {
        String first = description.substring(0, Math.max(0, description.indexOf('|')));
        int path = first.indexOf(" in ") + 4;
        Path jar = Path.of(path < 4 ? "" : first.substring(path));
        return Files.isRegularFile(jar) && shape(jar).equals(first);
    }

    private static boolean isAboutModules(String option) {
        return option.startsWith("--add-") || option.startsWith("--enable-native-access=");
    }

    private static boolean isBarred(String option) {
        return BARRED.stream().anyMatch(option::startsWith);
    }

    /** The start of the names of this key's files; not a proof of anything, that is what the description is for. */
    String name() {
        CRC32 hash = new CRC32();
        byte[] bytes = description.getBytes(StandardCharsets.UTF_8);
        hash.update(bytes);
        return "classes-" + Long.toHexString(hash.getValue()) + "-" + bytes.length;
    }

    String suffix() {
        return SUFFIXES.get(feature < AOT ? 0 : 1);
    }

    /** @return options with which a JVM maps an archive */
    List<String> mapping(Path archive) {
        // 25 reports a cache that does not fit on stdout, which is the program's; before, it silently goes on without.
        return feature < AOT ? List.of("-XX:SharedArchiveFile=" + archive) : List.of("-XX:AOTCache=" + archive, "-Xlog:aot=off", "-Xlog:cds=off");
    }

    /** @return options with which a JVM makes an archive when it exits */
    List<String> recording(Path archive) {
        // Linked ahead of time, all classes of the archive would be loaded by every child, a manager's and a pool's too: 1 to 2 ms.
        return feature < AOT ? List.of("-XX:ArchiveClassesAtExit=" + archive) : List.of("-XX:AOTCacheOutput=" + archive, "-XX:-AOTClassLinking");
    }
}
