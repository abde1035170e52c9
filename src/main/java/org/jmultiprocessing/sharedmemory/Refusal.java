package org.jmultiprocessing.sharedmemory;

import java.io.File;
import java.util.Optional;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.MemoryCgroup;

/** What the system says when it refuses, with what to do about it. */
final class Refusal {
    private static final File FOLDER = new File("/dev/shm");
    private static final String OR_NONE = ", or create with Reserve.NONE and touch less of it";

    private Refusal() { }

    static OsException ofCreate(OsException refusal, String name) {
        return explained(refusal, "EEXIST", object(name), "File exists: take another name, attach to it, or unlink it first");
    }

    /** Of what needs the name to be there. */
    static OsException ofMissing(OsException refusal, String name) {
        return explained(refusal, "ENOENT", object(name), "No such file or directory: it is not created yet, or unlinked already;"
                + " a Python before 3.13 that attached unlinks it when it exits, unless it has called resource_tracker.unregister");
    }

    static OsException ofResize(OsException refusal, String object) {
        long total = FOLDER.getTotalSpace();
        String room = total == 0 ? "" : ": " + FOLDER + " has " + FOLDER.getUsableSpace() + " of " + total + " bytes left; make it larger"
                + " (docker run --shm-size=..., mount -o remount,size=...), unlink what is not needed" + OR_NONE;
        return explained(refusal, "ENOSPC", object, "No space left on device" + room);
    }

    /** The kernel would kill instead of refusing, so this refuses in its stead. */
    static void ifCgroupIsTooSmall(long size) {
        Optional<MemoryCgroup.Shortage> shortage = MemoryCgroup.shortage(size);
        if (shortage.isPresent()) {
            MemoryCgroup.Shortage full = shortage.get();
            throw new OsException("reserve", size + " bytes of shared memory", "ENOMEM", "the memory cgroup " + full.folder() + " has " + full.free()
                    + " of its " + full.limit() + " bytes left, and the kernel would kill a process of it; raise its " + full.limitFile()
                    + " (docker run --memory=...), free some memory" + OR_NONE);
        }
    }

    private static String object(String name) {
        return "shared memory '" + name + "'";
    }

    /** The same refusal in other words, if it is the expected one. */
    private static OsException explained(OsException refusal, String errnoName, String object, String detail) {
        return refusal.errnoName().equals(errnoName) ? new OsException(refusal.operation(), object, errnoName, detail) : refusal;
    }
}
