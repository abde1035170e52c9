package org.jmultiprocessing.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.junit.jupiter.api.Test;

class SocketFileTest {
    @Test
    void whatIsInTheWayOfOneDoesNotKeepTheOthersAtExit() throws IOException {
        List<SocketFile> files = new ArrayList<>();
        List<Path> strays = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            SocketFile file = SocketFile.temporary();
            files.add(file);
            Files.createFile(file.path());
            file.made();
            if (i % 2 == 0) {
                strays.add(Files.createFile(file.path().resolveSibling("stray")));
            }
        }
        OsException failure = assertThrows(OsException.class, SocketFile::removeAll);
        for (int i = 0; i < files.size(); i++) {
            assertFalse(Files.exists(files.get(i).path()));
            assertEquals(i % 2 == 0, Files.exists(files.get(i).path().getParent()));
        }
        assertTrue(failure.getMessage().contains("listener"), failure.getMessage());
        SocketFile.removeAll();
        for (Path stray : strays) {
            Files.delete(stray);
            Files.delete(stray.getParent());
        }
    }
}
