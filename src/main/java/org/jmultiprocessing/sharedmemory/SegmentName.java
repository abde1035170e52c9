package org.jmultiprocessing.sharedmemory;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import org.jmultiprocessing.internal.os.RandomBytes;

/** The names of shared memory, without the leading slash that the system wants. */
final class SegmentName {
    /** With the slash: what macOS takes, less one for the NUL that some versions count. */
    private static final int LONGEST = 30;
    private static final String PREFIX = "psm_";
    private static final int RANDOM_BYTES = 4;

    private SegmentName() { }

    /** A name like those that CPython makes. */
    static String random() {
        return PREFIX.concat(HexFormat.of().formatHex(RandomBytes.next(RANDOM_BYTES)));
    }

    /** The name to create under. */
    static String toCreate(String given) {
        String name = existing(given);
        int length = name.getBytes(StandardCharsets.UTF_8).length + 1;
        if (length > LONGEST) {
            throw new IllegalArgumentException("'" + name + "' is too long for the name of a shared memory: " + length
                    + " bytes with the leading slash, " + LONGEST + " are what every platform takes");
        }
        return name;
    }

    /** The name of what exists, which somebody else may have created with a name that we would not. */
    static String existing(String given) {
        String name = Objects.requireNonNull(given, "'name' can only be None if create=True: give the name of the shared memory");
        if (name.startsWith("/")) {
            name = name.substring(1);
        }
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0 || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("'" + given.replace("\0", "\\0")
                    + "' is no name of a shared memory: it has to be one word without slashes");
        }
        return name;
    }
}
