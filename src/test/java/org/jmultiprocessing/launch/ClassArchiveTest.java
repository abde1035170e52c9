package org.jmultiprocessing.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.jmultiprocessing.internal.launch.Sources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The class archive as programs meet it: it comes by itself, children map it, and nothing that is wrong with it stops them. */
@Timeout(180)
@EnabledOnOs(value = OS.LINUX, disabledReason = "whether an archive is mapped is read in /proc")
class ClassArchiveTest {
    private static final String DEMO = """
            import org.jmultiprocessing.process.Process;
            public class Mapped {
                static void child(String folder) throws Exception {
                    try (var lines = java.nio.file.Files.lines(java.nio.file.Path.of("/proc/self/maps"))) {
                        System.out.println(lines.anyMatch(line -> line.contains(folder + "/classes-")) ? "mapped" : "not mapped");
                    }
                }
                public static void main(String[] arguments) throws Exception {
                    Process process = new Process(Mapped::child, arguments[0]);
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
        classes = Sources.compile(folder, Map.of("Mapped.java", DEMO), "-cp", Parent.library());
        assertTrue(Files.isRegularFile(Path.of(Parent.library().split(":")[0])), "these tests need the library as a jar, as mvn verify has it");
    }

    @AfterEach
    void awaitMakers() {
        new Archives(folder.resolve("cache")).awaitMakers();
    }

    private static String child(Path cache, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-Djmultiprocessing.cache=" + cache, "-Djmultiprocessing.archive=auto"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-cp", Parent.library() + ":" + classes, "Mapped", cache.toString()));
        return new Parent(folder).run(arguments.toArray(new String[0])).trim();
    }

    private static Path awaitArchive(Archives archives) throws IOException {
        archives.awaitVerdict();
        List<Path> found = Stream.concat(archives.files(".jsa").stream(), archives.files(".aot").stream()).toList();
        assertEquals(1, found.size(), () -> "made by several processes at once: " + found);
        return found.get(0);
    }

    @Test
    void itIsMadeOnceMappedAndReplacedWhenBroken() throws Exception {
        Path cache = folder.resolve("cache");
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            List<CompletableFuture<String>> parents = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
                try {
                    return child(cache);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }, executor)).limit(3).toList();
            parents.forEach(CompletableFuture::join);
        } finally {
            executor.shutdown();
        }
        Path archive = awaitArchive(new Archives(cache));
        assertEquals("mapped", child(cache));
        assertEquals("not mapped", child(cache, "-Djmultiprocessing.archive=off"));
        assertEquals("mapped", child(cache, "-Djmultiprocessing.archive=" + archive));

        Files.delete(new Archives(cache).files(".stamp").get(0));
        assertEquals("not mapped", child(cache), "its maker was killed before it could say that the archive is good");
        awaitMapped(cache);

        Files.delete(archive);
        Files.write(archive, new byte[100_000]);
        assertEquals("not mapped", child(cache), "what was overwritten is not even tried");
        awaitMapped(cache);
        Files.write(folder.resolve("broken"), new byte[100_000]);
        assertEquals("not mapped", child(cache, "-Djmultiprocessing.archive=" + folder.resolve("broken")), "the JVM goes on without");
    }

    private static void awaitMapped(Path cache) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Archives.PATIENCE.toNanos();
        while (!child(cache).equals("mapped")) {
            assertTrue(System.nanoTime() - deadline < 0, "not made anew");
        }
    }

    @Test
    void withoutAFolderChildrenStartAllTheSame() throws Exception {
        Path cache = Files.createFile(folder.resolve("file"));
        // Where no folder on disk serves, the library is unpacked there; that stays for the next process, but not for the next test.
        Path lastResort = Path.of("/dev/shm", "jmultiprocessing-" + System.getProperty("user.name"));
        boolean wasThere = Files.exists(lastResort);
        try {
            assertEquals("not mapped", child(cache, "-Djava.io.tmpdir=/proc"));
        } finally {
            new Archives(cache).awaitMakers();
            if (!wasThere && Files.exists(lastResort)) {
                for (Path file : list(lastResort)) {
                    Files.delete(file);
                }
                Files.delete(lastResort);
            }
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
