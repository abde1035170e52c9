package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.internal.ffi.Binding;

/** The kernel's random source, asked directly: {@code SecureRandom} costs a fresh JVM tens of milliseconds. */
public final class RandomBytes {
    private RandomBytes() { }

    /**
     * @param length how many
     * @return cryptographically strong random bytes
     */
    public static byte[] next(int length) {
        byte[] bytes = new byte[length];
        OsErrors.check("getrandom", "", Binding.posix().random(bytes));
        return bytes;
    }

    /** @return a cryptographically strong random number */
    public static long nextLong() {
        long number = 0;
        for (byte part : next(Long.BYTES)) {
            number = number << 8 | part & 0xFF;
        }
        return number;
    }
}
