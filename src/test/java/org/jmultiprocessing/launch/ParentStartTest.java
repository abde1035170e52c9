package org.jmultiprocessing.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.jmultiprocessing.internal.launch.Sources;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One program, started in every way in which Java programs are started: its child finds the program's classes each time. */
@Tag("smoke")
@Timeout(120)
class ParentStartTest {
    private static final String DEMO = """
            package app;
            import org.jmultiprocessing.process.Process;
            public class Demo {
                static void child(int n) throws Exception {
                    String line = java.nio.file.Files.exists(java.nio.file.Path.of("/proc/self/cmdline"))
                            ? java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/cmdline")) : "";
                    System.out.println(Helper.help(n) + " told=" + System.getProperty("told") + " seen=" + line.contains("told")
                            + " asserts=" + Demo.class.desiredAssertionStatus());
                }
                public static void main(String[] arguments) throws Exception {
                    Process process = new Process(Demo::child, 2);
                    process.start();
                    process.join();
                    System.out.println("end " + process.exitCode().getAsInt());
                }
            }
            """;
    private static final String HELPER = "package app; class Helper { static String help(int n) { return \"helped \" + n; } }";
    private static final String EXPECTED = "helped 2 told=null seen=false asserts=false\nend 0\n";

    @TempDir
    private static Path folder;
    private static Path classes;

    @BeforeAll
    static void compile() throws IOException {
        classes = Sources.compile(folder, Map.of("app/Demo.java", DEMO, "app/Helper.java", HELPER), "-cp", Parent.library());
    }

    @Test
    void classPath() throws Exception {
        assertEquals(EXPECTED, new Parent(folder).run("-cp", Parent.library() + ":" + classes, "app.Demo"));
    }

    @Test
    void relativeClassPathAndAnotherFolder() throws Exception {
        String source = """
                package app;
                import org.jmultiprocessing.process.Process;
                public class Moved {
                    public static void main(String[] arguments) throws Exception {
                        System.setProperty("user.dir", "/nowhere");
                        Process process = Process.builder(Demo::child, 2).directory(java.nio.file.Path.of("/")).start();
                        process.join();
                    }
                }
                """;
        Path moved = Sources.compile(folder.resolve("moved"), Map.of("app/Moved.java", source), "-cp", Parent.library() + ":" + classes);
        assertEquals(EXPECTED.substring(0, EXPECTED.indexOf("end")),
                new Parent(folder).run("-cp", "moved/" + moved.getFileName() + ":classes:" + Parent.library(), "app.Moved"));
    }

    @Test
    void jarWithClassPathInItsManifest() throws Exception {
        Path libraries = Files.createDirectories(folder.resolve("lib"));
        StringBuilder path = new StringBuilder();
        for (String entry : Parent.library().split(":")) {
            Files.copy(Path.of(entry), libraries.resolve(Path.of(entry).getFileName()));
            path.append("lib/").append(Path.of(entry).getFileName()).append(' ');
        }
        Path jar = Sources.jar(folder.resolve("app.jar"), classes, Map.of("Main-Class", "app.Demo", "Class-Path", path.toString().trim()));
        assertEquals(EXPECTED, new Parent(folder).run("-jar", jar.toString()));
        assertEquals(EXPECTED, new Parent(folder).run("-jar", "app.jar"));
    }

    @Test
    void booterJarOfATestRunner() throws Exception {
        StringBuilder path = new StringBuilder(classes.toUri().toString());
        for (String entry : Parent.library().split(":")) {
            path.append(' ').append(Path.of(entry).toUri());
        }
        Path jar = Sources.jar(folder.resolve("booter.jar"), folder.resolve("none"), Map.of("Main-Class", "app.Demo", "Class-Path", path.toString()));
        assertEquals(EXPECTED, new Parent(folder).run("-jar", jar.toString()));
    }

    @Test
    void argumentFileWhoseSecretsStayUnseen() throws Exception {
        Path file = Files.write(folder.resolve("arguments"), List.of("-Dtold=secret -ea", "-cp", Parent.library() + ":" + classes));
        assertEquals("helped 2 told=secret seen=false asserts=true\nend 0\n", new Parent(folder).run("@" + file, "app.Demo"));
    }

    @Test
    void optionsFromTheEnvironment() throws Exception {
        Parent parent = new Parent(folder).quiet("JAVA_TOOL_OPTIONS", "-Dtold=secret").quiet("JDK_JAVA_OPTIONS", "-ea");
        assertEquals("helped 2 told=secret seen=false asserts=true\nend 0\n", parent.run("-cp", Parent.library() + ":" + classes, "app.Demo"));
    }

    @Test
    void optionsOfTheCommandLine() throws Exception {
        assertEquals("helped 2 told=open seen=true asserts=true\nend 0\n", new Parent(folder).run("-Dtold=open", "-ea", "-Xss2m",
                "-Dfile.encoding=UTF-8", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-Xmx64m", "-cp",
                Parent.library() + ":" + classes, "app.Demo"));
    }

    @Test
    void classPathLongerThanACommandLine() throws Exception {
        String filler = (":" + folder.resolve("x".repeat(100))).repeat(1500);
        Path file = Files.write(folder.resolve("long"), List.of("-cp " + Parent.library() + ":" + classes + filler));
        assertEquals(EXPECTED, new Parent(folder).run("@" + file, "app.Demo"));
    }

    @Test
    void modulePath() throws Exception {
        for (String kind : List.of("open module", "module")) {
            Path base = folder.resolve(kind.replace(' ', '-'));
            Path module = Sources.compile(base, Map.of("app/Demo.java", DEMO, "app/Helper.java", HELPER,
                    "module-info.java", kind + " demo { requires org.jmultiprocessing; }"), "-p", Parent.library());
            assertEquals(EXPECTED, new Parent(folder).withModules().run("-p", Parent.library() + ":" + module, "-m", "demo/app.Demo"), kind);
        }
    }

    @Test
    void libraryOnTheModulePathOfAProgramOnTheClassPath() throws Exception {
        assertEquals(EXPECTED, new Parent(folder).withModules().run("-p", Parent.library(), "--add-modules",
                "org.jmultiprocessing", "-cp", classes.toString(), "app.Demo"));
    }

    @Test
    void targetInAModuleOfAProgramOnTheClassPath() throws Exception {
        Path module = Sources.compile(folder.resolve("target"), Map.of("part/Target.java", """
                package part;
                public class Target {
                    public static void child(int n) { System.out.println("helped " + n + " in " + Target.class.getModule()); }
                }
                """, "module-info.java", "module part { exports part; }"));
        Path main = Sources.compile(folder.resolve("main"), Map.of("app/Main.java", """
                package app;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        var process = new org.jmultiprocessing.process.Process(part.Target::child, 2);
                        process.start();
                        process.join();
                    }
                }
                """), "-cp", Parent.library(), "-p", module.toString(), "--add-modules", "part");
        assertEquals("helped 2 in module part\n", new Parent(folder).run("-p", module.toString(), "--add-modules", "part", "-cp",
                Parent.library() + ":" + main, "app.Main"));
    }

    @Test
    void urlClassLoader() throws Exception {
        Path loading = Sources.compile(folder.resolve("loading"), Map.of("Loading.java", """
                import java.net.*;
                public class Loading {
                    public static void main(String[] arguments) throws Exception {
                        URL[] urls = new URL[arguments.length];
                        for (int i = 0; i < urls.length; i++) {
                            urls[i] = java.nio.file.Path.of(arguments[i]).toUri().toURL();
                        }
                        new URLClassLoader(urls).loadClass("app.Demo").getMethod("main", String[].class).invoke(null, (Object) null);
                    }
                }
                """));
        assertEquals(EXPECTED, new Parent(folder).run("-cp", Parent.library() + ":" + loading, "Loading", classes.toString()));
        List<String> isolated = new ArrayList<>(List.of("-cp", loading.toString(), "Loading", classes.toString()));
        isolated.addAll(List.of(Parent.library().split(":")));
        assertEquals(EXPECTED, new Parent(folder).run(isolated.toArray(new String[0])), "the library too");
    }

    @Test
    void springBootJar() throws Exception {
        Path jar = folder.resolve("boot.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
        manifest.getMainAttributes().putValue("Start-Class", "app.Demo");
        manifest.getMainAttributes().putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
        manifest.getMainAttributes().putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest);
                JarFile loader = new JarFile(Parent.onClassPath("spring-boot-loader"))) {
            for (JarEntry entry : loader.stream().filter(each -> each.getName().startsWith("org/springframework/")).toList()) {
                out.putNextEntry(new JarEntry(entry.getName()));
                try (InputStream in = loader.getInputStream(entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
            out.putNextEntry(new JarEntry("BOOT-INF/classes/"));
            out.closeEntry();
            Sources.add(out, classes, "BOOT-INF/classes/");
            out.putNextEntry(new JarEntry("BOOT-INF/lib/"));
            out.closeEntry();
            for (String library : Parent.library().split(":")) {
                addStored(out, Path.of(library));
            }
        }
        assertEquals(EXPECTED, new Parent(folder).run("-jar", jar.toString()));
    }

    /** A runtime of its own without any class archive of the JDK, on which ours would build. */
    @Test
    void linkedRuntime() throws Exception {
        ToolProvider jlink = ToolProvider.findFirst("jlink").orElse(null);
        assumeTrue(jlink != null, "this JDK has no jlink");
        Path image = folder.resolve("image");
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = jlink.run(out, out, "--add-modules", "java.management,java.logging,jdk.unsupported", "--output", image.toString());
        assumeTrue(code == 0 || Files.isDirectory(Path.of(System.getProperty("java.home"), "jmods")), () -> "this JDK has no jmods: " + said);
        assertEquals(0, code, said::toString);
        assertFalse(Files.exists(image.resolve("lib/server/classes.jsa")), "the JDK's archive is linked in, so nothing is proved");
        Path cache = Files.createDirectory(folder.resolve("cache"));
        for (String archive : List.of("off", "auto", "auto")) {
            assertEquals(EXPECTED, new Parent(folder).startedBy(image.resolve("bin/java").toString()).run("-Djmultiprocessing.archive=" + archive,
                    "-Djmultiprocessing.cache=" + cache, "-cp", Parent.library() + ":" + classes, "app.Demo"), archive);
            if (archive.equals("auto")) {
                new Archives(cache).awaitVerdict();
            }
        }
    }

    private static void addStored(JarOutputStream out, Path library) throws IOException {
        byte[] bytes = Files.readAllBytes(library);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        JarEntry entry = new JarEntry("BOOT-INF/lib/" + library.getFileName());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }

    @Test
    void sourceFile() throws Exception {
        Path source = Files.createDirectories(folder.resolve("app")).resolve("Demo.java");
        Files.writeString(source, DEMO + HELPER.replace("package app;", ""));
        assertEquals(EXPECTED, new Parent(folder).run("-cp", Parent.library(), source.toString()));
    }

    @Test
    void jshell() throws Exception {
        Path script = folder.resolve("script.jsh");
        Path said = folder.resolve("said");
        // The stdout of the JVM that runs the snippets, and so of its children, is not what jshell shows.
        Files.writeString(script, """
                import org.jmultiprocessing.process.Process;
                class Helper { static String help(int n) { return "helped " + n; } }
                void child(int n, String file) throws Exception { Files.writeString(Path.of(file), Helper.help(n)); }
                Process process = new Process((Integer n, String file) -> child(n, file), 2, "SAID");
                process.start();
                process.join();
                System.out.println(Files.readString(Path.of("SAID")) + " end " + process.exitCode().getAsInt());
                /exit
                """.replace("SAID", said.toString()));
        String program = Path.of(Parent.java()).resolveSibling("jshell").toString();
        List<String> command = new ArrayList<>(List.of(program, "-s", "--class-path", Parent.library()));
        for (String option : Parent.options("ALL-UNNAMED")) {
            command.add("-R" + option);
        }
        command.add(script.toString());
        assertEquals("helped 2 end 0\n", new Parent(folder).runCommand(command));
    }

    @Test
    void debuggerCoverageAndCollectorStayWithTheParent() throws Exception {
        Path data = folder.resolve("jacoco.exec");
        String out = new Parent(folder).run("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0,quiet=y",
                "-javaagent:" + Parent.onClassPath("org.jacoco.agent") + "=destfile=" + data, "-XX:+UseZGC", "-XX:StartFlightRecording:filename="
                        + folder.resolve("recording.jfr") + ",maxsize=1m", "-Xlog:jfr*=off", "-Xlog:gc:file=" + folder.resolve("gc.log"),
                "-cp", Parent.library() + ":" + classes, "app.Demo");
        assertTrue(out.endsWith(EXPECTED), out);
        assertTrue(Files.exists(data));
    }
}
