package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The environment of a child: this process's, without the variables that give options to any JVM. What they gave to this one is inherited as options
 * ({@link InheritedOptions}), so agents and heap sizes in them do not reach the children.
 *
 * <p>Its strings hold a byte in each character (ISO 8859-1): {@code System.getenv} decodes with loss what is not text in the charset of the locale,
 * and the child is to get just the bytes that this process got.
 */
public final class ChildEnvironment {
    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final Path INITIAL = Path.of("/proc/self/environ");

    private ChildEnvironment() { }

    /**
     * @param additions variables for this child, {@code JAVA_TOOL_OPTIONS} and the like among them if the user wants; null as value removes one
     * @return the whole environment, new, a byte in each character
     */
    public static Map<String, String> with(Map<String, String> additions) {
        Map<String, String> environment = inherited(System.getenv());
        for (String variable : ParentArguments.VARIABLES) {
            environment.remove(variable);
        }
        additions.forEach((name, value) -> set(environment, name, value));
        return environment;
    }

    /**
     * Changes a variable.
     *
     * @param environment a byte in each character
     * @param name any text
     * @param value any text; null removes it
     */
    public static void set(Map<String, String> environment, String name, String value) {
        if (value == null) {
            environment.remove(bytes(name));
        } else {
            environment.put(bytes(name), bytes(value));
        }
    }

    /** What is ASCII was decoded without loss. The rest is looked up where the kernel shows the bytes, and else encoded again. */
    private static Map<String, String> inherited(Map<String, String> decoded) {
        Map<String, String> environment = new HashMap<>();
        Map<String, String> others = new HashMap<>();
        decoded.forEach((name, value) -> (isAscii(name) && isAscii(value) ? environment : others).put(name, value));
        if (!others.isEmpty()) {
            boolean found = addInitial(environment, others);
            others.forEach((name, value) -> {
                if (!found || isAscii(name)) {
                    environment.putIfAbsent(bytes(name), bytes(value));
                }
            });
        }
        return environment;
    }

    /** Adds the variables that are not ASCII, of those that this JVM knows; false where the system does not show them. */
    private static boolean addInitial(Map<String, String> environment, Map<String, String> known) {
        String initial;
        try {
            initial = Files.readString(INITIAL, StandardCharsets.ISO_8859_1);
        } catch (IOException notThere) {
            return false;
        }
        for (String variable : initial.split("\0")) {
            int end = variable.indexOf('=', 1);
            if (end > 0 && !isAscii(variable)) {
                String name = variable.substring(0, end);
                if (!isAscii(name) || known.containsKey(name)) {
                    environment.putIfAbsent(name, variable.substring(end + 1));
                }
            }
        }
        return true;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(unit -> unit < 128);
    }

    private static String bytes(String text) {
        return new String(text.getBytes(CHARSET), StandardCharsets.ISO_8859_1);
    }
}
