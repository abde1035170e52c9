package org.jmultiprocessing.pipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jmultiprocessing.errors.OsException;

/** The file of a listening Unix socket: removed with its listener, or else when this process exits. Thread-safe. */
final class SocketFile {
    /** Removes what is left at exit, as Python's finalizers do. Initialized by the first listener. No lambda: a manager's server is cold then. */
    private static final class AtExit implements Runnable {
        private static final Set<SocketFile> FILES = ConcurrentHashMap.newKeySet();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(new AtExit(), "jmp-socket-files"));
        }

        @Override
        public void run() {
            removeAll();
        }

        /** What is in the way of one does not keep the others; the thread's handler prints it. */
        private static void removeAll() {
            RuntimeException failure = null;
            for (SocketFile file : FILES) {
                try {
                    file.remove();
                } catch (RuntimeException e) {
                    if (failure != null) {
                        e.addSuppressed(failure);
                    }
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    private final Path path;
    private final Path folder;
    private volatile Object identity;

    private SocketFile(Path path, Path folder) {
        this.path = path;
        this.folder = folder;
    }

    /** A path that somebody else chose. */
    static SocketFile at(Path path) {
        return new SocketFile(path, null);
    }

    /** A path in a new folder that only this user can open. */
    static SocketFile temporary() {
        try {
            Path folder = Files.createTempDirectory("jmp-");
            return new SocketFile(folder.resolve("listener"), folder);
        } catch (IOException e) {
            OsException exception = new OsException("create a folder in", System.getProperty("java.io.tmpdir"), "", e.toString());
            exception.initCause(e);
            throw exception;
        }
    }

    /** As at exit. */
    static void removeAll() {
        AtExit.removeAll();
    }

    Path path() {
        return path;
    }

    /** Notes that the socket is there, and which file it is. */
    void made() {
        identity = currentIdentity();
        AtExit.FILES.add(this);
    }

    private Object currentIdentity() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** Removes the socket, unless another listener has taken its place meanwhile, and the folder. Does nothing the second time. */
    void remove() {
        Object made = identity;
        identity = null;
        try {
            if (made != null) {
                AtExit.FILES.remove(this);
                if (made.equals(currentIdentity())) {
                    Files.deleteIfExists(path);
                }
            }
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        } catch (NoSuchFileException e) {
            // Somebody was faster.
            return;
        } catch (IOException e) {
            OsException exception = new OsException("remove", path.toString(), "", e.toString());
            exception.initCause(e);
            throw exception;
        }
    }
}
