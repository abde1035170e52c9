package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.MemoryShortage;

/** What the system says when it refuses, with what to do about it. */
final class Refusal {
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
        return MemoryShortage.explained(refusal, object, OR_NONE);
    }

    static void ifCgroupIsTooSmall(long size) {
        MemoryShortage.refuseForCgroup(size, OR_NONE);
    }

    private static String object(String name) {
        return "shared memory '" + name + "'";
    }

    /** The same refusal in other words, if it is the expected one. */
    private static OsException explained(OsException refusal, String errnoName, String object, String detail) {
        return refusal.errnoName().equals(errnoName) ? new OsException(refusal.operation(), object, errnoName, detail) : refusal;
    }
}
