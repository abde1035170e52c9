package org.jmultiprocessing.internal.ffi;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Our native library as a file: the system loads nothing from a jar. It is a resource where JNA looks for libraries ({@code /linux-x86-64/...})
 * and is unpacked once for each user and content; every later start compares bytes. Written without lambdas and string concatenation: a cold JVM
 * would pay more for those than for the rest.
 */
final class NativeLibraryFile {
    private static final String NAME = "jmultiprocessing";
    private static final long DAY_MILLIS = 86_400_000;

    private NativeLibraryFile() {
    }

    /**
     * Loads the library of this platform from the first place that serves.
     *
     * @throws UnsatisfiedLinkError if there is none for this platform, or no place serves; what was wrong with each is suppressed in it
     */
    static NativePosix load() {
        String resource = "/".concat(platform()).concat("/").concat(System.mapLibraryName(NAME));
        byte[] image;
        try (InputStream stream = NativeLibraryFile.class.getResourceAsStream(resource)) {
            image = stream == null ? null : stream.readAllBytes();
        } catch (IOException unreadable) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError("the resource ".concat(resource).concat(" cannot be read"));
            error.initCause(unreadable);
            throw error;
        }
        if (image == null) {
            throw new UnsatisfiedLinkError("jmultiprocessing brings no library for this platform: there is no resource ".concat(resource));
        }
        List<Path> folders = CacheFolder.candidates();
        if (!isMac()) {
            // It is memory, so it comes last; but where home and /tmp are read-only or noexec it is often all there is. The folder stays for the next
            // start, as any other cache does, with one library in it.
            folders.add(Path.of("/dev/shm", CacheFolder.perUser()));
        }
        return load(image, folders);
    }

    /** Loads a library from the first folder that holds it or takes it, and from which the system loads code. */
    static NativePosix load(byte[] image, List<Path> folders) {
        UnsatisfiedLinkError failure = new UnsatisfiedLinkError("the jmultiprocessing library was loaded from no cache folder: see the suppressed"
                + " reasons; name a folder of your own on a file system without noexec by -D" + CacheFolder.PROPERTY);
        for (Path folder : folders) {
            try {
                return NativePosix.load(unpack(image, folder).toString());
            } catch (IOException | UnsatisfiedLinkError reason) {
                failure.addSuppressed(reason);
            }
        }
        throw failure;
    }

    /**
     * @return a file in a folder, made if need be, that has just these bytes
     * @throws IOException if the folder is not this user's alone, or cannot be written where that is necessary
     */
    static Path unpack(byte[] image, Path folder) throws IOException {
        CacheFolder.prepare(folder);
        Path file = folder.resolve(fileName(image));
        if (!holds(file, image)) {
            replace(file, image);
            removeOld(file);
        }
        return file;
    }

    /** The name tells contents apart, it does not vouch for them: that is what comparing does. */
    private static String fileName(byte[] image) {
        CRC32 hash = new CRC32();
        hash.update(image);
        String plain = System.mapLibraryName(NAME);
        int dot = plain.lastIndexOf('.');
        return plain.substring(0, dot).concat("-").concat(Long.toHexString(hash.getValue())).concat("-").concat(Integer.toHexString(image.length))
                .concat(plain.substring(dot));
    }

    private static boolean holds(Path file, byte[] image) throws IOException {
        // Not Files.readAllBytes: this class is there already, those behind a channel cost milliseconds.
        try (InputStream stream = new FileInputStream(file.toFile())) {
            return Arrays.equals(stream.readNBytes(image.length + 1), image);
        } catch (FileNotFoundException absent) {
            return false;
        }
    }

    /** By renaming, since others may be doing the same, or have the file mapped. */
    private static void replace(Path file, byte[] image) throws IOException {
        Path fresh = CacheFolder.freshFile(file.getParent(), file.getFileName().toString());
        try {
            Files.write(fresh, image);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * Removes other versions, and what interrupted unpacking left. Whoever has one loaded keeps it; a child that is to load one which is gone unpacks
     * its own ({@link Binding}). Younger files may belong to programs that are just starting. What cannot be removed does no harm.
     */
    private static void removeOld(Path file) {
        String plain = System.mapLibraryName(NAME);
        String start = plain.substring(0, plain.lastIndexOf('.')).concat("-");
        File current = file.toFile();
        File[] all = current.getParentFile().listFiles();
        long yesterday = System.currentTimeMillis() - DAY_MILLIS;
        for (File other : all == null ? new File[0] : all) {
            if (other.getName().startsWith(start) && !other.equals(current) && other.lastModified() < yesterday) {
                other.delete();
            }
        }
    }

    static boolean isMac() {
        return System.getProperty("os.name").startsWith("Mac");
    }

    /** JNA's name of this platform, found without JNA. */
    static String platform() {
        String architecture = System.getProperty("os.arch");
        switch (architecture) {
            case "amd64":
            case "x86_64":
                architecture = "x86-64";
                break;
            case "arm64":
                architecture = "aarch64";
                break;
            default:
                break;
        }
        return (isMac() ? "darwin-" : System.getProperty("os.name").toLowerCase(Locale.ROOT).concat("-")).concat(architecture);
    }
}
