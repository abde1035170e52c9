package org.jmultiprocessing.internal.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.SharedFile;

/**
 * Which shared memory objects that users can name belong to this process's tree and are removed with it. Each is a symbolic link in the tree's
 * directory whose text proves that the object is the tree's: a random name proves itself; a name that the user chose might meanwhile belong to
 * somebody else, so there the object's inode counts, and until that is known the time. Safe for any number of threads.
 */
public final class Names {
    static final String PREFIX = "name-";
    private static final int MOST_CHARACTERS = 255 - PREFIX.length();
    static final String RANDOM = "random";
    static final String ABOUT_TO = "0:";
    /** How many seconds after the note of {@link #registerChosen} an object may be made that is taken for the announced one. */
    static final long ANNOUNCED_FOR = 2;
    /** The kernel's clock for files goes in steps, of some milliseconds where nothing delays it, and so is behind ours. */
    private static final long BEHIND_MILLIS = 100;

    private Names() { }

    /**
     * Registers an object that is about to be created under a name that nobody else can have.
     *
     * @param name the object's, without a slash, random
     * @return false if the tree has registered that name before; else to be followed by {@link #unregister} if the object cannot be created
     * @throws OsException if it cannot be noted
     */
    public static boolean registerRandom(String name) {
        return note(name, RANDOM);
    }

    /**
     * Registers an object that is about to be created under a name that the user chose. Is followed by {@link #confirm} or {@link #withdraw}.
     *
     * @param name the object's, without a slash
     * @throws OsException if it cannot be noted
     */
    public static void registerChosen(String name) {
        note(name, ABOUT_TO + (System.currentTimeMillis() - BEHIND_MILLIS) / 1000);
    }

    /**
     * Says that the object was not created, mostly because there is one of that name. If that is the tree's it stays registered.
     *
     * @param name as given to {@link #registerChosen}
     * @throws OsException if the directory refuses
     */
    public static void withdraw(String name) {
        Tree tree = Tree.current();
        try {
            if (Files.readSymbolicLink(link(tree, name)).toString().startsWith(ABOUT_TO)) {
                unregister(name);
            }
        } catch (NoSuchFileException withdrawnAlready) {
            // By another process that wanted the same name.
            return;
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /**
     * Says that a chosen name is now that of an object of this process.
     *
     * @param name the object's, without a slash
     * @param object it
     * @throws OsException if it cannot be noted
     */
    public static void confirm(String name, Fd object) {
        Tree tree = Tree.current();
        Path fresh = Path.of(tree.path("fresh-" + tree.randomName()));
        try {
            Files.createSymbolicLink(fresh, Path.of(Long.toString(SharedFile.id(object))));
            Files.move(fresh, link(tree, name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /**
     * Forgets an object that has been unlinked, whichever process of the tree registered it. Does nothing for a name that is not registered, such as
     * one of another tree.
     *
     * @param name the object's, without a slash
     * @throws OsException if the directory refuses
     */
    public static void unregister(String name) {
        if (Lineage.hasBegun() && name.length() <= MOST_CHARACTERS) {
            Tree.current().remove(PREFIX + name);
        }
    }

    /** Where the name is registered, the earlier object was unlinked by somebody else, or creating this one will fail: both need no new note. */
    private static boolean note(String name, String text) {
        Tree tree = Tree.current();
        tree.members();
        if (name.length() > MOST_CHARACTERS) {
            throw new OsException("create shared memory", name, "ENAMETOOLONG", "a name has at most " + MOST_CHARACTERS + " characters");
        }
        return SharedFile.link(text, tree.path(PREFIX.concat(name)));
    }

    private static Path link(Tree tree, String name) {
        return Path.of(tree.path(PREFIX + name));
    }

    private static OsException failed(String name, IOException e) {
        OsException failed = new OsException("register shared memory", name, "", "so that it is removed in the end: " + e);
        failed.initCause(e);
        return failed;
    }
}
