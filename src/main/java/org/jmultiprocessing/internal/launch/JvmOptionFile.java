package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.AnonymousFile;
import org.jmultiprocessing.internal.os.Fd;

/** The file with a child's JVM options, empty where its command line has them all. */
final class JvmOptionFile {
    private static final byte[] NOTHING = {};

    private JvmOptionFile() { }

    static Fd of(byte[] options) {
        return AnonymousFile.containing(options == null ? NOTHING : options, options == null ? 0 : options.length);
    }
}
