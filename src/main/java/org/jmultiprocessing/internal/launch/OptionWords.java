package org.jmultiprocessing.internal.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words of a {@code java} command line before the main class. */
final class OptionWords {
    private static final List<String> SILENT_AT_EXIT = List.of("-D", "--", "-ea", "-da", "-esa", "-dsa", "-enable", "-disable", "-Xmx", "-Xms",
            "-Xmn", "-Xss", "-Xrs");

    /** Options of the launcher that take the next word as their value, and the one form in which the JVM knows them. */
    private static final Map<String, String> TAKES_VALUE = Map.ofEntries(Map.entry("-p", "--module-path"),
            Map.entry("--module-path", "--module-path"),
            Map.entry("--upgrade-module-path", "--upgrade-module-path"), Map.entry("--add-modules", "--add-modules"),
            Map.entry("--limit-modules", "--limit-modules"), Map.entry("--patch-module", "--patch-module"), Map.entry("--add-reads", "--add-reads"),
            Map.entry("--add-exports", "--add-exports"), Map.entry("--add-opens", "--add-opens"),
            Map.entry("--enable-native-access", "--enable-native-access"), Map.entry("-cp", "--class-path"), Map.entry("-classpath", "--class-path"),
            Map.entry("--class-path", "--class-path"));

    private OptionWords() { }

    /**
     * @param option one word
     * @return the {@code --name} that the next word is the value of; null if there is none
     */
    static String takingValue(String option) {
        return TAKES_VALUE.get(option);
    }

    /**
     * @param words options, those with a value of their own as two words
     * @return the same as one word each
     * @throws IllegalArgumentException if the last one lacks its value
     */
    static List<String> join(List<String> words) {
        List<String> joined = new ArrayList<>(words.size());
        for (int i = 0; i < words.size(); i++) {
            String name = takingValue(words.get(i));
            if (name == null) {
                joined.add(words.get(i));
            } else if (++i < words.size()) {
                joined.add(name + "=" + words.get(i));
            } else {
                throw new IllegalArgumentException("the JVM option " + words.get(i - 1) + " lacks its value");
            }
        }
        return joined;
    }

    /**
     * @param option a user's option for a child, joined
     * @throws IllegalArgumentException if it is none, or would make {@code java} run something else than our main class
     */
    static void requireForChild(String option) {
        if (option.startsWith("--class-path=")) {
            throw new IllegalArgumentException("the JVM option " + option + " would hide this library from the child: add entries by classPath(...)");
        }
        if (option.equals("-jar") || option.equals("-m") || option.equals("--module") || option.startsWith("--module=")) {
            throw new IllegalArgumentException("the JVM option " + option + " would make the child run another program: give a target instead");
        }
        if (!option.startsWith("-") && !option.startsWith("@")) {
            throw new IllegalArgumentException("'" + option + "' is no JVM option: those begin with '-'");
        }
    }

    /**
     * Of equal options the last one counts, so that is the one kept: {@code -ea -da -ea} is {@code -da -ea}.
     *
     * @param options options
     * @return each once
     */
    static List<String> withoutRepetition(Collection<String> options) {
        Set<String> kept = new LinkedHashSet<>();
        for (String option : options) {
            kept.remove(option);
            kept.add(option);
        }
        return new ArrayList<>(kept);
    }

    /** Whether an option makes nobody interested in the JVM's exit: no agent, recording, archive, log or statistics. */
    static boolean isSilentAtExit(String option) {
        return SILENT_AT_EXIT.stream().anyMatch(option::startsWith);
    }
}
