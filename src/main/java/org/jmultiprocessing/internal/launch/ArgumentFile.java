package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.jmultiprocessing.internal.os.UserCache;

/** The argument file of {@code java @file}, for what is too long for a command line or not for all to see. */
final class ArgumentFile {
    private ArgumentFile() { }

    /**
     * @param words any text but NUL
     * @return what {@code java} reads as these words
     */
    static byte[] content(List<String> words) {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            text.append('"');
            for (int i = 0; i < word.length(); i++) {
                char c = word.charAt(i);
                switch (c) {
                    case '"', '\\' -> text.append('\\').append(c);
                    case '\n' -> text.append("\\n");
                    case '\r' -> text.append("\\r");
                    default -> text.append(c);
                }
            }
            text.append("\"\n");
        }
        return text.toString().getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    /** Whether opening {@code /dev/fd/N} begins at the start of the file, as on Linux, or goes on where the descriptor stands, as elsewhere. */
    static boolean isReadableAsDescriptor() {
        return Files.exists(Path.of("/proc/self/fd"));
    }

    /**
     * @param words the arguments
     * @return the file in the user's cache that holds them
     * @throws IOException if the cache cannot be written
     */
    static Path store(List<String> words) throws IOException {
        byte[] content = content(words);
        CRC32 hash = new CRC32();
        hash.update(content);
        return UserCache.store("arguments-" + Long.toHexString(hash.getValue()) + "-" + content.length, content);
    }
}
