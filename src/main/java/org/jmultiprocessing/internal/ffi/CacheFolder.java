package org.jmultiprocessing.internal.ffi;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folder in which this library keeps what it can make again: its unpacked native library and class-data archives. What lies there is loaded as
 * code, so the folder must be this user's alone: 0700 when made here, and refused when it belongs to somebody else or others can write to it.
 */
public final class CacheFolder {
    /** System property: the folder to use before all others. */
    public static final String PROPERTY = "jmultiprocessing.cache";

    private static final String NAME = "jmultiprocessing";
    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");

    private CacheFolder() {
    }

    /**
     * Finds a folder that is this user's alone and can be written, making it if need be. Looks anew at each call.
     *
     * @return the first of {@value #PROPERTY} or else the user's cache folder, and a folder in {@code java.io.tmpdir}, that serves; else empty
     */
    public static Optional<Path> find() {
        for (Path folder : candidates()) {
            try {
                prepare(folder);
                if (Files.isWritable(folder)) {
                    return Optional.of(folder);
                }
            } catch (IOException refused) {
                // The next one may serve; going without a cache is an outcome that the caller deals with.
            }
        }
        return Optional.empty();
    }

    /** Where a cache may be, the best place first. Nothing is made or checked. */
    static List<Path> candidates() {
        List<Path> folders = new ArrayList<>();
        String chosen = System.getProperty(PROPERTY);
        String xdg = System.getenv("XDG_CACHE_HOME");
        String home = System.getProperty("user.home");
        if (chosen != null && !chosen.isEmpty()) {
            add(folders, chosen, null);
        } else if (xdg != null && xdg.startsWith("/")) {
            add(folders, xdg, NAME);
        } else if (home != null && home.startsWith("/")) {
            add(folders, home.concat(NativeLibraryFile.isMac() ? "/Library/Caches" : "/.cache"), NAME);
        }
        add(folders, System.getProperty("java.io.tmpdir"), perUser());
        return folders;
    }

    /** The name of a folder in a place that all users share. */
    static String perUser() {
        return NAME.concat("-").concat(System.getProperty("user.name", "unknown").replace('/', '_'));
    }

    private static void add(List<Path> folders, String parent, String name) {
        try {
            Path path = Path.of(parent).toAbsolutePath();
            folders.add(name == null ? path : path.resolve(name));
        } catch (InvalidPathException unusable) {
            // A name that cannot be a path (an undecodable home) is one candidate less.
        }
    }

    /**
     * Makes a folder if it is not there.
     *
     * @throws IOException if it cannot be made, or is not this user's alone
     */
    static void prepare(Path folder) throws IOException {
        try {
            makeFolder(folder);
        } catch (FileAlreadyExistsException there) {
            requireOurs(folder);
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        Files.createDirectories(folder.getParent());
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS_ALONE));
    }

    private static void requireOurs(Path folder) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isDirectory()) {
            throw refused(folder, "it is not a folder");
        }
        Set<PosixFilePermission> permissions = attributes.permissions();
        if (permissions.contains(PosixFilePermission.GROUP_WRITE) || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw refused(folder, "others can write to it (chmod 700 it)");
        }
        int owner = ownerOf(folder);
        // What root put there need not be writable for us: an image may bring its cache along.
        if (owner != 0 && owner != ownUid(folder)) {
            throw refused(folder, "it belongs to user ".concat(attributes.owner().getName()));
        }
    }

    private static FileSystemException refused(Path folder, String why) {
        return new AccessDeniedException(folder.toString(), null, "cannot serve as cache: ".concat(why));
    }

    private static int ownerOf(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return (Integer) attributes.get("uid");
    }

    /** Java has no geteuid, and our own is what is about to be loaded: ask whose a new file is. */
    private static int ownUid(Path folder) throws IOException {
        Path probe = freshFile(folder, ".probe");
        try {
            return ownerOf(probe);
        } finally {
            Files.delete(probe);
        }
    }

    /** Creates an empty file of a name that is not taken, mode 0700. */
    static Path freshFile(Path folder, String name) throws IOException {
        for (long number = System.nanoTime();; number++) {
            Path file = folder.resolve(name.concat(".").concat(Long.toHexString(number)));
            try {
                return Files.createFile(file, PosixFilePermissions.asFileAttribute(OURS_ALONE));
            } catch (FileAlreadyExistsException taken) {
                continue;
            }
        }
    }
}
