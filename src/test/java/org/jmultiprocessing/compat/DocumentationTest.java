package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README says only what is so. */
class DocumentationTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("public class (\\w+)");
    private static final Pattern COMMAND = Pattern.compile("java -jar target/\\S+-all\\.jar (\\w+)");
    private static final Pattern PROPERTY = Pattern.compile("\\| `(jmultiprocessing\\.[A-Za-z.]+)` \\|");

    private static final Pattern CALL = Pattern.compile("`(Multiprocessing|Process|Pipe|ConnectionWait|Listener|Client|SharedMemory|ShareableList"
            + "|SharedInt|SharedDoubleArray|Queue)\\.(\\w+)\\(");

    private static String readme;

    @BeforeAll
    static void read() throws IOException {
        readme = Files.readString(ROOT.resolve("README.md"));
    }

    @Test
    void javaProgramsCompile(@TempDir Path classes) {
        List<String> programs = blocks("java");
        assertFalse(programs.isEmpty());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<JavaFileObject> sources = new ArrayList<>();
        programs.forEach(program -> sources.add(new Source(className(program), program)));
        List<String> options = List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-Xlint:all", "-Werror");
        assertTrue(compiler.getTask(null, null, problems, options, null, sources).call(), () -> problems.getDiagnostics().toString());
    }

    @Test
    void javaProgramsPrintWhatTheirTwinsPrint(@TempDir Path folder) throws IOException, InterruptedException {
        List<String> java = blocks("java");
        List<String> python = blocks("python");
        assertEquals(python.size(), java.size(), "each program has its twin");
        for (int i = 0; i < java.size(); i++) {
            Program ours = runAsReadmeSays(folder, java.get(i));
            Path twin = Files.writeString(folder.resolve("twin.py"), python.get(i));
            Program theirs = Program.of(List.of("python3", "-u", twin.toString()));
            String name = className(java.get(i));
            assertAll(name,
                    () -> assertEquals(0, ours.code(), ours.err()),
                    () -> assertEquals("", ours.err()),
                    // Without a python3 the twin's text is known all the same, but for this comparison.
                    () -> assertTrue(theirs.code() == 0 || !pythonExists(), theirs.err()),
                    () -> assertTrue(theirs.code() != 0 || normal(theirs.out()).equals(normal(ours.out())), ours.out()));
        }
    }

    private static Program runAsReadmeSays(Path folder, String program) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(className(program) + ".java"), program);
        return Program.of(List.of(Program.java(), "--enable-native-access=ALL-UNNAMED", "-cp", Program.jar().toString(), file.toString()));
    }

    private static boolean pythonExists() throws IOException, InterruptedException {
        return Program.of(List.of("python3", "-c", "pass")).code() == 0;
    }

    /** None is an empty optional, a pid one that holds it; a dict is a map, which two processes fill at the same time. */
    private static String normal(String output) {
        return output.replace("OptionalLong.empty", "None").replaceAll("(?m)^(OptionalLong\\[)?[0-9]+]?$", "PID")
                .replaceAll("'(\\w)': ", "$1=").replace("{b=23, a=22}", "{a=22, b=23}");
    }

    @Test
    void commandsExist() throws IOException, InterruptedException {
        Set<String> commands = new TreeSet<>();
        COMMAND.matcher(readme).results().forEach(found -> commands.add(found.group(1)));
        assertEquals(Set.of("bench", "demo", "doctor"), commands);
        String usage = Program.ofJar("help").out();
        commands.forEach(command -> assertTrue(usage.contains("  " + command + " "), usage));
    }

    @Test
    void theJarIsNamedAsBuilt() throws IOException {
        String built = "target/" + Program.jar().getFileName();
        Matcher named = Pattern.compile("target/\\S+\\.jar").matcher(readme);
        assertEquals(Set.of(built), new TreeSet<>(named.results().map(MatchResult::group).toList()));
    }

    @Test
    void everySettingIsRead() throws IOException {
        List<String> settings = PROPERTY.matcher(readme).results().map(found -> found.group(1)).toList();
        assertFalse(settings.isEmpty());
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.walk(ROOT.resolve("src/main/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                sources.append(Files.readString(file));
            }
        }
        settings.forEach(setting -> assertTrue(sources.indexOf("\"" + setting + "\"") >= 0, setting + " is read nowhere"));
    }

    @Test
    void everyMethodOfTheTableExists() throws ReflectiveOperationException {
        Set<String> missing = new TreeSet<>();
        Matcher calls = CALL.matcher(readme);
        while (calls.find()) {
            Class<?> type = type(calls.group(1));
            if (Stream.of(type.getMethods()).noneMatch(method -> method.getName().equals(calls.group(2)))) {
                missing.add(calls.group());
            }
        }
        assertEquals(Set.of(), missing);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(switch (name) {
            case "Multiprocessing" -> "org.jmultiprocessing.Multiprocessing";
            case "Process" -> "org.jmultiprocessing.process.Process";
            case "Queue" -> "org.jmultiprocessing.queue.Queue";
            case "SharedMemory", "ShareableList", "SharedInt", "SharedDoubleArray" -> "org.jmultiprocessing.sharedmemory." + name;
            default -> "org.jmultiprocessing.pipe." + name;
        });
    }

    private static List<String> blocks(String language) {
        return BLOCK.matcher(readme).results().filter(block -> block.group(1).equals(language)).map(block -> block.group(2)).toList();
    }

    private static String className(String program) {
        Matcher name = CLASS.matcher(program);
        assertTrue(name.find(), program);
        return name.group(1);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
