package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jmultiprocessing.internal.os.ProcessIds;
import org.jmultiprocessing.internal.os.UserCache;

/**
 * The main class of the process that makes a class archive: it starts an ordinary child that is told to record one, and puts the result in its place.
 * One such process works at a time, by a lock on a file that the system releases whatever happens to its holder.
 */
public final class ArchiveMaker {
    /** A public class that is a {@code ToIntFunction<List<String>>}: runs a child with these JVM options and gives its exit code. */
    static final String TRAINING = "org.jmultiprocessing.cli.ArchiveTraining";

    /** System property of the maker: names of classes that the archive is to hold, with commas; the training child loads them. */
    static final String ROOTS_PROPERTY = "jmultiprocessing.archive.roots";

    private static final Duration STALE = Duration.ofHours(1);

    private ArchiveMaker() { }

    /**
     * Makes the archive that fits this process's options about modules. Exit code 0 if it is there at the end or somebody else is at it.
     *
     * @param arguments none
     * @throws ReflectiveOperationException if this jar lacks the training program
     * @throws IOException if the cache folder cannot be written
     */
    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        @SuppressWarnings("unchecked")
        ToIntFunction<List<String>> training = (ToIntFunction<List<String>>) Class.forName(TRAINING).getDeclaredConstructor().newInstance();
        ArchiveKey key = ArchiveKey.of(ChildJava.of(null), InheritedOptions.get().options(), ChildClassPath.withLibraryFirst(List.of()));
        Path folder = UserCache.find().orElse(null);
        System.exit(key != null && folder != null && make(new ArchiveStamp(folder, key), requestedRoots(), training) ? 0 : 1);
    }

    private static Set<String> requestedRoots() {
        String roots = System.getProperty(ROOTS_PROPERTY, "");
        return roots.isEmpty() ? Set.of() : new TreeSet<>(List.of(roots.split(",")));
    }

    /**
     * @param stamp which archive
     * @param roots names of the program's classes that it is to hold
     * @param training runs a child with these JVM options and gives its exit code
     * @return whether the archive is there, or being made by another process
     */
    static boolean make(ArchiveStamp stamp, Set<String> roots, ToIntFunction<List<String>> training) throws IOException {
        Path lockFile = stamp.folder().resolve(stamp.key().name() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel)) {
            if (lock == null || stamp.state() == ArchiveStamp.State.READY && stamp.roots().containsAll(roots)) {
                return true;
            }
            removeStale(stamp);
            Path fresh = stamp.folder().resolve(stamp.key().name() + "-" + ProcessIds.self() + ".new");
            try {
                int code = training.applyAsInt(stamp.key().recording(fresh));
                if (code != 0 || !Files.exists(fresh)) {
                    stamp.fail(code != 0 ? "the recording child ended with exit code " + code : "the recording child wrote no archive");
                    return false;
                }
                stamp.install(fresh, roots);
                return true;
            } catch (RuntimeException e) {
                stamp.fail(e.toString());
                throw e;
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    /** What a killed maker left, and archives of jars that are gone or have changed. */
    private static void removeStale(ArchiveStamp stamp) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(stamp.folder(), "classes-*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean left = name.contains(".new") && Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(STALE));
                if (left) {
                    Files.deleteIfExists(file);
                } else if (name.endsWith(".stamp") && isOutdated(file)) {
                    String start = name.substring(0, name.lastIndexOf('.'));
                    Files.deleteIfExists(file);
                    for (String suffix : ArchiveKey.SUFFIXES) {
                        Files.deleteIfExists(stamp.folder().resolve(start + suffix));
                    }
                    Files.deleteIfExists(stamp.folder().resolve(start + ".lock"));
                }
            }
        }
    }

    private static boolean isOutdated(Path stamp) throws IOException {
        List<String> lines = Files.readAllLines(stamp);
        return lines.isEmpty() || !ArchiveKey.isOfPresentJar(lines.get(0));
    }
}
