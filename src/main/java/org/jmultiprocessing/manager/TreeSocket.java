package org.jmultiprocessing.manager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.registry.Tree;

/** Where a server listens for its own tree: in the tree's directory, which only this user can enter and which is removed with the tree. */
final class TreeSocket {
    private TreeSocket() { }

    /** A path that nobody else has. The directory need not be there yet. */
    static String path() {
        Tree tree = Tree.current();
        return tree.path("manager-" + tree.randomName());
    }

    /** Makes sure that the directory is there. */
    static void makeRoom() {
        Tree.current().members();
    }

    /** Removes what a server that was killed has left. */
    static void remove(String path) {
        try {
            Files.deleteIfExists(Path.of(path));
        } catch (IOException e) {
            OsException failed = new OsException("remove", path, "", e.toString());
            failed.initCause(e);
            throw failed;
        }
    }
}
