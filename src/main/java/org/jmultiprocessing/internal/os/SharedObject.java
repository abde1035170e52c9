package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.internal.ffi.Binding;

/** POSIX shared memory objects, which have a name in the whole system: {@code shm_open(3)}. Names are given without the leading slash. */
public final class SharedObject {
    private SharedObject() { }

    /**
     * Creates an object of its own, empty, for this user only (0600).
     *
     * @param name its name
     * @return a descriptor for reading and writing that the caller closes; no cleaner watches over it
     * @throws org.jmultiprocessing.errors.OsException if there is one already ({@code EEXIST}) or it cannot be made
     */
    public static Fd create(String name) {
        return owned("shm_open", name, Binding.posix().sharedCreate(path(name)));
    }

    /**
     * @param name the name of an existing object
     * @return a descriptor for reading and writing that the caller closes; no cleaner watches over it
     * @throws org.jmultiprocessing.errors.OsException if there is none ({@code ENOENT}) or it cannot be opened
     */
    public static Fd open(String name) {
        return owned("shm_open", name, Binding.posix().sharedOpen(path(name)));
    }

    /**
     * Removes a name. What is mapped stays.
     *
     * @param name the name of an existing object
     * @throws org.jmultiprocessing.errors.OsException if there is none ({@code ENOENT}), or it is another user's
     */
    public static void unlink(String name) {
        OsErrors.check("shm_unlink", object(name), Binding.posix().sharedUnlink(path(name)));
    }

    private static Fd owned(String operation, String name, int result) {
        String object = object(name);
        return Fd.lasting(OsErrors.check(operation, object, result), object);
    }

    private static byte[] path(String name) {
        return CStrings.of("/".concat(name));
    }

    private static String object(String name) {
        return "shared memory '" + name + "'";
    }
}
