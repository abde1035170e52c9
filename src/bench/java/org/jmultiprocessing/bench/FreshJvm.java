package org.jmultiprocessing.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** This program once more, in a JVM of its own, so that one case does not warm up the next and any JDK can be measured. */
final class FreshJvm {
    private static final String MAIN = "org.jmultiprocessing.cli.Main";
    private static final String OWN_PROPERTIES = "jmultiprocessing.";

    private FreshJvm() {
    }

    /** The command line of {@code bench} in another JVM with some options, and with this library's system properties of this one. */
    static List<String> command(Path jdk, List<String> jvmOptions) {
        List<String> command = command(jdk, jvmOptions, MAIN);
        command.add("bench");
        return command;
    }

    /** The same of another program. */
    static List<String> command(Path jdk, List<String> jvmOptions, String main) {
        Path home = jdk == null ? Path.of(System.getProperty("java.home")) : jdk;
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString(), "--enable-native-access=ALL-UNNAMED"));
        for (Map.Entry<Object, Object> property : System.getProperties().entrySet()) {
            if (property.getKey().toString().startsWith(OWN_PROPERTIES)) {
                command.add("-D" + property.getKey() + "=" + property.getValue());
            }
        }
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return command;
    }

    /** Runs the whole command there, with this process's input and output. */
    static int run(String[] args, Path jdk) throws IOException, InterruptedException {
        List<String> command = command(jdk, List.of());
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--jdk")) {
                i++;
            } else {
                command.add(args[i]);
            }
        }
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
