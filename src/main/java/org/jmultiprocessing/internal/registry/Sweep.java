package org.jmultiprocessing.internal.registry;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.SharedFile;
import org.jmultiprocessing.internal.os.Sockets;

/** What the tracker does in the end, for processes that have none: removes trees whose processes are all gone, with what they registered. */
final class Sweep {
    private static final Path OBJECTS = Path.of("/dev/shm");

    private Sweep() { }

    /** Removes the trees beside a living one that are dead. What cannot be removed stays for the next who tries. */
    static void others(Path living) {
        try (DirectoryStream<Path> trees = Files.newDirectoryStream(living.getParent(), Tree.PREFIX + "*")) {
            for (Path tree : trees) {
                if (!tree.equals(living) && isOurs(Files.readAttributes(tree, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
                    removeIfDead(tree);
                }
            }
        } catch (IOException | OsException notNow) {
            // Another sweeps as well, or it is in use in a way that only looks dead: the next tree tries again.
            return;
        }
    }

    private static boolean isOurs(Map<String, Object> attributes) {
        return attributes.get("uid").equals(Sockets.uid());
    }

    /** A directory without a lock is just being made, or was left by a process that died then: a tracker removes it. */
    private static void removeIfDead(Path tree) throws IOException {
        try (Fd lock = SharedFile.openIfThere(tree.resolve(Tree.LOCK).toString())) {
            if (lock != null && SharedFile.lock(lock, true, false)) {
                remove(tree);
            }
        }
    }

    /** Removes a tree. The caller holds its lock against everybody. */
    static void remove(Path tree) {
        try {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(tree, Names.PREFIX + "*")) {
                for (Path name : names) {
                    unlinkObject(name);
                }
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(tree)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(tree);
        } catch (IOException e) {
            throw new OsException("remove", tree.toString(), "", "what the processes of a tree shared: " + e);
        }
    }

    private static void unlinkObject(Path link) throws IOException {
        String name = link.getFileName().toString().substring(Names.PREFIX.length());
        String text = Files.readSymbolicLink(link).toString();
        if (text.equals(Names.RANDOM) || isTheTrees(OBJECTS.resolve(name), text)) {
            SharedFile.unlinkObject(name);
        }
    }

    private static boolean isTheTrees(Path object, String text) throws IOException {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(object, "unix:uid,ino,ctime", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return false;
        }
        if (!isOurs(attributes)) {
            return false;
        }
        if (!text.startsWith(Names.ABOUT_TO)) {
            return text.equals(attributes.get("ino").toString());
        }
        long later = ((FileTime) attributes.get("ctime")).to(TimeUnit.SECONDS) - Long.parseLong(text.substring(Names.ABOUT_TO.length()));
        return later >= 0 && later <= Names.ANNOUNCED_FOR;
    }
}
