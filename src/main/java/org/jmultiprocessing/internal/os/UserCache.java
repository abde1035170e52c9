package org.jmultiprocessing.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.jmultiprocessing.internal.ffi.CacheFolder;

/** Files of this user's cache folder, which nobody else can write. */
public final class UserCache {
    /** System property that names the folder. */
    public static final String PROPERTY = CacheFolder.PROPERTY;

    private UserCache() { }

    /** @return the folder; empty if none serves */
    public static Optional<Path> find() {
        return CacheFolder.find();
    }

    /**
     * Stores a file under a name that tells its content, unless it is there. Others may do the same at the same time.
     *
     * @param name the file's name, made from a hash of the content
     * @param content what it is to hold
     * @return the file
     * @throws IOException if there is no folder, or it cannot be written
     */
    public static Path store(String name, byte[] content) throws IOException {
        Path folder = find().orElseThrow(() -> new NoSuchFileException("a cache folder that can be written"));
        Path file = folder.resolve(name);
        if (Files.exists(file) && Files.size(file) == content.length && Arrays.equals(Files.readAllBytes(file), content)) {
            return file;
        }
        Path fresh = Files.createTempFile(folder, name, ".new", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return file;
    }
}
