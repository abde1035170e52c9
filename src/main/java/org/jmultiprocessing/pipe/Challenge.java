package org.jmultiprocessing.pipe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Hmac;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.internal.os.Sockets;

/**
 * CPython's mutual challenge ({@code deliver_challenge} and {@code answer_challenge} of {@code multiprocessing/connection.py}):
 *
 * <pre>
 *   challenger                                             responder
 *   #CHALLENGE#{sha256} + 40 random bytes    ------------>
 *                                            <------------ {sha256} + HMAC(key, {sha256} + 40 bytes)
 *   #WELCOME# or #FAILURE#                   ------------>
 * </pre>
 *
 * <p>A Python up to 3.11 challenges with 20 bare bytes and answers with a bare HMAC-MD5 of 16 bytes. The listener challenges first.
 */
final class Challenge {
    private static final byte[] CHALLENGE = ascii("#CHALLENGE#");
    private static final byte[] WELCOME = ascii("#WELCOME#");
    private static final byte[] FAILURE = ascii("#FAILURE#");
    private static final int RANDOM_LENGTH = 40;
    private static final int MAX_MESSAGE = 256;
    private static final int OLD_CHALLENGE = 20;
    private static final int OLD_RESPONSE = 16;

    private final Connection connection;
    private final AuthOptions options;
    private final Deadline deadline;

    private Challenge(Connection connection, AuthOptions options) {
        this.connection = connection;
        this.options = options;
        this.deadline = Deadline.after(options.limit());
    }

    /** Makes sure of the client that has just connected; closes the connection and throws if it fails. */
    static void asListener(Connection connection, AuthOptions options) throws InterruptedException {
        new Challenge(connection, options).run(true);
    }

    /** Makes sure of the listener; closes the connection and throws if it fails. */
    static void asClient(Connection connection, AuthOptions options) throws InterruptedException {
        new Challenge(connection, options).run(false);
    }

    private void run(boolean listener) throws InterruptedException {
        boolean passed = false;
        try {
            checkUser();
            if (options.key() != null) {
                if (listener) {
                    deliver();
                    answer();
                } else {
                    answer();
                    deliver();
                }
            }
            passed = true;
        } catch (TimeoutException e) {
            throw failed("the other side did not finish its part of the challenge within " + options.limit(), e);
        } catch (EndOfStreamException | OsException e) {
            throw failed("the other side ended the connection during the challenge, or does not speak it (has it a key?): " + e.getMessage(), e);
        } finally {
            if (!passed) {
                connection.close();
            }
        }
    }

    private void checkUser() {
        if (!connection.isUnixSocket() || options.allowsAnyUser()) {
            return;
        }
        int peer = Sockets.peerUid(connection.fd());
        int own = Sockets.uid();
        if (peer != own && peer != 0) {
            throw new AuthenticationException("the process at the other end of " + connection + " belongs to user id " + peer + ", this one to " + own
                    + ": allow it by AuthOptions.anyUser()");
        }
    }

    private void deliver() throws InterruptedException, TimeoutException {
        byte[] message = join(prefix(Hmac.SHA256), RandomBytes.next(RANDOM_LENGTH));
        send(join(CHALLENGE, message));
        byte[] response = receive();
        try {
            verify(message, response);
        } catch (AuthenticationException e) {
            send(FAILURE);
            throw e;
        }
        send(WELCOME);
    }

    private void verify(byte[] message, byte[] response) {
        Hmac hmac;
        byte[] given = response;
        if (response.length == OLD_RESPONSE || response.length == OLD_CHALLENGE) {
            hmac = Hmac.MD5;
        } else {
            hmac = digestOf(response);
            given = Arrays.copyOfRange(response, prefix(hmac).length, response.length);
        }
        if (hmac == Hmac.MD5 && !options.allowsMd5()) {
            throw new AuthenticationException("digest received was wrong: the other side answered in the MD5 form of Python 3.7 - 3.11; "
                    + "AuthOptions.allowMd5() accepts it");
        }
        if (!MessageDigest.isEqual(hmac.of(options.key(), message), given)) {
            throw new AuthenticationException("digest received was wrong");
        }
    }

    private void answer() throws InterruptedException, TimeoutException {
        byte[] received = receive();
        if (!startsWith(received, CHALLENGE)) {
            throw new AuthenticationException("Protocol error, expected challenge: the other side sent " + received.length
                    + " other bytes; has it a key?");
        }
        byte[] message = Arrays.copyOfRange(received, CHALLENGE.length, received.length);
        if (message.length < OLD_CHALLENGE) {
            throw new AuthenticationException("challenge too short: " + message.length + " bytes");
        }
        Hmac hmac = message.length == OLD_CHALLENGE ? Hmac.MD5 : digestOf(message);
        if (hmac == Hmac.MD5 && !options.allowsMd5()) {
            throw new AuthenticationException("the other side challenges in the MD5 form of Python 3.7 - 3.11; AuthOptions.allowMd5() answers it");
        }
        byte[] digest = hmac.of(options.key(), message);
        send(message.length == OLD_CHALLENGE ? digest : join(prefix(hmac), digest));
        if (!Arrays.equals(receive(), WELCOME)) {
            throw new AuthenticationException("digest sent was rejected");
        }
    }

    private static Hmac digestOf(byte[] message) {
        int end = 1;
        while (end < message.length && message[end] != '}') {
            end++;
        }
        Hmac hmac = message.length == 0 || message[0] != '{' || end == message.length ? null
                : Hmac.named(new String(message, 1, end - 1, StandardCharsets.US_ASCII));
        if (hmac == null) {
            throw new AuthenticationException("unsupported message length, missing digest prefix, or unsupported digest: " + message.length
                    + " bytes");
        }
        return hmac;
    }

    private byte[] receive() throws InterruptedException, TimeoutException {
        return connection.receiveBytes(MAX_MESSAGE, deadline);
    }

    private void send(byte[] message) throws InterruptedException, TimeoutException {
        connection.sendStretch(message, 0, message.length, deadline);
    }

    private static AuthenticationException failed(String message, Exception cause) {
        AuthenticationException exception = new AuthenticationException(message);
        exception.initCause(cause);
        return exception;
    }

    private static byte[] prefix(Hmac hmac) {
        return ascii("{" + hmac.pythonName() + "}");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean startsWith(byte[] whole, byte[] start) {
        return whole.length >= start.length && Arrays.equals(whole, 0, start.length, start, 0, start.length);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
