package org.jmultiprocessing.internal.ffi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The tracker's program, unpacked from its resource. */
public final class TrackerFile {
    private static final String NAME = "jmp-tracker";

    private TrackerFile() {
    }

    /** @return where it may be unpacked to, the best place first */
    public static List<Path> folders() {
        return BundledFile.folders();
    }

    /**
     * @return the program's bytes; null if there is none for this platform
     * @throws IOException if its resource cannot be read
     */
    public static byte[] image() throws IOException {
        return BundledFile.read("/".concat(NativeLibraryFile.platform()).concat("/").concat(NAME));
    }

    /**
     * @param image the program's bytes
     * @param folder made if need be
     * @return the program in that folder, mode 0700
     * @throws IOException if the folder is not this user's alone, or cannot be written where that is necessary
     */
    public static Path unpack(byte[] image, Path folder) throws IOException {
        return BundledFile.unpack(image, NAME, folder);
    }
}
