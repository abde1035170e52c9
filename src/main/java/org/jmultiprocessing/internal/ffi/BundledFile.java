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
import java.util.zip.CRC32;

/**
 * A binary of ours as a file: the system loads and executes nothing from a jar. It is a resource where JNA looks for libraries
 * ({@code /linux-x86-64/...}) and is unpacked once for each user and content; every later start compares bytes. Written without lambdas and string
 * concatenation: a cold JVM would pay more for those than for the rest.
 */
final class BundledFile {
    private static final long DAY_MILLIS = 86_400_000;

    private BundledFile() {
    }

    /**
     * @param resource path of a resource of this jar
     * @return its bytes; null if there is none
     */
    static byte[] read(String resource) throws IOException {
        try (InputStream stream = BundledFile.class.getResourceAsStream(resource)) {
            return stream == null ? null : stream.readAllBytes();
        }
    }

    /** @return where it may be unpacked, the best place first; not all of them allow that it is executed */
    static List<Path> folders() {
        List<Path> folders = CacheFolder.candidates();
        if (!NativeLibraryFile.isMac()) {
            // It is memory, so it comes last; but where home and /tmp are read-only or noexec it is often all there is. The folder stays for the next
            // start, as any other cache does, with one file of each kind in it.
            folders.add(Path.of("/dev/shm", CacheFolder.perUser()));
        }
        return folders;
    }

    /**
     * @param image what it is to hold
     * @param plain its name, to which the content's hash is added before the last dot, or at the end where there is none
     * @param folder made if need be
     * @return a file in the folder, mode 0700, that has just these bytes
     * @throws IOException if the folder is not this user's alone, or cannot be written where that is necessary
     */
    static Path unpack(byte[] image, String plain, Path folder) throws IOException {
        CacheFolder.prepare(folder);
        Path file = folder.resolve(fileName(image, plain));
        if (!holds(file, image)) {
            replace(file, image);
            removeOld(file, start(plain));
        }
        return file;
    }

    private static String start(String plain) {
        int dot = plain.lastIndexOf('.');
        return (dot < 0 ? plain : plain.substring(0, dot)).concat("-");
    }

    /** The name tells contents apart, it does not vouch for them: that is what comparing does. */
    private static String fileName(byte[] image, String plain) {
        CRC32 hash = new CRC32();
        hash.update(image);
        int dot = plain.lastIndexOf('.');
        return start(plain).concat(Long.toHexString(hash.getValue())).concat("-").concat(Integer.toHexString(image.length))
                .concat(dot < 0 ? "" : plain.substring(dot));
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
     * Removes other versions, and what interrupted unpacking left. Whoever uses one keeps it; who is to use one which is gone unpacks its own
     * ({@link Binding}). Younger files may belong to programs that are just starting. What cannot be removed does no harm.
     */
    private static void removeOld(Path file, String start) {
        File current = file.toFile();
        File[] all = current.getParentFile().listFiles();
        long yesterday = System.currentTimeMillis() - DAY_MILLIS;
        for (File other : all == null ? new File[0] : all) {
            if (other.getName().startsWith(start) && !other.equals(current) && other.lastModified() < yesterday) {
                other.delete();
            }
        }
    }
}
