package org.jmultiprocessing.pipe;

import static org.jmultiprocessing.pipe.RawPeer.pattern;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jmultiprocessing.internal.os.Hmac;
import org.junit.jupiter.api.Test;

/** Our HMAC against the JDK's, and with the key that the JDK refuses. */
class HmacTest {
    @Test
    void isWhatTheJdkComputes() throws Exception {
        Map<Hmac, String> names = Map.of(Hmac.MD5, "HmacMD5", Hmac.SHA256, "HmacSHA256", Hmac.SHA384, "HmacSHA384",
                Hmac.SHA3_256, "HmacSHA3-256", Hmac.SHA3_384, "HmacSHA3-384");
        for (Hmac hmac : Hmac.values()) {
            for (int keyLength : new int[] {1, 20, 64, 65, 128, 136, 137, 1000}) {
                Mac mac = Mac.getInstance(names.get(hmac));
                mac.init(new SecretKeySpec(pattern(keyLength), "any"));
                assertArrayEquals(mac.doFinal(pattern(99)), hmac.of(pattern(keyLength), pattern(99)), hmac + " " + keyLength);
            }
        }
    }

    /** Python: {@code hmac.new(b'', b'', 'sha256').hexdigest()}. */
    @Test
    void anEmptyKeyIsAKey() {
        assertEquals("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
                HexFormat.of().formatHex(Hmac.SHA256.of(new byte[0], new byte[0])));
    }
}
