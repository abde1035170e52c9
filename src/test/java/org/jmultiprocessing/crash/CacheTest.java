package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache folder that cannot be used costs time, not children. */
class CacheTest {
    private static final String PLATFORM = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";

    @TempDir
    private Path folder;

    /** Runs as the parent. */
    static final class Starter {
        private Starter() { }

        public static void main(String[] arguments) throws InterruptedException {
            Process child = new Process(Starter::greet);
            child.start();
            child.join();
            System.out.println("exit code " + child.exitCode().getAsInt());
        }

        static void greet() {
            System.out.println("hello");
        }
    }

    private static void assertStarts(String... options) throws Exception {
        Program program = Program.of(Program.ofClass(Starter.class, options));
        assertEquals("hello\nexit code 0\n", program.out(), program.err());
        assertEquals(0, program.code(), program.err());
    }

    @Test
    void aFolderThatCannotBeUsed() throws Exception {
        Path forbidden = folder("forbidden", "---------");
        Path readOnly = folder("read-only", "r-x------");
        Path open = folder("open", "rwxrwxrwx");
        Path file = Files.createFile(folder.resolve("file"));
        for (Path cache : new Path[] {forbidden, readOnly, open, file, file.resolve("below"), Path.of("/proc/none")}) {
            assertStarts("-Djmultiprocessing.cache=" + cache, "-Djava.io.tmpdir=" + folder);
        }
    }

    private Path folder(String name, String permissions) throws IOException {
        return Files.setPosixFilePermissions(Files.createDirectory(folder.resolve(name)), PosixFilePermissions.fromString(permissions));
    }

    /** The archive of children's classes cannot be stored then; the library has to be elsewhere. */
    @Test
    void noFolderAtAll() throws Exception {
        Path library = folder.resolve("library");
        String arch = System.getProperty("os.arch").matches("amd64|x86_64") ? "x86-64" : System.getProperty("os.arch");
        String name = "/" + PLATFORM + "-" + arch + (PLATFORM.equals("linux") ? "/libjmultiprocessing.so" : "/libjmultiprocessing.dylib");
        try (InputStream resource = Process.class.getResourceAsStream(name)) {
            assertNotNull(resource, name);
            Files.copy(resource, library);
        }
        Path none = Files.createFile(folder.resolve("none"));
        assertStarts("-Djmultiprocessing.cache=" + none, "-Djava.io.tmpdir=" + Path.of("/proc"), "-Djmultiprocessing.archive=auto",
                "-Djmultiprocessing.library=" + library, "-Djna.tmpdir=" + folder);
    }
}
