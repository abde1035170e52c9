package org.jmultiprocessing.internal.os;

import java.io.File;
import java.util.Optional;
import org.jmultiprocessing.errors.OsException;

/** Says what to do where there is no room for shared memory. */
public final class MemoryShortage {
    private static final File FOLDER = new File("/dev/shm");

    private MemoryShortage() { }

    /**
     * Refuses in the kernel's stead, which would kill a process of a full memory cgroup instead of refusing.
     *
     * @param bytes what is to be reserved
     * @param orElse what the caller's user can do besides, from a comma on; may be empty
     * @throws OsException ENOMEM, if the cgroup cannot hold it
     */
    public static void refuseForCgroup(long bytes, String orElse) {
        Optional<MemoryCgroup.Shortage> shortage = MemoryCgroup.shortage(bytes);
        if (shortage.isPresent()) {
            MemoryCgroup.Shortage full = shortage.get();
            throw new OsException("reserve", bytes + " bytes of shared memory", "ENOMEM", "the memory cgroup " + full.folder() + " has " + full.free()
                    + " of its " + full.limit() + " bytes left, and the kernel would kill a process of it; raise its " + full.limitFile()
                    + " (docker run --memory=...), free some memory" + orElse);
        }
    }

    /**
     * @param refusal what the system said
     * @param object what has no room
     * @param orElse as in {@link #refuseForCgroup}
     * @return the same with its remedy, if it is ENOSPC
     */
    public static OsException explained(OsException refusal, String object, String orElse) {
        if (!refusal.errnoName().equals("ENOSPC")) {
            return refusal;
        }
        long total = FOLDER.getTotalSpace();
        String room = total == 0 ? "" : ": " + FOLDER + " has " + FOLDER.getUsableSpace() + " of " + total + " bytes left; make it larger"
                + " (docker run --shm-size=..., mount -o remount,size=...), unlink what is not needed" + orElse;
        return new OsException(refusal.operation(), object, "ENOSPC", "No space left on device" + room);
    }
}
