package org.jmultiprocessing.internal.ffi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Our native library, unpacked from its resource ({@link BundledFile}) and loaded. */
final class NativeLibraryFile {
    private static final String NAME = "jmultiprocessing";

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
        try {
            image = BundledFile.read(resource);
        } catch (IOException unreadable) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError("the resource ".concat(resource).concat(" cannot be read"));
            error.initCause(unreadable);
            throw error;
        }
        if (image == null) {
            throw new UnsatisfiedLinkError("jmultiprocessing brings no library for this platform: there is no resource ".concat(resource));
        }
        return load(image, BundledFile.folders());
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
        return BundledFile.unpack(image, System.mapLibraryName(NAME), folder);
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
