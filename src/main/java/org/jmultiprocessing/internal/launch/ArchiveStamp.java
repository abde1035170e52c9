package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The small file beside a class archive that says what it is: written after it, so an archive without one does not count. The JVM notices most that
 * can be wrong with an archive, but one whose middle was overwritten makes it crash; so size and time must be those of the finished file.
 *
 * @param folder where both lie
 * @param key what the archive is good for
 */
record ArchiveStamp(Path folder, ArchiveKey key) {
    /** After so long somebody may try again what failed. */
    private static final Duration RETRY = Duration.ofHours(24);

    /** What is known about an archive. */
    enum State {
        /** It can be mapped. */
        READY,
        /** Nobody has made it, or what is there is not what was made. */
        ABSENT,
        /** Making it failed, not long ago. */
        FAILED
    }

    Path archive() {
        return folder.resolve(key.name() + key.suffix());
    }

    private Path file() {
        return folder.resolve(key.name() + ".stamp");
    }

    /** @throws IOException if the folder cannot be read */
    State state() throws IOException {
        try {
            List<String> lines = Files.readAllLines(file());
            if (lines.size() < 2 || !lines.get(0).equals(key.description())) {
                return State.ABSENT;
            }
            if (lines.get(1).startsWith("failed")) {
                return Files.getLastModifiedTime(file()).toInstant().isAfter(Instant.now().minus(RETRY)) ? State.FAILED : State.ABSENT;
            }
            return lines.get(1).equals(shape()) ? State.READY : State.ABSENT;
        } catch (NoSuchFileException absent) {
            return State.ABSENT;
        }
    }

    private String shape() throws IOException {
        return Files.size(archive()) + " bytes of " + Files.getLastModifiedTime(archive());
    }

    /**
     * Puts a new archive in place of whatever is there. One process at a time.
     *
     * @param fresh a file in the same folder, which is moved
     * @param roots names of the program's classes that it was made with
     */
    void install(Path fresh, Collection<String> roots) throws IOException {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.READ)) {
            // After a crash of the machine the name must not be there without the bytes.
            channel.force(true);
        }
        Files.deleteIfExists(file());
        Files.move(fresh, archive(), StandardCopyOption.ATOMIC_MOVE);
        write(shape(), String.join(",", roots));
    }

    /** @return names of the program's classes that the archive was made with; empty if there is none */
    Set<String> roots() {
        try {
            List<String> lines = Files.readAllLines(file());
            return lines.size() < 3 || lines.get(2).isEmpty() ? Set.of() : Set.of(lines.get(2).split(","));
        } catch (IOException none) {
            return Set.of();
        }
    }

    /** @param reason why there is no archive, in one line */
    void fail(String reason) throws IOException {
        write("failed: " + reason.replace('\n', ' '), "");
    }

    private void write(String second, String third) throws IOException {
        Path fresh = Files.createTempFile(folder, key.name(), ".new");
        try {
            Files.write(fresh, List.of(key.description(), second, third));
            Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** @return the second line of the stamp, for people; empty if there is none */
    String remark() {
        try {
            List<String> lines = Files.readAllLines(file());
            return lines.size() < 2 ? "" : lines.get(1);
        } catch (IOException none) {
            return "";
        }
    }
}
