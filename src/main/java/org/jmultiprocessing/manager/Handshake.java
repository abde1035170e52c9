package org.jmultiprocessing.manager;

import java.security.MessageDigest;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Hmac;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * Both sides prove to each other that they have the key, before anything else is read:
 *
 * <pre>
 *   server                                      client
 *   magic, version, 32 random bytes  ---------->
 *                                    <----------  32 random bytes, HMAC(key, 'c' + both)
 *   HMAC(key, 's' + both), or nothing  -------->
 * </pre>
 */
final class Handshake {
    /** The longest message of a handshake. */
    static final int MAX_MESSAGE = 256;

    private static final int MAGIC = 0x4a4d504d;
    private static final int VERSION = 1;
    private static final int RANDOM = 32;
    private static final int DIGEST = 32;
    private static final byte SERVER = 's';
    private static final byte CLIENT = 'c';

    private Handshake() { }

    static void asServer(Channel channel, byte[] key, Deadline deadline) throws InterruptedException, TimeoutException {
        byte[] mine = RandomBytes.next(RANDOM);
        WireOutput out = channel.begin();
        out.writeInt(MAGIC);
        out.writeByte(VERSION);
        out.write(mine, 0, RANDOM);
        channel.send();
        WireInput in = channel.receive(deadline);
        if (in.remaining() != RANDOM + DIGEST) {
            throw new AuthenticationException("digest received was wrong: the client sent " + in.remaining() + " other bytes");
        }
        byte[] theirs = read(in, RANDOM);
        boolean right = MessageDigest.isEqual(digest(key, CLIENT, mine, theirs), read(in, DIGEST));
        out = channel.begin();
        if (right) {
            out.write(digest(key, SERVER, mine, theirs), 0, DIGEST);
        }
        channel.send();
        if (!right) {
            throw new AuthenticationException("digest received was wrong");
        }
    }

    static void asClient(Channel channel, byte[] key, Deadline deadline) throws InterruptedException, TimeoutException {
        WireInput in = channel.receive(deadline);
        if (in.remaining() != 4 + 1 + RANDOM || in.readInt() != MAGIC) {
            throw new AuthenticationException("Protocol error, expected challenge: the other side is no manager's server");
        }
        int version = in.readByte();
        if (version != VERSION) {
            throw new AuthenticationException("the manager's server speaks version " + version + " and this process version " + VERSION
                    + ": run the same version of the library on both sides");
        }
        byte[] theirs = read(in, RANDOM);
        byte[] mine = RandomBytes.next(RANDOM);
        WireOutput out = channel.begin();
        out.write(mine, 0, RANDOM);
        out.write(digest(key, CLIENT, theirs, mine), 0, DIGEST);
        channel.send();
        in = channel.receive(deadline);
        if (in.remaining() != DIGEST) {
            throw new AuthenticationException("digest sent was rejected");
        }
        if (!MessageDigest.isEqual(digest(key, SERVER, theirs, mine), read(in, DIGEST))) {
            throw new AuthenticationException("digest received was wrong: the server does not have the key");
        }
    }

    private static byte[] digest(byte[] key, byte side, byte[] server, byte[] client) {
        byte[] message = new byte[1 + 2 * RANDOM];
        message[0] = side;
        System.arraycopy(server, 0, message, 1, RANDOM);
        System.arraycopy(client, 0, message, 1 + RANDOM, RANDOM);
        return Hmac.SHA256.of(key, message);
    }

    private static byte[] read(WireInput in, int count) {
        byte[] bytes = new byte[count];
        in.read(bytes, 0, count);
        return bytes;
    }
}
