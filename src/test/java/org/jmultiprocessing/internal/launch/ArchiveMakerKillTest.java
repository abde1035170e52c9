package org.jmultiprocessing.internal.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A maker of class archives that is killed: what it left does not count, unless it is whole, and the next one makes it. */
@Timeout(120)
@SuppressWarnings("serial") // That what runs in the child is not public is not what is tested.
class ArchiveMakerKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] CONTENT = new byte[1 << 20];

    static {
        Arrays.fill(CONTENT, (byte) 7);
    }

    /** Where the maker is when it dies, as the folder shows it. */
    enum Step {
        RECORDING {
            @Override
            boolean isNow(Left files) {
                return files.fresh && !files.archive;
            }
        },
        BETWEEN_ARCHIVE_AND_STAMP {
            @Override
            boolean isNow(Left files) {
                return files.archive && !files.stamp;
            }
        },
        DONE {
            @Override
            boolean isNow(Left files) {
                return files.archive && files.stamp;
            }
        };

        abstract boolean isNow(Left files);
    }

    /** Which files are there. */
    private record Left(boolean fresh, boolean archive, boolean stamp) {
        static Left in(Path folder) throws IOException {
            List<String> names = names(folder);
            return new Left(names.stream().anyMatch(name -> name.matches("classes-\\w+-\\w+-\\w+\\.new")), has(names, ".jsa"), has(names, ".stamp"));
        }

        private static boolean has(List<String> names, String suffix) {
            return names.stream().anyMatch(name -> name.endsWith(suffix));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Of a jar that is there, so that its stamp is not removed as outdated. */
    private static ArchiveStamp stampIn(Path folder) throws IOException {
        Path jar = folder.resolveSibling("some.jar");
        String shape = Files.size(jar) + " bytes of " + Files.getLastModifiedTime(jar) + " in " + jar;
        return new ArchiveStamp(folder, new ArchiveKey(shape + "|home|version", jar.toString(), List.of(), 17));
    }

    private static int record(List<String> options) {
        String option = options.get(0);
        try (OutputStream out = Files.newOutputStream(Path.of(option.substring(option.indexOf('=') + 1)))) {
            out.write(CONTENT, 0, CONTENT.length / 2);
            out.flush();
            out.write(CONTENT, CONTENT.length / 2, CONTENT.length / 2);
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void makeForEver(String folder) throws IOException {
        ArchiveStamp stamp = stampIn(Path.of(folder));
        while (true) {
            ArchiveMaker.make(stamp, Set.of(), ArchiveMakerKillTest::record);
            Files.delete(stamp.archive());
        }
    }

    @TempDir
    private Path parent;

    @ParameterizedTest
    @EnumSource
    void whatAKilledMakerLeftDoesNotCount(Step step) throws IOException, InterruptedException {
        Files.createFile(parent.resolve("some.jar"));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean hit = false;
        for (int attempt = 0; !hit; attempt++) {
            assertTrue(System.nanoTime() - deadline < 0, "never killed at this step in " + attempt + " attempts");
            Path folder = Files.createDirectory(parent.resolve("cache" + attempt));
            killAMaker(folder, step, deadline);
            hit = step.isNow(Left.in(folder));
            check(folder, step == Step.BETWEEN_ARCHIVE_AND_STAMP && hit);
        }
    }

    /** Kills when the folder shows the step; by the time the signal is there the maker may have gone on. */
    private static void killAMaker(Path folder, Step step, long deadline) throws IOException, InterruptedException {
        try (Process maker = new Process(ArchiveMakerKillTest::makeForEver, folder.toString())) {
            maker.start();
            while (!step.isNow(Left.in(folder)) && maker.isAlive() && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            maker.kill();
            maker.join();
            assertEquals(-9, maker.exitCode().getAsInt());
        }
    }

    private static void check(Path folder, boolean unstamped) throws IOException {
        ArchiveStamp stamp = stampIn(folder);
        if (unstamped) {
            assertEquals(ArchiveStamp.State.ABSENT, stamp.state(), () -> "without a stamp");
        }
        if (stamp.state() == ArchiveStamp.State.READY) {
            assertArrayEquals(CONTENT, Files.readAllBytes(stamp.archive()), "counts, but is not whole");
        }
        assertTrue(ArchiveMaker.make(stamp, Set.of(), ArchiveMakerKillTest::record));
        assertEquals(ArchiveStamp.State.READY, stamp.state(), "the lock of the dead is free, and the next one makes it");
        assertArrayEquals(CONTENT, Files.readAllBytes(stamp.archive()));
    }
}
