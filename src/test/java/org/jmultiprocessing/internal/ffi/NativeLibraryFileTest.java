package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryFileTest {
    private static final byte[] IMAGE = "not really a library".getBytes();
    private static final int MANY = 8;
    private static final int NOBODY = 65534;
    /** In the header of an ELF file, and in a Mach-O one's first fields. */
    private static final int ARCHITECTURE_AT = NativeLibraryFile.isMac() ? 4 : 18;

    @TempDir
    private Path temporary;
    private Path cache;
    private final String chosen = System.getProperty(CacheFolder.PROPERTY);
    private final String usualTemporary = System.getProperty("java.io.tmpdir");

    @BeforeEach
    void nameCache() {
        cache = temporary.resolve("parent/cache");
    }

    @AfterEach
    void restoreProperties() {
        System.setProperty("java.io.tmpdir", usualTemporary);
        if (chosen == null) {
            System.clearProperty(CacheFolder.PROPERTY);
        } else {
            System.setProperty(CacheFolder.PROPERTY, chosen);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void unpacksOnce() throws IOException {
        Path file = NativeLibraryFile.unpack(IMAGE, cache);
        assertArrayEquals(IMAGE, Files.readAllBytes(file));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)));
        Object inode = Files.getAttribute(file, "unix:ino");
        assertEquals(file, NativeLibraryFile.unpack(IMAGE, cache));
        assertEquals(inode, Files.getAttribute(file, "unix:ino"), "unpacked again");
        assertEquals(List.of(file), list(cache));
        assertNotEquals(file, NativeLibraryFile.unpack("another".getBytes(), cache));
    }

    @Test
    void oldVersionsGoWhenANewOneComes() throws IOException {
        Path old = NativeLibraryFile.unpack("an old version".getBytes(), cache);
        Path interrupted = Files.createFile(cache.resolve(old.getFileName() + ".5a5a"));
        Path young = NativeLibraryFile.unpack("a young version".getBytes(), cache);
        Path other = Files.createFile(cache.resolve("classes-1.jsa"));
        FileTime twoDaysAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        for (Path file : List.of(old, interrupted, other)) {
            Files.setLastModifiedTime(file, twoDaysAgo);
        }
        NativeLibraryFile.unpack("a young version".getBytes(), cache);
        assertTrue(Files.exists(old), "nothing was unpacked");
        Path file = NativeLibraryFile.unpack(IMAGE, cache);
        assertEquals(Set.of(young, other, file), Set.copyOf(list(cache)));
    }

    @Test
    void repairsCorruption() throws IOException {
        Path file = NativeLibraryFile.unpack(IMAGE, cache);
        byte[] changed = IMAGE.clone();
        changed[3]++;
        for (byte[] wrong : List.of(new byte[0], Arrays.copyOf(IMAGE, 5), changed)) {
            Files.write(file, wrong);
            assertEquals(file, NativeLibraryFile.unpack(IMAGE, cache));
            assertArrayEquals(IMAGE, Files.readAllBytes(file));
        }
        assertEquals(List.of(file), list(cache));
    }

    @Test
    void manyMayUnpackAtOnce() throws Exception {
        List<FutureTask<Path>> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            FutureTask<Path> task = new FutureTask<>(() -> NativeLibraryFile.unpack(IMAGE, cache));
            tasks.add(task);
            new Thread(task, "unpack").start();
        }
        for (FutureTask<Path> task : tasks) {
            assertArrayEquals(IMAGE, Files.readAllBytes(task.get()));
        }
        assertEquals(1, list(cache).size());
    }

    @Test
    void refusesFoldersThatOthersWrite() throws IOException {
        Files.createDirectories(cache);
        for (String permissions : List.of("rwxrwx---", "rwx----w-")) {
            Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString(permissions));
            assertThrows(AccessDeniedException.class, () -> NativeLibraryFile.unpack(IMAGE, cache));
        }
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
        NativeLibraryFile.unpack(IMAGE, cache);
    }

    @Test
    void refusesLinksAndFiles() throws IOException {
        Path real = Files.createDirectories(temporary.resolve("real"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), real);
        assertThrows(AccessDeniedException.class, () -> NativeLibraryFile.unpack(IMAGE, link));
        Path file = Files.createFile(temporary.resolve("file"));
        assertThrows(AccessDeniedException.class, () -> NativeLibraryFile.unpack(IMAGE, file));
    }

    @Test
    void refusesFoldersOfOthers() throws IOException {
        Files.createDirectories(cache);
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a folder away");
        Files.setAttribute(cache, "unix:uid", NOBODY);
        assertThrows(AccessDeniedException.class, () -> NativeLibraryFile.unpack(IMAGE, cache));
        assertEquals(List.of(), list(cache));
    }

    /** A JVM of its own: the library's second copy would take the place of the first, and know nothing of what that one has found out. */
    static final class Loader {
        private Loader() { }

        /**
         * @param arguments a library, and folders to copy it to
         * @throws IOException if it cannot be read
         */
        public static void main(String[] arguments) throws IOException {
            List<Path> folders = Stream.of(arguments).skip(1).map(Path::of).toList();
            NativePosix loaded = NativeLibraryFile.load(Files.readAllBytes(Path.of(arguments[0])), folders);
            System.out.print(loaded.path() + " " + (loaded.pid() == ProcessHandle.current().pid()));
        }
    }

    @Test
    void fallsThroughToAFolderThatServes() throws IOException, InterruptedException {
        Path unwritable = Files.createFile(temporary.resolve("file")).resolve("cache");
        List<String> command = Program.ofClass(Loader.class);
        command.addAll(List.of(libraryOfThisTest(), unwritable.toString(), "/proc/jmultiprocessing", cache.toString()));
        Program program = Program.of(command);
        assertTrue(program.out().startsWith(cache + "/") && program.out().endsWith(" true"), program.out() + program.err());
        assertEquals(0, program.code());
    }

    @Test
    void failureTellsOfEachFolder() throws IOException {
        Path unwritable = Files.createFile(temporary.resolve("file")).resolve("cache");
        byte[] foreign = Files.readAllBytes(Path.of(libraryOfThisTest()));
        foreign[ARCHITECTURE_AT] = 0x7f;
        UnsatisfiedLinkError failure = assertThrows(UnsatisfiedLinkError.class, () -> NativeLibraryFile.load(foreign, List.of(unwritable, cache)));
        assertEquals(2, failure.getSuppressed().length);
        assertTrue(failure.getMessage().contains(CacheFolder.PROPERTY));
    }

    @Test
    void cacheFolderIsTheChosenOneOrElseAnother() throws IOException {
        System.setProperty(CacheFolder.PROPERTY, cache.toString());
        System.setProperty("java.io.tmpdir", temporary.toString());
        assertEquals(cache, CacheFolder.find().orElseThrow());
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(temporary.resolve(CacheFolder.perUser()), CacheFolder.find().orElseThrow());
    }

    @Test
    void platformIsNamedAsJnaDoes() {
        assertEquals(Platform.RESOURCE_PREFIX, NativeLibraryFile.platform());
        assertFalse(NativeLibraryFile.isMac() && !Platform.isMac());
    }

    private static String libraryOfThisTest() {
        return Binding.posix() instanceof NativePosix chosen ? chosen.path() : NativeLibraryFile.load().path();
    }
}
