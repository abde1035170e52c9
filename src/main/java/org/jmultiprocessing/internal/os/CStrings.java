package org.jmultiprocessing.internal.os;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** Java strings as the system takes them: NUL-terminated, in the charset of file names. */
final class CStrings {
    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private CStrings() { }

    static byte[] of(String text) {
        return block(List.of(text));
    }

    /** The strings one after another, each with its NUL. */
    static byte[] block(Collection<String> strings) {
        return block(strings, CHARSET);
    }

    /** As {@link #block(Collection)}, of strings that hold a byte in each character. */
    static byte[] blockOfBytes(Collection<String> strings) {
        return block(strings, StandardCharsets.ISO_8859_1);
    }

    private static byte[] block(Collection<String> strings, Charset charset) {
        StringBuilder joined = new StringBuilder();
        for (String string : strings) {
            if (string.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'" + string.replace("\0", "\\0") + "' contains a NUL character, which the system cannot pass on");
            }
            joined.append(string).append('\0');
        }
        return joined.toString().getBytes(charset);
    }
}
