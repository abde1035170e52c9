package org.jmultiprocessing.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.internal.launch.Sources;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a parent got from the shell that started it, and its child gets too. */
@Timeout(60)
class InheritedStateTest {
    private static final String PROGRAM = """
            package app;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import org.jmultiprocessing.process.Process;
            public class Inheriting {
                static void printVariables() throws Exception {
                    for (String variable : Files.readString(Path.of("/proc/self/environ"), StandardCharsets.ISO_8859_1).split("\\0")) {
                        if (variable.contains("JMP_")) {
                            StringBuilder line = new StringBuilder();
                            variable.chars().forEach(unit -> line
                                    .append(unit < 128 ? Character.toString(unit) : "<" + Integer.toHexString(unit) + ">"));
                            System.out.println(line);
                        }
                    }
                }
                static void printIgnored() throws Exception {
                    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                        if (line.startsWith("SigIgn:")) {
                            System.out.println(Long.parseLong(line.substring(8), 16) & 3);
                        }
                    }
                }
                public static void main(String[] arguments) throws Exception {
                    Process process = arguments[0].equals("signals") ? new Process(Inheriting::printIgnored)
                            : arguments[0].equals("variables") ? new Process(Inheriting::printVariables)
                            : Process.builder(Inheriting::printVariables).environment("JMP_C", "new").environment("JMP_D", null).build();
                    process.start();
                    process.join();
                }
            }
            """;

    @TempDir
    private static Path folder;
    private static Path classes;

    @BeforeAll
    static void compile() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/environ")), "the child reads /proc");
        classes = Sources.compile(folder, Map.of("app/Inheriting.java", PROGRAM), "-cp", Parent.library());
    }

    private static List<String> linesOf(String shell, String what) throws IOException, InterruptedException {
        return new Parent(folder).startedBy("/bin/sh", "-c", shell + " exec \"$@\"", "sh", Parent.java())
                .run("-cp", Parent.library() + ":" + classes, "app.Inheriting", what).lines().sorted().toList();
    }

    @Test
    void variablesArriveByteForByte() throws Exception {
        String shell = "export LC_ALL=C JMP_A=\"$(printf '\\377\\376')\" JMP_B=\"$(printf '\\303\\274')=x\" JMP_C=plain JMP_D=\"$(printf '\\344')\";";
        assertEquals(List.of("JMP_A=<ff><fe>", "JMP_B=<c3><bc>=x", "JMP_C=plain", "JMP_D=<e4>"), linesOf(shell, "variables"));
        assertEquals(List.of("JMP_A=<ff><fe>", "JMP_B=<c3><bc>=x", "JMP_C=new"), linesOf(shell, "changes"));
        String named = "export LC_ALL=C; exec env \"$(printf '\\303\\274JMP_=\\377')\" JMP_A=a \"$@\";";
        assertEquals(List.of("<c3><bc>JMP_=<ff>", "JMP_A=a").stream().sorted().toList(), linesOf(named, "variables"));
    }

    @Test
    void hangupsAndInterruptsStayIgnored() throws Exception {
        assertEquals(List.of("3"), linesOf("trap '' HUP INT;", "signals"));
        assertEquals(List.of("1"), linesOf("trap '' HUP;", "signals"));
    }
}
