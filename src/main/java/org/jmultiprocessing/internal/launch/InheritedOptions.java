package org.jmultiprocessing.internal.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jmultiprocessing.internal.os.ChildBinding;

/**
 * The options of this JVM that its children get too: what decides how a program behaves, not how one process of it is watched or sized.
 *
 * <table>
 * <caption>Inherited and not</caption>
 * <tr><th>inherited</th><td>{@code -D} (but for JMX and what the launcher itself sets), {@code --add-modules --add-reads --add-exports --add-opens
 * --limit-modules --patch-module --upgrade-module-path --enable-native-access --illegal-native-access
 * --sun-misc-unsafe-memory-access --enable-preview --finalization --illegal-final-field-mutation}, {@code -ea -da -esa -dsa} in all forms,
 * {@code -Xss -Xrs -Xbootclasspath/a}, and of the flags {@code ActiveProcessorCount ThreadStackSize ExitOnOutOfMemoryError
 * MaxJavaStackTraceDepth OmitStackTraceInFastThrow ShowCodeDetailsInExceptionMessages DisableAttachMechanism}</td></tr>
 * <tr><th>never</th><td>agents, jdwp, JMX, flight recordings, logs and dump files, the choice of collector, heap sizes, class-data archives, all
 * other flags, and system properties set while the program runs ({@code System.setProperty}), which are not options</td></tr>
 * </table>
 *
 * <p>The module path comes by {@link ModuleSetup}. Paths are made absolute, since a child may run in another folder. Switched off by {@value
 * #PROPERTY}{@code =false}.
 */
final class InheritedOptions {
    /** System property: {@code false} for children without any of this JVM's options. */
    static final String PROPERTY = "jmultiprocessing.child.inherit";

    private static final int LAST_WITHOUT_FOREIGN = 21;
    private static final List<String> MODULE = List.of("--add-modules=", "--add-reads=", "--add-exports=", "--add-opens=", "--limit-modules=",
            "--patch-module=", "--upgrade-module-path=", "--enable-native-access=", "--illegal-native-access=",
            "--sun-misc-unsafe-memory-access=", "--finalization=", "--illegal-final-field-mutation=", "--enable-final-field-mutation=");
    private static final List<String> ASSERTIONS = List.of("-ea", "-da", "-esa", "-dsa", "-enableassertions", "-disableassertions",
            "-enablesystemassertions", "-disablesystemassertions");
    private static final Set<String> FLAGS = Set.of("ActiveProcessorCount", "ThreadStackSize", "ExitOnOutOfMemoryError", "MaxJavaStackTraceDepth",
            "OmitStackTraceInFastThrow", "ShowCodeDetailsInExceptionMessages", "DisableAttachMechanism");
    /** The launcher sets the first three for its own use, and the JVM shows them. */
    private static final List<String> NOT_PROPERTIES = List.of("java.class.path=", "sun.java.command=", "sun.java.launcher", "com.sun.management.",
            "jdk.module.", "jdk.internal.");

    private static volatile InheritedOptions found;

    private final List<String> options;
    private final boolean hidden;

    private InheritedOptions(List<String> options, boolean hidden) {
        this.options = options;
        this.hidden = hidden;
    }

    /** What this JVM was started with does not change: found once. */
    static InheritedOptions get() {
        InheritedOptions known = found;
        if (known == null) {
            if ("false".equals(System.getProperty(PROPERTY))) {
                known = new InheritedOptions(List.of(), false);
            } else {
                ParentArguments.Found arguments = ParentArguments.find();
                List<String> options = filter(arguments.options(), Path.of("").toAbsolutePath(), System.getProperty("jdk.module.main") != null,
                        Runtime.version().feature());
                known = new InheritedOptions(options, !arguments.visible() && options.stream().anyMatch(option -> option.startsWith("-D")));
            }
            found = known;
        }
        return known;
    }

    /** @return the options for a child, one word each */
    List<String> options() {
        return options;
    }

    /** @return whether they hold system properties that no command line shows yet */
    boolean hasHidden() {
        return hidden;
    }

    /**
     * @param options of a JVM, joined
     * @param folder where it was started
     * @param modular whether its main class is in a module
     * @param feature its version
     */
    static List<String> filter(List<String> options, Path folder, boolean modular, int feature) {
        List<String> kept = new ArrayList<>();
        for (String option : options) {
            if (isInherited(option) && !isIdle(option, options, modular, feature)) {
                kept.add(withAbsolutePaths(option, folder));
            }
        }
        return OptionWords.withoutRepetition(kept);
    }

    /** Says nothing that would not be so without it, but any option about modules costs the archived module graph: 15 ms. */
    private static boolean isIdle(String option, List<String> all, boolean modular, int feature) {
        if (option.equals("--add-modules=ALL-DEFAULT")) {
            // What a program on the class path gets anyway; the source launcher adds it.
            return !modular;
        }
        // Until 21 only an incubator module or a preview asks for it; programs have it on their command lines for the sake of later versions.
        return option.equals("--enable-native-access=ALL-UNNAMED") && feature <= LAST_WITHOUT_FOREIGN
                && all.stream().noneMatch(other -> other.startsWith("--add-modules=") || other.equals("--enable-preview"));
    }

    private static boolean isInherited(String option) {
        if (option.startsWith("-D")) {
            return !ChildBinding.isOption(option) && NOT_PROPERTIES.stream().noneMatch(name -> option.startsWith(name, 2));
        }
        if (option.startsWith("-XX:")) {
            String name = option.substring(option.startsWith("-XX:+") || option.startsWith("-XX:-") ? 5 : 4);
            return FLAGS.contains(name.contains("=") ? name.substring(0, name.indexOf('=')) : name);
        }
        if (option.startsWith("--")) {
            return option.equals("--enable-preview") || MODULE.stream().anyMatch(option::startsWith);
        }
        return option.startsWith("-Xss") || option.equals("-Xrs") || option.startsWith("-Xbootclasspath/a:")
                || ASSERTIONS.stream().anyMatch(form -> option.equals(form) || option.startsWith(form + ":"));
    }

    private static String withAbsolutePaths(String option, Path folder) {
        if (option.startsWith("--upgrade-module-path=")) {
            int start = option.indexOf('=') + 1;
            return option.substring(0, start) + ChildClassPath.absolute(option.substring(start), folder);
        }
        if (option.startsWith("--patch-module=") && option.indexOf('=', "--patch-module=".length()) > 0) {
            int start = option.indexOf('=', "--patch-module=".length()) + 1;
            return option.substring(0, start) + ChildClassPath.absolute(option.substring(start), folder);
        }
        if (option.startsWith("-Xbootclasspath/a:")) {
            int start = option.indexOf(':') + 1;
            return option.substring(0, start) + ChildClassPath.absolute(option.substring(start), folder);
        }
        return option;
    }
}
