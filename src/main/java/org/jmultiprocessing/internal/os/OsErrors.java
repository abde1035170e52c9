package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.errors.BrokenPipeException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/** Turns a negative result of the boundary into the exception that the caller sees. */
public final class OsErrors {
    private OsErrors() { }

    /**
     * @param operation the system call or step
     * @param object what it was applied to
     * @param result minus errno
     * @return the exception: {@link BrokenPipeException} for EPIPE and ECONNRESET, else {@link OsException}
     */
    public static OsException of(String operation, String object, long result) {
        if (result == Posix.WOULD_BLOCK) {
            return new OsException(operation, object, "EAGAIN", "not ready");
        }
        int errno = (int) -result;
        String name = Binding.posix().errnoName(errno);
        String text = Binding.posix().errnoText(errno);
        return name.equals("EPIPE") || name.equals("ECONNRESET")
                ? new BrokenPipeException(operation, object, name, text)
                : new OsException(operation, object, name, text);
    }

    /**
     * @param operation the system call or step
     * @param object what it was applied to
     * @param result of the operation
     * @return the result, if it is not negative
     * @throws OsException if it is
     */
    public static int check(String operation, String object, int result) {
        if (result < 0) {
            throw of(operation, object, result);
        }
        return result;
    }

    /**
     * @param result a negative result
     * @param errnoName a symbolic errno such as {@code "ENOENT"}
     * @return whether it is that errno
     */
    public static boolean is(long result, String errnoName) {
        return result < 0 && result != Posix.WOULD_BLOCK && Binding.posix().errnoName((int) -result).equals(errnoName);
    }
}
