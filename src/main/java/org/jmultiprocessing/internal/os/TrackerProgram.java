package org.jmultiprocessing.internal.os;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.CacheFolder;
import org.jmultiprocessing.internal.ffi.Posix;
import org.jmultiprocessing.internal.ffi.TrackerFile;

/** Executes the tracker: a small program of ours that outlives every process of its tree and then removes what they left. */
public final class TrackerProgram {
    private TrackerProgram() { }

    /**
     * Starts a tracker, which detaches itself. Blocks until it has done so, uninterruptibly, a few milliseconds.
     *
     * @param directory the tree's
     * @param treePipe reading end of the tree's pipe
     * @param listener the listening socket that it serves from now on
     * @throws OsException if there is no program for this platform, or it can be executed from no place; says why
     */
    public static void start(String directory, Fd treePipe, Fd listener) {
        byte[] image;
        try {
            image = TrackerFile.image();
        } catch (IOException e) {
            throw refused("its resource cannot be read: " + e.getMessage(), e);
        }
        if (image == null) {
            throw refused("jmultiprocessing brings no tracker for this platform", null);
        }
        OsException failure = refused("it can be executed from no cache folder (see the suppressed reasons): name a folder of your own on a file"
                + " system without noexec by -D" + CacheFolder.PROPERTY, null);
        for (Path folder : TrackerFile.folders()) {
            try {
                String program = TrackerFile.unpack(image, folder).toString();
                while (!run(program, directory, treePipe, listener)) {
                    Thread.onSpinWait();
                }
                return;
            } catch (IOException | OsException reason) {
                failure.addSuppressed(reason);
            }
        }
        throw failure;
    }

    private static OsException refused(String why, Throwable cause) {
        OsException refused = new OsException("start the tracker", "", "", why);
        refused.initCause(cause);
        return refused;
    }

    /** Returns false where it is to be tried again: a program being forked right now still holds the file, just unpacked, open for writing. */
    private static boolean run(String program, String directory, Fd treePipe, Fd listener) {
        int pipe = treePipe.acquire();
        int socket = -1;
        try (Fd nothing = Fd.lasting(OsErrors.check("open", "/dev/null", Binding.posix().openFile(CStrings.of("/dev/null"), Posix.OPEN_SHARED)),
                "/dev/null")) {
            socket = listener.acquire();
            int none = nothing.number();
            await(program, ChildPid.spawn(new SpawnRequest(program, List.of(program, directory), Map.of(), "/",
                    new int[] {none, none, none, pipe, socket}, SpawnRequest.NO_LIMITS)));
            return true;
        } catch (OsException e) {
            if (!e.errnoName().equals("ETXTBSY")) {
                throw e;
            }
            return false;
        } finally {
            treePipe.release();
            if (socket >= 0) {
                listener.release();
            }
        }
    }

    /** The process that was executed ends as soon as it has a child of its own. */
    private static void await(String program, ChildPid started) {
        boolean interrupted = false;
        while (true) {
            try {
                ExitStatus status = started.exit().get();
                if (status.code() != 0) {
                    throw new OsException("start", program, "", "it ended with exit code " + status.code());
                }
                return;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException("the exit status of " + program + " could not be read", e.getCause());
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
