package org.jmultiprocessing.process;

import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.security.MessageDigest;
import org.jmultiprocessing.internal.os.RandomBytes;

/**
 * The secret by which the processes of one tree know each other ({@code multiprocessing.process.AuthenticationString}). Children inherit it with
 * their start data; it refuses every other way of travelling, and does not show itself.
 */
public final class AuthKey implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int LENGTH = 32;

    private final transient byte[] bytes;

    /** @param bytes the secret; copied */
    public AuthKey(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    static AuthKey random() {
        return new AuthKey(RandomBytes.next(LENGTH));
    }

    /** @return a copy of the secret, for {@code Listener} and {@code Client} */
    public byte[] bytes() {
        return bytes.clone();
    }

    private Object writeReplace() throws ObjectStreamException {
        throw new NotSerializableException("Pickling an AuthenticationString object is disallowed for security reasons");
    }

    /** Compares in a time that does not depend on where the secrets differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof AuthKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return AuthKey.class.hashCode();
    }

    /** @return nothing of the secret */
    @Override
    public String toString() {
        return "AuthKey[" + bytes.length + " bytes]";
    }
}
