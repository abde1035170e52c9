package org.jmultiprocessing.pipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Hmac;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners, clients, and those who only pretend. */
@Tag("smoke")
class ListenerTest {
    private static final byte[] KEY = {5, 6};
    private static final AuthOptions IMPATIENT = AuthOptions.key(KEY).timeout(Duration.ofMillis(50));

    /** A class that no filter allows by itself. */
    record Point(int x, int y) implements Serializable { }

    @TempDir
    private Path folder;

    private SocketAddress at(String name) {
        return UnixDomainSocketAddress.of(folder.resolve(name));
    }

    @Test
    void aSocketFileIsPrivateAndRemovedOnlyIfItIsOurs() throws Exception {
        Path path = folder.resolve("socket");
        try (Listener listener = Listener.bind(at("socket"), (byte[]) null)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertEquals(at("socket"), listener.address());
            assertEquals("EADDRINUSE", assertThrows(OsException.class, () -> Listener.bind(at("socket"), (byte[]) null)).errnoName());
        }
        assertFalse(Files.exists(path));
        Listener first = Listener.bind(at("socket"), (byte[]) null);
        Files.delete(path);
        try (Listener second = Listener.bind(at("socket"), (byte[]) null)) {
            first.close();
            assertTrue(Files.exists(path), "that one belongs to the second listener");
            assertEquals(second.address(), at("socket"));
        }
    }

    @Test
    void addressesThatCannotBeAreExplained() {
        OsException exception = assertThrows(OsException.class, () -> Listener.bind(at("x".repeat(104)), (byte[]) null));
        assertTrue(exception.getMessage().contains("at most 103 bytes"), exception.getMessage());
        assertEquals("ENOENT", assertThrows(OsException.class, () -> Client.connect(at("none"), (byte[]) null)).errnoName());
        assertThrows(OsException.class, () -> Client.connect(InetSocketAddress.createUnresolved("unknown.invalid", 1), (byte[]) null));
        SocketAddress other = new SocketAddress() {
            private static final long serialVersionUID = 1L;
        };
        assertThrows(IllegalArgumentException.class, () -> Listener.bind(other, (byte[]) null));
        assertThrows(IllegalArgumentException.class, () -> Client.connect(other, (byte[]) null));
        assertThrows(IllegalArgumentException.class, () -> Listener.bind(null, AuthOptions.none(), 0));
    }

    @Test
    void nobodyListensAtAClosedPort() throws Exception {
        SocketAddress address;
        try (Listener listener = Listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), (byte[]) null)) {
            address = listener.address();
        }
        OsException exception = assertThrows(OsException.class, () -> Client.connect(address, (byte[]) null));
        assertEquals("ECONNREFUSED", exception.errnoName());
        assertTrue(exception.getMessage().contains(address.toString()), exception.getMessage());
    }

    @Test
    void ipv6WorksWhereTheMachineHasIt() throws Exception {
        Listener listener;
        try {
            listener = Listener.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0), KEY);
        } catch (OsException e) {
            assertTrue(List.of("EADDRNOTAVAIL", "EAFNOSUPPORT").contains(e.errnoName()), e.getMessage());
            return;
        }
        try (listener) {
            Background<Connection> accepting = Background.run(listener::accept);
            try (Connection client = Client.connect(listener.address(), KEY); Connection accepted = accepting.result()) {
                client.send("six");
                assertEquals("six", accepted.recv());
            }
        }
    }

    @Test
    void acceptTakesTimeoutsInterruptsAndClosing() throws Exception {
        Listener listener = Listener.bind(null, KEY);
        assertThrows(TimeoutException.class, () -> listener.accept(Duration.ofMillis(20)));
        Background<Connection> interrupted = Background.run(listener::accept);
        interrupted.thread.interrupt();
        assertThrows(InterruptedException.class, interrupted::result);
        Background<Connection> closed = Background.run(listener::accept);
        listener.close();
        OsException exception = assertThrows(OsException.class, closed::result);
        assertTrue(exception.getMessage().contains("listener is closed"), exception.getMessage());
    }

    @Test
    void aSilentClientDoesNotHoldTheListener() throws Exception {
        try (Listener listener = Listener.bind(null, IMPATIENT, 5); SocketChannel silent = SocketChannel.open(listener.address())) {
            AuthenticationException exception = assertThrows(AuthenticationException.class, listener::accept);
            assertTrue(exception.getMessage().contains("did not finish"), exception.getMessage());
            assertTrue(silent.isOpen());
            SocketChannel.open(listener.address()).close();
            assertThrows(AuthenticationException.class, listener::accept);
            try (SocketChannel talker = SocketChannel.open(listener.address())) {
                talker.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                assertThrows(AuthenticationException.class, listener::accept);
            }
            Background<Connection> accepting = Background.run(listener::accept);
            Client.connect(listener.address(), KEY).close();
            accepting.result().close();
        }
    }

    @Test
    void aListenerWithoutAKeyIsNoListenerForAClientWithOne() throws Exception {
        try (Listener listener = Listener.bind(null, (byte[]) null)) {
            Background<AuthenticationException> connecting = Background.run(
                    () -> assertThrows(AuthenticationException.class, () -> Client.connect(listener.address(), IMPATIENT, null)));
            try (Connection accepted = listener.accept()) {
                connecting.result();
                accepted.send("a client that is not there any more");
            } catch (OsException e) {
                assertEquals("EPIPE", e.errnoName());
            }
        }
    }

    @Test
    void theOldChallengeIsAnsweredOnRequestOnly() throws Exception {
        byte[] old = "#CHALLENGE#aaaaaaaaaaaaaaaaaaaa".getBytes(StandardCharsets.US_ASCII);
        for (boolean allowed : new boolean[] {false, true}) {
            try (Listener listener = Listener.bind(null, (byte[]) null)) {
                AuthOptions options = allowed ? IMPATIENT.allowMd5() : IMPATIENT;
                Background<AuthenticationException> connecting = Background.run(
                        () -> assertThrows(AuthenticationException.class, () -> Client.connect(listener.address(), options, null)));
                try (Connection server = listener.accept()) {
                    server.sendBytes(old);
                    if (allowed) {
                        assertArrayEquals(Hmac.MD5.of(KEY, Arrays.copyOfRange(old, 11, 31)), server.recvBytes());
                    } else {
                        assertTrue(connecting.result().getMessage().contains("allowMd5"));
                    }
                }
                connecting.result();
            }
        }
    }

    @Test
    void aFullBacklogMakesClientsWait() throws Exception {
        try (Listener listener = Listener.bind(null, AuthOptions.none(), 1)) {
            List<Connection> waiting = new ArrayList<>();
            try {
                assertThrows(TimeoutException.class, () -> {
                    while (true) {
                        waiting.add(Client.connect(listener.address(), AuthOptions.none(), Duration.ofMillis(30)));
                    }
                });
                Background<Connection> patient = Background.run(() -> Client.connect(listener.address(), (byte[]) null));
                int accepted = 0;
                while (accepted <= waiting.size()) {
                    listener.accept().close();
                    accepted++;
                }
                patient.result().close();
            } finally {
                waiting.forEach(Connection::close);
            }
        }
    }

    @Test
    void foreignObjectsNeedAFilter() throws Exception {
        try (Listener listener = Listener.bind(null, (byte[]) null); Connection client = Client.connect(listener.address(), (byte[]) null);
                Connection server = listener.accept()) {
            client.send(List.of(1, "two"));
            assertEquals(List.of(1, "two"), server.recv());
            client.send(new Point(1, 2));
            assertThrows(SerializationException.class, server::recv);
            server.withFilter(ObjectInputFilter.Config.createFilter(Point.class.getName() + ";!*"));
            client.send(new Point(1, 2));
            assertEquals(new Point(1, 2), server.recv());
            client.send(new Date());
            assertThrows(SerializationException.class, server::recv);
            client.send("still in step");
            assertEquals("still in step", server.recv());
        }
    }
}
