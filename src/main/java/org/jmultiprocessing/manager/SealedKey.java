package org.jmultiprocessing.manager;

import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Hmac;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.process.CurrentProcess;

/**
 * A server's key on its way with a proxy, so that only processes of the same tree can use it, wherever the proxy is sent: combined with a stream that
 * is made of the tree's own secret and a number that is used once.
 */
final class SealedKey {
    private static final int NONCE = 16;
    private static final int BLOCK = 32;

    private SealedKey() { }

    static byte[] seal(byte[] key) {
        byte[] nonce = RandomBytes.next(NONCE);
        byte[] sealed = new byte[NONCE + key.length];
        System.arraycopy(nonce, 0, sealed, 0, NONCE);
        byte[] combined = combine(nonce, key);
        System.arraycopy(combined, 0, sealed, NONCE, key.length);
        return sealed;
    }

    static byte[] open(byte[] sealed) {
        if (sealed.length < NONCE) {
            throw new SerializationException("a manager's key has " + sealed.length + " bytes");
        }
        byte[] nonce = new byte[NONCE];
        System.arraycopy(sealed, 0, nonce, 0, NONCE);
        byte[] combined = new byte[sealed.length - NONCE];
        System.arraycopy(sealed, NONCE, combined, 0, combined.length);
        return combine(nonce, combined);
    }

    private static byte[] combine(byte[] nonce, byte[] key) {
        byte[] secret = CurrentProcess.get().authKey().bytes();
        byte[] counter = new byte[NONCE + 1];
        System.arraycopy(nonce, 0, counter, 0, NONCE);
        byte[] result = key.clone();
        byte[] stream = {};
        for (int i = 0; i < result.length; i++) {
            if (i % BLOCK == 0) {
                stream = Hmac.SHA256.of(secret, counter);
                counter[NONCE]++;
            }
            result[i] ^= stream[i % BLOCK];
        }
        return result;
    }
}
