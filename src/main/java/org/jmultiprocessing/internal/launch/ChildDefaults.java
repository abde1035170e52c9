package org.jmultiprocessing.internal.launch;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.internal.os.ChildBinding;

/**
 * The JVM options that a child gets unless something more particular contradicts. System properties of this process switch them:
 *
 * <table>
 * <caption>Settings about how children are started</caption>
 * <tr><td>{@code jmultiprocessing.child.lean=false}</td><td>without the flags for a fast start of the table
 * below, and without the fast exit</td></tr>
 * <tr><td>{@code jmultiprocessing.child.options=...}</td><td>options for every child, separated by spaces</td></tr>
 * <tr><td>{@code jmultiprocessing.child.inherit=false}</td><td>without the options of this JVM ({@link InheritedOptions})</td></tr>
 * <tr><td>{@code jmultiprocessing.archive=off|auto|FILE}</td><td>class archive ({@link ClassArchive})</td></tr>
 * </table>
 *
 * <p>Milliseconds from posix_spawn to the first line of {@code main} of a minimal program, median of 12 - 15 interleaved rounds on two busy
 * CPUs. The rows with an archive are of another run than the rest, with 41.7 and 38.5 for no flags:
 *
 * <table>
 * <caption>What the flags bring</caption>
 * <tr><th></th><th>JDK 17</th><th>JDK 25</th><th></th></tr>
 * <tr><td>none</td><td>43.9</td><td>37.6</td><td></td></tr>
 * <tr><td>{@code -XX:-UsePerfData}</td><td>42.2</td><td>36.1</td><td>used; {@code jps} does not list the child then, {@code jcmd PID} works</td></tr>
 * <tr><td>{@code -XX:ArchiveRelocationMode=0}</td><td>39.1</td><td>as without</td><td>used up to 21; the archive is not relocated at random</td></tr>
 * <tr><td>both and a class archive</td><td>32.4</td><td>34.3</td><td>used</td></tr>
 * <tr><td>those and {@code -XX:TieredStopAtLevel=1}</td><td>29.2</td><td>31.0</td><td>not used: children are there to compute, and C2 is for
 * that; for many short children put it into {@code jmultiprocessing.child.options}</td></tr>
 * <tr><td>those and {@code -XX:+UseSerialGC}</td><td>43.8</td><td>32.6</td><td>not used: 17 maps archived heap objects for G1 only, and the
 * collector is the JVM's choice</td></tr>
 * <tr><td>{@code --add-opens}, {@code --add-exports} of anything</td><td>58.1</td><td>53.3</td><td>inherited only: the archived module graph is
 * lost</td></tr>
 * <tr><td>{@code --add-modules} of anything</td><td>75.9</td><td>71.4</td><td>inherited only</td></tr>
 * </table>
 *
 * <p>From 24 on {@code --enable-native-access} spares the user a warning when we load our library; it is the reason why the archive of 25 is made
 * with it.
 */
final class ChildDefaults {
    static final String LEAN_PROPERTY = "jmultiprocessing.child.lean";
    static final String OPTIONS_PROPERTY = "jmultiprocessing.child.options";

    private static final List<String> PROPERTIES = List.of(LEAN_PROPERTY, OPTIONS_PROPERTY, InheritedOptions.PROPERTY, ClassArchive.PROPERTY);

    private ChildDefaults() { }

    static List<String> options(ChildJava runtime) {
        List<String> options = new ArrayList<>();
        if (runtime.feature() >= 17 && isLean()) {
            options.add("-XX:-UsePerfData");
            if (runtime.feature() <= 21) {
                options.add("-XX:+UnlockDiagnosticVMOptions");
                options.add("-XX:ArchiveRelocationMode=0");
            }
        }
        if (runtime.feature() >= 24) {
            options.add(nativeAccess(ModuleSetup.get().library()));
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return options;
    }

    /** @return the settings of the table above as they are now, as one text to compare */
    static String settings() {
        StringBuilder text = new StringBuilder();
        for (String property : PROPERTIES) {
            text.append(System.getProperty(property)).append('\n');
        }
        return text.toString();
    }

    static boolean isLean() {
        return !"false".equals(System.getProperty(LEAN_PROPERTY));
    }

    /** @return what the user wants for all children */
    static List<String> chosen() {
        String options = System.getProperty(OPTIONS_PROPERTY, "").trim();
        return options.isEmpty() ? List.of() : OptionWords.join(List.of(options.split("\\s+")));
    }

    private static String nativeAccess(String library) {
        String option = "--enable-native-access=" + (library == null ? "ALL-UNNAMED" : library);
        return library != null && ChildBinding.isJna() && ModuleLayer.boot().findModule("com.sun.jna").isPresent() ? option + ",com.sun.jna" : option;
    }
}
