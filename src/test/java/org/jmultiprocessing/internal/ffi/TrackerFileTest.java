package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tracker's program, as it is unpacked. */
class TrackerFileTest {
    @TempDir
    private Path parent;

    @Test
    void isUnpackedForThisUserAloneAndOnce() throws IOException {
        byte[] image = TrackerFile.image();
        assertNotNull(image, "the build made no tracker for this platform");
        Path cache = parent.resolve("cache");
        Path file = TrackerFile.unpack(image, cache);
        assertArrayEquals(image, Files.readAllBytes(file));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(file.getFileName().toString().startsWith("jmp-tracker-"), file.toString());
        FileTime written = Files.getLastModifiedTime(file);
        assertEquals(file, TrackerFile.unpack(image, cache));
        assertEquals(written, Files.getLastModifiedTime(file));
        Files.write(file, new byte[] {1});
        assertArrayEquals(image, Files.readAllBytes(TrackerFile.unpack(image, cache)));
    }
}
