package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * What a child needs to have the modules of this process: the module path, its main module as a root, and what {@code java -jar} took from the
 * manifest of the jar. Options of the parent about modules come by {@link InheritedOptions}. Does not change.
 */
final class ModuleSetup {
    private static final ModuleSetup THIS = new ModuleSetup();

    private final List<String> options = new ArrayList<>();
    private final String library;
    private final boolean startAsModule;

    private ModuleSetup() {
        library = ModuleSetup.class.getModule().getName();
        String main = System.getProperty("jdk.module.main");
        startAsModule = library != null && main != null;
        String path = System.getProperty("jdk.module.path");
        if (path != null && !path.isEmpty()) {
            options.add("--module-path=" + ChildClassPath.absolute(path, ChildClassPath.startFolder()));
        }
        List<String> roots = new ArrayList<>();
        if (main != null && !isOfRuntime(main)) {
            roots.add(main);
        }
        if (library != null && !startAsModule) {
            roots.add(library);
        }
        if (!roots.isEmpty()) {
            options.add("--add-modules=" + String.join(",", roots));
        }
        options.addAll(ofManifest(System.getProperty("java.class.path", ""), System.getProperty("sun.java.command", "")));
    }

    static ModuleSetup get() {
        return THIS;
    }

    /** @return options for the child */
    List<String> options() {
        return options;
    }

    /** @return whether our classes are a module, and not to be put on a class path */
    boolean isLibraryModule() {
        return library != null;
    }

    /** @return our module's name; null when our classes are on the class path */
    String library() {
        return library;
    }

    /** @return what comes after the options */
    List<String> mainArguments(String mainClass) {
        return startAsModule ? List.of("-m", library + "/" + mainClass) : List.of(mainClass);
    }

    private static boolean isOfRuntime(String module) {
        return ModuleLayer.boot().configuration().findModule(module).flatMap(found -> found.reference().location()).map(URI::getScheme)
                .filter("jrt"::equals).isPresent();
    }

    /** {@code java -jar} alone obeys these lines of a manifest, and a child is not started so. */
    static List<String> ofManifest(String classPath, String command) {
        if (classPath.isEmpty() || !(command.equals(classPath) || command.startsWith(classPath + " "))) {
            return List.of();
        }
        List<String> options = new ArrayList<>();
        try (JarFile jar = new JarFile(ChildClassPath.startFolder().resolve(Path.of(classPath)).toFile())) {
            Manifest manifest = jar.getManifest();
            if (manifest != null) {
                addEach(manifest.getMainAttributes(), "Add-Exports", "--add-exports=", options);
                addEach(manifest.getMainAttributes(), "Add-Opens", "--add-opens=", options);
            }
        } catch (IOException e) {
            // The name of a main class that is also a file, or a jar that is gone by now: nothing to obey.
            return List.of();
        }
        return options;
    }

    private static void addEach(Attributes attributes, String name, String option, List<String> options) {
        String value = attributes.getValue(name);
        if (value == null) {
            return;
        }
        for (String item : value.trim().split("\\s+")) {
            options.add(option + item + "=ALL-UNNAMED");
        }
    }
}
