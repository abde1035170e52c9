package org.jmultiprocessing.internal.os;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jmultiprocessing.errors.AuthenticationException;

/**
 * Keyed digests: RFC 2104 over {@link MessageDigest}: {@code javax.crypto.Mac} refuses empty keys and costs a fresh JVM tens of milliseconds.
 */
public enum Hmac {
    /** HMAC-MD5. */
    MD5("md5", "MD5", 64),
    /** HMAC-SHA-256. */
    SHA256("sha256", "SHA-256", 64),
    /** HMAC-SHA-384. */
    SHA384("sha384", "SHA-384", 128),
    /** HMAC-SHA3-256. */
    SHA3_256("sha3_256", "SHA3-256", 136),
    /** HMAC-SHA3-384. */
    SHA3_384("sha3_384", "SHA3-384", 104);

    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final String pythonName;
    private final String javaName;
    private final int block;

    Hmac(String pythonName, String javaName, int block) {
        this.pythonName = pythonName;
        this.javaName = javaName;
        this.block = block;
    }

    /** @return Python's name of the digest, as it stands between braces on the wire */
    public String pythonName() {
        return pythonName;
    }

    /**
     * @param name a digest's name in Python
     * @return the one that Python calls so, or null
     */
    public static Hmac named(String name) {
        for (Hmac hmac : values()) {
            if (hmac.pythonName.equals(name)) {
                return hmac;
            }
        }
        return null;
    }

    /**
     * @param key the secret; an empty one is a key too
     * @param message what it vouches for
     * @return the message's keyed digest
     * @throws AuthenticationException if this Java does not have the digest
     */
    public byte[] of(byte[] key, byte[] message) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(javaName);
        } catch (NoSuchAlgorithmException e) {
            AuthenticationException exception = new AuthenticationException("this Java has no " + javaName + ", which the other side asks for");
            exception.initCause(e);
            throw exception;
        }
        byte[] padded = Arrays.copyOf(key.length > block ? digest.digest(key) : key, block);
        digest.update(masked(padded, INNER));
        byte[] inner = digest.digest(message);
        digest.update(masked(padded, OUTER));
        return digest.digest(inner);
    }

    private static byte[] masked(byte[] key, byte mask) {
        byte[] result = key.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= mask;
        }
        return result;
    }
}
