package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The options that this JVM was started with.
 *
 * <p>{@code RuntimeMXBean} knows them, but takes 17 - 27 ms in a fresh JVM. So the command line is read instead where it tells all: a plain
 * {@code java} without argument files and without options from the environment, which is what nearly every parent is.
 */
final class ParentArguments {
    static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private static final Path PROC = Path.of("/proc/self");

    private ParentArguments() { }

    /**
     * @param options the JVM's options, one word each
     * @param visible whether each stands on the command line, which all users of the machine can read
     */
    record Found(List<String> options, boolean visible) { }

    static Found find() {
        List<String> words = commandLine();
        if (words != null && isPlain(System.getenv())) {
            List<String> options = optionsOf(words);
            if (options != null) {
                return new Found(options, true);
            }
        }
        List<String> all = fromManagement();
        if (all == null) {
            all = words == null ? List.of() : beforeMain(words);
        }
        return new Found(all, words != null && words.containsAll(all));
    }

    /** The command line of this process, null if it cannot be had, or a program that is not {@code java} made this JVM. */
    private static List<String> commandLine() {
        try {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java").toRealPath();
            if (!Files.exists(PROC)) {
                return ofHandle(java);
            }
            if (!PROC.resolve("exe").toRealPath().equals(java)) {
                return null;
            }
            String text = Files.readString(PROC.resolve("cmdline"), Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
            return List.of(text.split("\0", -1));
        } catch (IOException | IllegalArgumentException e) {
            // An image without a launcher, or bytes that are no text: the other way answers.
            return null;
        }
    }

    /** macOS. Not for Linux, where it stops at the first 4 KiB. */
    private static List<String> ofHandle(Path java) throws IOException {
        ProcessHandle.Info info = ProcessHandle.current().info();
        if (info.command().isEmpty() || info.arguments().isEmpty() || !Path.of(info.command().get()).toRealPath().equals(java)) {
            return null;
        }
        List<String> words = new ArrayList<>(List.of(info.command().get()));
        words.addAll(List.of(info.arguments().get()));
        return words;
    }

    /** Whether the JVM got nothing beside its command line. */
    static boolean isPlain(Map<String, String> environment) {
        for (String variable : VARIABLES) {
            if (environment.containsKey(variable)) {
                return false;
            }
        }
        return true;
    }

    /**
     * @param words a command line, the program's name first
     * @return the options before the main class, joined; null if they do not tell all
     */
    static List<String> optionsOf(List<String> words) {
        List<String> options = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("@") || word.startsWith("-XX:Flags=") || word.startsWith("-XX:VMOptionsFile=") || word.equals("--source")
                    || word.startsWith("-XX:+ReadVMOptionsFile")) {
                return null;
            }
            if (!word.startsWith("-") || word.equals("-jar") || word.equals("-m") || word.equals("--module") || word.startsWith("--module=")) {
                return options;
            }
            String name = OptionWords.takingValue(word);
            if (name == null) {
                options.add(word);
            } else if (++i < words.size()) {
                options.add(name + "=" + words.get(i));
            }
        }
        return options;
    }

    private static List<String> beforeMain(List<String> words) {
        List<String> options = optionsOf(words);
        return options == null ? List.of() : options;
    }

    /** Null in an image made by jlink that has no {@code java.management}. */
    private static List<String> fromManagement() {
        try {
            return ManagementFactory.getRuntimeMXBean().getInputArguments();
        } catch (NoClassDefFoundError | IllegalAccessError e) {
            return null;
        }
    }
}
