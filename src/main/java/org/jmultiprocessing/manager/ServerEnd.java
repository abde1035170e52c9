package org.jmultiprocessing.manager;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.process.Process;

/**
 * How a server has ended. Only the process that started it can ask the system; it leaves the answer beside the server's socket, for the other
 * processes of the tree, unless it ended the server itself.
 */
final class ServerEnd {
    private static final Duration TO_BE_REAPED = Duration.ofSeconds(5);
    /** A process whose child has ended knows that within a millisecond, if it runs at all. */
    private static final Duration TO_BE_TOLD = Duration.ofSeconds(1);
    private static final long LOOK_NANOS = 1_000_000;
    private static final String SUFFIX = ".exit";

    private ServerEnd() { }

    /**
     * What a call throws whose connection has ended. Blocks for some moments.
     *
     * @param pid of the server
     * @param process the server, if this process has started it, else null
     * @throws IllegalStateException if that is closed
     */
    static ManagerException asException(Route route, long pid, Process process, RuntimeException cause) {
        if (process != null) {
            String what = "the manager's server " + process.name() + " (process " + pid + ")";
            ExitStatus status = ofChild(process);
            return new ManagerException(status == null ? what + " has closed the connection: " + cause.getMessage()
                    : what + " has ended with exit code " + status, status, cause);
        }
        String what = "the manager's server at " + route + " (process " + pid + ")";
        ExitStatus status = route.ownTree() && route.address() instanceof UnixDomainSocketAddress unix ? awaitLeft(unix.getPath()) : null;
        return new ManagerException(status == null ? what + " has ended, or the connection to it is lost: " + cause.getMessage()
                : what + " has ended with exit code " + status, status, cause);
    }

    private static ExitStatus ofChild(Process server) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    server.join(TO_BE_REAPED);
                    return server.exitStatus().orElse(null);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- for other processes ----

    private static Path beside(Path socket) {
        return socket.resolveSibling(socket.getFileName() + SUFFIX);
    }

    /** Leaves it for others. The directory may be gone, with all who could ask. */
    static void leave(String socket, ExitStatus status) {
        Path file = beside(Path.of(socket));
        Path fresh = file.resolveSibling(file.getFileName() + "-new");
        try {
            Files.writeString(fresh, status.code() + " " + status.signalName() + " " + status.coreDumped());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException directoryIsGone) {
            return;
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    /** Removes what was left. */
    static void remove(String socket) {
        Path file = beside(Path.of(socket));
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed("remove", file, e);
        }
    }

    private static OsException failed(String what, Path file, IOException cause) {
        OsException failed = new OsException(what, file.toString(), "", cause.toString());
        failed.initCause(cause);
        return failed;
    }

    /** Null if nobody leaves it in time. */
    private static ExitStatus awaitLeft(Path socket) {
        Path file = beside(socket);
        Deadline deadline = Deadline.after(TO_BE_TOLD);
        while (!Files.exists(file) && !deadline.isOver()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        try {
            String[] left = Files.readString(file).split(" ", -1);
            return new ExitStatus(Integer.parseInt(left[0]), left[1], Boolean.parseBoolean(left[2]));
        } catch (IOException nobodyKnows) {
            return null;
        }
    }
}
