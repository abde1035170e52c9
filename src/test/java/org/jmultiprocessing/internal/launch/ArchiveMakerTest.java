package org.jmultiprocessing.internal.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Making a class archive, with a training program that only writes a file. */
class ArchiveMakerTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    private Path folder;
    private ArchiveStamp stamp;

    private static final ToIntFunction<List<String>> WRITES = options -> {
        try {
            Files.write(Path.of(options.get(0).substring(options.get(0).indexOf('=') + 1)), CONTENT);
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    };

    private static final ToIntFunction<List<String>> MUST_NOT_RUN = options -> {
        throw new AssertionError("made a second time");
    };

    @BeforeEach
    void key() {
        stamp = new ArchiveStamp(folder, new ArchiveKey("jar|home|version", "jar", List.of(), 17));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString().replaceFirst(".*\\.", "")).sorted().toList();
        }
    }

    @Test
    void itIsMadeOnce() throws IOException {
        assertEquals(ArchiveStamp.State.ABSENT, stamp.state());
        assertTrue(ArchiveMaker.make(stamp, Set.of(), WRITES));
        assertEquals(ArchiveStamp.State.READY, stamp.state());
        assertArrayEquals(CONTENT, Files.readAllBytes(stamp.archive()));
        assertTrue(ArchiveMaker.make(stamp, Set.of(), MUST_NOT_RUN));
        assertEquals(List.of("jsa", "lock", "stamp"), names());
        assertEquals(Set.of(), stamp.roots());
        assertTrue(ArchiveMaker.make(stamp, Set.of("a.B", "a.C"), WRITES), "made anew for classes that it lacks");
        assertEquals(Set.of("a.B", "a.C"), stamp.roots());
        assertTrue(ArchiveMaker.make(stamp, Set.of("a.C"), MUST_NOT_RUN));
    }

    @Test
    void whileAnotherMakesItNothingIsDone() throws IOException {
        assertTrue(ArchiveMaker.make(stamp, Set.of(), WRITES));
        Files.delete(stamp.archive());
        Path lock = folder.resolve(stamp.key().name() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE); FileLock held = channel.lock()) {
            assertTrue(held.isValid());
            assertTrue(ArchiveMaker.make(stamp, Set.of(), MUST_NOT_RUN));
        }
        assertTrue(ArchiveMaker.make(stamp, Set.of(), WRITES));
        assertEquals(ArchiveStamp.State.READY, stamp.state());
    }

    @Test
    void anArchiveThatWasTouchedDoesNotCountAndIsMadeAnew() throws IOException {
        assertTrue(ArchiveMaker.make(stamp, Set.of(), WRITES));
        Files.write(stamp.archive(), new byte[] {1, 2});
        assertEquals(ArchiveStamp.State.ABSENT, stamp.state(), "cut");
        Files.write(stamp.archive(), new byte[] {9, 9, 9});
        Files.setLastModifiedTime(stamp.archive(), FileTime.from(Instant.now().plusSeconds(5)));
        assertEquals(ArchiveStamp.State.ABSENT, stamp.state(), "overwritten");
        assertTrue(ArchiveMaker.make(stamp, Set.of(), WRITES));
        assertArrayEquals(CONTENT, Files.readAllBytes(stamp.archive()));
        assertEquals(ArchiveStamp.State.READY, stamp.state());
    }

    @Test
    void aFailureIsRememberedForADay() throws IOException {
        assertFalse(ArchiveMaker.make(stamp, Set.of(), options -> 3));
        assertEquals(ArchiveStamp.State.FAILED, stamp.state());
        assertTrue(stamp.remark().contains("exit code 3"), stamp.remark());
        Path file = folder.resolve(stamp.key().name() + ".stamp");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        assertEquals(ArchiveStamp.State.ABSENT, stamp.state());
        assertFalse(ArchiveMaker.make(stamp, Set.of(), options -> 0));
        assertTrue(stamp.remark().contains("wrote no archive"), stamp.remark());
        assertThrows(IllegalStateException.class, () -> ArchiveMaker.make(stamp, Set.of(), options -> {
            throw new IllegalStateException("no child");
        }));
        assertTrue(stamp.remark().contains("no child"), stamp.remark());
    }

    @Test
    void whatKilledMakersAndOldVersionsLeftIsRemoved() throws IOException {
        Path left = Files.write(folder.resolve("classes-1-1-77.new"), CONTENT);
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path young = Files.write(folder.resolve("classes-1-1-78.new"), CONTENT);
        Files.write(folder.resolve("classes-2-2.stamp"), List.of("3 bytes of 2020-01-01T00:00:00Z in /no/such.jar|home", "x"));
        Files.write(folder.resolve("classes-2-2.jsa"), CONTENT);
        assertTrue(ArchiveMaker.make(stamp, Set.of(), WRITES));
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(young));
        assertFalse(Files.exists(folder.resolve("classes-2-2.jsa")));
    }

    @Test
    void ofTwoKeysWithOneNameOnlyTheDescribedCounts() throws IOException {
        assertTrue(ArchiveMaker.make(stamp, Set.of(), WRITES));
        Path file = folder.resolve(stamp.key().name() + ".stamp");
        Files.write(file, List.of("another", Files.readAllLines(file).get(1)));
        assertEquals(ArchiveStamp.State.ABSENT, stamp.state());
    }

    @Test
    void theKeyKnowsWhatMakesAnArchiveUseless() throws IOException {
        ChildJava runtime = ChildJava.of(null);
        ArchiveKey plain = ArchiveKey.of(runtime, List.of("-Da=b"), "");
        if (plain == null) {
            assertTrue(Files.isDirectory(LibraryLocation.find().get(0)), "only classes in a folder have no archive");
            return;
        }
        for (String option : List.of("--patch-module=a=b", "-javaagent:x", "-agentlib:jdwp=x", "-XX:+UseZGC", "-Xshare:off",
                "-XX:AOTCache=x", "@file")) {
            assertEquals(null, ArchiveKey.of(runtime, List.of(option), ""), option);
        }
        ArchiveKey opened = ArchiveKey.of(runtime, List.of("-Da=b", "--add-opens=java.base/java.lang=ALL-UNNAMED"), "");
        assertNotNull(opened);
        if (runtime.feature() >= 25) {
            assertNotEquals(plain, opened, "an AOT cache serves only JVMs with the very same modules");
            assertEquals(List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"), opened.options());
        } else {
            assertEquals(plain, opened);
        }
        assertTrue(ArchiveKey.isOfPresentJar(plain.description()));
    }
}
