package org.jmultiprocessing.internal.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which options of a JVM reach its children, and in which form. */
class JvmOptionsTest {
    private static final Path FOLDER = Path.of("/start");

    private static List<String> inherited(String... options) {
        return InheritedOptions.filter(List.of(options), FOLDER, false, 25);
    }

    @Test
    void whatDecidesHowAProgramBehavesIsInherited() {
        String[] options = {"-Da=b", "-Dfile.encoding=UTF-8", "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=x",
            "--add-reads=a=b", "--add-modules=java.sql", "--limit-modules=java.base", "--enable-preview", "-ea", "-ea:foo...", "-da:foo.Bar", "-esa",
            "-dsa", "-enableassertions:x", "-Xss2m", "-Xrs", "--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny",
            "--sun-misc-unsafe-memory-access=deny", "-XX:ActiveProcessorCount=2", "-XX:-OmitStackTraceInFastThrow"};
        assertEquals(List.of(options), inherited(options));
    }

    @Test
    void whatWatchesOrSizesOneProcessIsNot() {
        assertEquals(List.of(), inherited("-javaagent:x.jar=y", "-agentlib:jdwp=transport=dt_socket", "-agentpath:/x", "-Xdebug", "-Xrunjdwp:x",
                "-Dcom.sun.management.jmxremote.port=9", "-XX:StartFlightRecording", "-XX:StartFlightRecording:filename=x",
                "-XX:FlightRecorderOptions=x", "-Xlog:gc", "-Xloggc:x", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=x",
                "-XX:ErrorFile=x", "-XX:LogFile=x", "-XX:+UseZGC",
                "-Xmx1g", "-Xms1g", "-Xmn1m", "-XX:MaxRAMPercentage=50", "-XX:SharedArchiveFile=x", "-XX:AOTCache=x", "-Xshare:off", "-verbose:gc",
                "-Djava.class.path=x", "-Djmultiprocessing.library=x", "-Djmultiprocessing.binding=jna", "-Xint", "-server"));
    }

    @Test
    void pathsAreMadeAbsolute() {
        assertEquals(List.of("--patch-module=a=/start/p:/q", "--upgrade-module-path=/start/u", "-Xbootclasspath/a:/start/b"),
                inherited("--patch-module=a=p:/q", "--upgrade-module-path=u", "-Xbootclasspath/a:b"));
    }

    @Test
    void ofEqualOptionsTheLastCounts() {
        assertEquals(List.of("-da", "-ea"), inherited("-ea", "-da", "-ea"));
    }

    @Test
    void optionsThatSayNothingNewAreDropped() {
        List<String> options = List.of("--add-modules=ALL-DEFAULT", "--enable-native-access=ALL-UNNAMED");
        assertEquals(List.of(), InheritedOptions.filter(options.subList(0, 1), FOLDER, false, 17));
        assertEquals(List.of(), InheritedOptions.filter(options.subList(1, 2), FOLDER, false, 17));
        assertEquals(options, InheritedOptions.filter(options, FOLDER, true, 17), "a modular program may be without the default modules");
        assertEquals(options.subList(1, 2), InheritedOptions.filter(options, FOLDER, false, 25));
    }

    @Test
    void aPlainCommandLineIsRead() {
        assertEquals(List.of("-Da=b", "--add-opens=m/p=q", "--class-path=x:y", "-ea"),
                ParentArguments.optionsOf(List.of("java", "-Da=b", "--add-opens", "m/p=q", "-cp", "x:y", "-ea", "Main", "-Dno", "@no")));
        assertEquals(List.of("-Xss1m"), ParentArguments.optionsOf(List.of("java", "-Xss1m", "-jar", "x.jar", "-Dno")));
        assertEquals(List.of("--module-path=x"), ParentArguments.optionsOf(List.of("java", "-p", "x", "-m", "a/b", "-Dno")));
    }

    @Test
    void whatACommandLineDoesNotTellIsLeftToTheJvm() {
        assertNull(ParentArguments.optionsOf(List.of("java", "@file", "Main")));
        assertNull(ParentArguments.optionsOf(List.of("java", "-XX:Flags=x", "Main")));
        assertNull(ParentArguments.optionsOf(List.of("java", "-XX:VMOptionsFile=x", "Main")));
        assertTrue(ParentArguments.isPlain(Map.of("PATH", "/bin")));
        for (String variable : ParentArguments.VARIABLES) {
            assertFalse(ParentArguments.isPlain(Map.of(variable, "-Da=b")), variable);
        }
    }

    @Test
    void thisProcessFindsItsOwnOptions() {
        List<String> options = ParentArguments.find().options();
        List<String> known = ManagementFactory.getRuntimeMXBean().getInputArguments();
        assertEquals(InheritedOptions.filter(known, FOLDER, false, 25), InheritedOptions.filter(options, FOLDER, false, 25));
    }

    @Test
    void theOptionsOfAUserAreChecked() {
        JvmCommand.Builder builder = JvmCommand.builder();
        for (List<String> wrong : List.of(List.of("-cp", "x"), List.of("--class-path=x"), List.of("-jar"), List.of("-m"), List.of("Main"))) {
            assertThrows(IllegalArgumentException.class, () -> builder.jvmOptions(wrong), wrong.toString());
        }
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> builder.jvmOptions(List.of("--add-opens")));
        assertTrue(error.getMessage().contains("--add-opens lacks its value"), error.getMessage());
    }

    @Test
    void javaReadsAnArgumentFileAsItWasMeant(@TempDir Path folder) throws IOException, InterruptedException {
        String nasty = "a \"b\" 'c' \\d #e\t$f";
        Path file = folder.resolve("arguments");
        Files.write(file, ArgumentFile.content(List.of("-Dnasty=" + nasty, "-XshowSettings:properties", "-version")));
        Program java = Program.of(List.of(Program.java(), "@" + file));
        assertEquals(0, java.code(), java.err());
        assertTrue(java.err().contains("nasty = " + nasty + "\n"), java.err());
    }

    @Test
    void theManifestOfAJarIsObeyedWhereItStartedTheProgram(@TempDir Path folder) throws IOException {
        Path jar = Sources.jar(folder.resolve("app.jar"), folder.resolve("none"),
                Map.of("Add-Opens", "java.base/a java.base/b", "Add-Exports", "m/c"));
        List<String> expected = List.of("--add-exports=m/c=ALL-UNNAMED", "--add-opens=java.base/a=ALL-UNNAMED",
                "--add-opens=java.base/b=ALL-UNNAMED");
        assertEquals(expected, ModuleSetup.ofManifest(jar.toString(), jar.toString()));
        assertEquals(expected, ModuleSetup.ofManifest(jar.toString(), jar + " an argument"));
        assertEquals(List.of(), ModuleSetup.ofManifest(jar.toString(), "Main " + jar));
    }

    @Test
    void longPathsAndHiddenPropertiesGoIntoAFile() {
        String longEntry = "/" + "x".repeat(200_000);
        JvmCommand command = JvmCommand.builder().classPath(List.of(longEntry)).build();
        assertTrue(command.arguments(6).stream().allMatch(word -> word.length() < 100_000));
        assertTrue(command.arguments(6).contains("@/dev/fd/6"));
        assertTrue(new String(command.argumentFile(), StandardCharsets.UTF_8).contains(longEntry));
    }

    @Test
    void ourClassesComeFirstAndTheMainClassLast() {
        JvmCommand command = JvmCommand.builder().jvmOptions(List.of("-Xmx64m")).debug(0).classPath(List.of("more.jar")).build();
        List<String> words = command.arguments(6);
        assertEquals(command.program(), words.get(0));
        assertEquals("org.jmultiprocessing.internal.launch.ChildMain", words.get(words.size() - 1));
        String[] path = words.get(words.indexOf("-cp") + 1).split(":");
        assertEquals(LibraryLocation.find().get(0).toString(), path[0]);
        assertEquals(Path.of("").toAbsolutePath().resolve("more.jar").toString(), path[path.length - 1]);
        assertTrue(words.contains("-Xmx64m"));
        assertTrue(words.contains("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0"));
    }
}
