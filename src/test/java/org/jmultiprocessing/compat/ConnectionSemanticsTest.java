package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.BrokenPipeException;
import org.jmultiprocessing.errors.BufferTooShortException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.pipe.AuthOptions;
import org.jmultiprocessing.pipe.Client;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.ConnectionWait;
import org.jmultiprocessing.pipe.Handles;
import org.jmultiprocessing.pipe.Listener;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.support.InThread;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The sentences of semantics.md on Pipe, Connection, Listener, Client and wait, X1 to X14: a test for each. */
@Tag("smoke")
class ConnectionSemanticsTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static void assertSays(String text, Class<? extends Exception> type, Executable action) {
        String message = assertThrows(type, action).getMessage();
        assertTrue(message.contains(text), message);
    }

    @Test
    void x1DuplexPipesSendBothWaysOneWayPipesFromSecondToFirst() throws Exception {
        try (Pipe duplex = Pipe.duplex(); Pipe oneWay = Pipe.oneWay()) {
            duplex.first().send("there");
            assertEquals("there", duplex.second().recv());
            duplex.second().send("back");
            assertEquals("back", duplex.first().recv());
            oneWay.writer().send(5);
            assertEquals(5, oneWay.reader().recv());
            assertSays("connection is write-only", OsException.class, () -> oneWay.writer().recv());
            assertSays("connection is read-only", OsException.class, () -> oneWay.reader().send(1));
            assertSays("connection is write-only", OsException.class, () -> oneWay.writer().poll());
            assertThrows(IllegalStateException.class, duplex::reader);
        }
    }

    @Test
    void x2ObjectsTravelAndTheEndIsTold() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            Object value = Map.of("a", List.of(1, 2.5, "x"));
            pipe.first().send(value);
            pipe.first().send(null);
            assertEquals(value, pipe.second().recv());
            assertNull(pipe.second().recv());
            pipe.first().send("last");
            pipe.first().close();
            assertEquals("last", pipe.second().recv());
            assertThrows(EndOfStreamException.class, () -> pipe.second().recv());
            assertThrows(BrokenPipeException.class, () -> pipe.second().send("nobody reads"));
            assertSays("handle is closed", OsException.class, () -> pipe.first().recv());
            assertSays("handle is closed", OsException.class, () -> pipe.first().send(1));
        }
        try (Pipe pipe = Pipe.oneWay()) {
            pipe.reader().close();
            assertThrows(BrokenPipeException.class, () -> pipe.writer().sendBytes(new byte[1]));
        }
    }

    @Test
    void x2WhatCannotBeWrittenIsNotSent() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            assertThrows(SerializationException.class, () -> pipe.first().send(new Object()));
            assertFalse(pipe.second().poll());
            pipe.first().send("next");
            assertEquals("next", pipe.second().recv());
        }
    }

    @Test
    void x3SendBytesChecksItsStretch() throws Exception {
        try (Pipe pipe = Pipe.oneWay()) {
            Connection writer = pipe.writer();
            byte[] data = {1, 2, 3, 4};
            assertSays("offset is negative", IllegalArgumentException.class, () -> writer.sendBytes(data, -1, 1));
            assertSays("buffer length < offset", IllegalArgumentException.class, () -> writer.sendBytes(data, 5, 0));
            assertSays("size is negative", IllegalArgumentException.class, () -> writer.sendBytes(data, 1, -1));
            assertSays("buffer length < offset + size", IllegalArgumentException.class, () -> writer.sendBytes(data, 1, 4));
            writer.sendBytes(data, 1, 2);
            assertArrayEquals(new byte[] {2, 3}, pipe.reader().recvBytes());
        }
    }

    @Test
    void x4ALongerMessageThanWantedEndsTheReading() throws Exception {
        try (Pipe duplex = Pipe.duplex(); Pipe oneWay = Pipe.oneWay()) {
            assertSays("negative maxlength", IllegalArgumentException.class, () -> duplex.first().recvBytes(-1));
            duplex.second().sendBytes(new byte[10]);
            assertEquals(10, duplex.first().recvBytes(10).length);
            duplex.second().sendBytes(new byte[11]);
            assertSays("bad message length", OsException.class, () -> duplex.first().recvBytes(10));
            assertFalse(duplex.first().readable());
            duplex.first().send("still writable");
            oneWay.writer().sendBytes(new byte[11]);
            assertSays("bad message length", OsException.class, () -> oneWay.reader().recvBytes(10));
            assertTrue(oneWay.reader().closed());
        }
    }

    @Test
    void x5RecvBytesIntoCountsAndKeepsWhatDoesNotFit() throws Exception {
        try (Pipe pipe = Pipe.oneWay()) {
            byte[] target = new byte[4];
            assertSays("negative offset", IllegalArgumentException.class, () -> pipe.reader().recvBytesInto(target, -1));
            assertSays("offset too large", IllegalArgumentException.class, () -> pipe.reader().recvBytesInto(target, 5));
            pipe.writer().sendBytes(new byte[] {7, 8, 9});
            assertEquals(3, pipe.reader().recvBytesInto(target, 1));
            assertArrayEquals(new byte[] {0, 7, 8, 9}, target);
            pipe.writer().sendBytes(new byte[] {7, 8, 9});
            BufferTooShortException exception = assertThrows(BufferTooShortException.class, () -> pipe.reader().recvBytesInto(target, 2));
            assertArrayEquals(new byte[] {7, 8, 9}, exception.received());
            assertArrayEquals(new byte[] {0, 7, 8, 9}, target);
        }
    }

    @Test
    void x6PollLooksWaitsAndIsTrueAtTheEnd() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            assertFalse(pipe.first().poll());
            assertFalse(pipe.first().poll(Duration.ofSeconds(-1)));
            assertFalse(pipe.first().poll(Duration.ofMillis(20)));
            pipe.second().send(1);
            assertTrue(pipe.first().poll());
            assertTrue(pipe.first().poll(null));
            pipe.first().recv();
            pipe.second().close();
            assertTrue(pipe.first().poll());
            assertThrows(EndOfStreamException.class, () -> pipe.first().recv());
        }
    }

    @Test
    void x8Attributes() throws Exception {
        Pipe pipe = Pipe.oneWay();
        try (pipe) {
            assertTrue(pipe.reader().readable());
            assertFalse(pipe.reader().writable());
            assertFalse(pipe.reader().closed());
            assertTrue(pipe.reader().fileno() > 2);
            assertEquals("<Connection fd=" + pipe.reader().fileno() + " read-only>", pipe.reader().toString());
        }
        assertTrue(pipe.reader().closed());
        assertSays("handle is closed", OsException.class, () -> pipe.reader().fileno());
        assertSays("handle is closed", OsException.class, () -> pipe.reader().poll());
        pipe.close();
        assertThrows(IllegalArgumentException.class, () -> Connection.ofDescriptor(-1, true, true));
        assertThrows(IllegalArgumentException.class, () -> Connection.ofDescriptor(0, false, false));
    }

    @Test
    void x9AConnectionIsItselfSendable() throws Exception {
        try (Pipe carrier = Pipe.duplex(); Pipe cargo = Pipe.oneWay()) {
            carrier.first().send(cargo.writer());
            cargo.writer().close();
            try (Connection received = (Connection) carrier.second().recv()) {
                assertTrue(received.writable());
                assertFalse(received.readable());
                received.send("by the new owner");
            }
            assertEquals("by the new owner", cargo.reader().recv());
            assertThrows(EndOfStreamException.class, () -> cargo.reader().recv());
        }
    }

    @Test
    void x10ThreadsOfOneProcessDoNotMixTheirMessages() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            int threads = 8;
            int each = 200;
            List<FutureTask<Void>> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                byte[] message = new byte[t * 7_919];
                Arrays.fill(message, (byte) t);
                senders.add(InThread.run(() -> {
                    for (int i = 0; i < each; i++) {
                        pipe.first().sendBytes(message);
                    }
                    return null;
                }));
            }
            for (int i = 0; i < threads * each; i++) {
                byte[] message = pipe.second().recvBytes();
                for (byte value : message) {
                    assertEquals(message.length / 7_919, value);
                }
            }
            for (FutureTask<Void> sender : senders) {
                sender.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void x11WaitGivesTheReadyOnesInTheOrderGiven() throws Exception {
        try (Pipe a = Pipe.duplex(); Pipe b = Pipe.duplex(); Pipe c = Pipe.oneWay()) {
            List<Connection> all = List.of(c.reader(), a.first(), b.first());
            assertEquals(List.of(), ConnectionWait.await(all, Duration.ofMillis(10)));
            b.second().send(1);
            c.writer().close();
            assertEquals(List.of(c.reader(), b.first()), ConnectionWait.await(all, null));
        }
    }

    @Test
    void x12ListenersKnowTheirAddressAndTidyUp() throws Exception {
        Listener unix = Listener.bind(null, KEY);
        Path path = ((UnixDomainSocketAddress) unix.address()).getPath();
        try (unix) {
            assertTrue(Files.exists(path));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())));
            assertTrue(unix.lastAccepted().isEmpty());
        }
        assertSays("listener is closed", OsException.class, unix::accept);
        assertFalse(Files.exists(path));
        assertFalse(Files.exists(path.getParent()));
        try (Listener listener = Listener.bind(ANY_PORT, (byte[]) null)) {
            InetSocketAddress address = (InetSocketAddress) listener.address();
            assertTrue(address.getPort() > 0);
            try (Connection client = Client.connect(address, (byte[]) null); Connection accepted = listener.accept()) {
                client.send("over TCP");
                assertEquals("over TCP", accepted.recv());
                assertEquals(address.getAddress(), ((InetSocketAddress) listener.lastAccepted().orElseThrow()).getAddress());
            }
        }
    }

    @Test
    void x13BothSidesProveTheKey() throws Exception {
        for (byte[] key : new byte[][] {KEY, {}, new byte[200]}) {
            try (Listener listener = Listener.bind(null, key)) {
                FutureTask<Connection> accepting = InThread.run(listener::accept);
                try (Connection client = Client.connect(listener.address(), key); Connection accepted = accepting.get(30, TimeUnit.SECONDS)) {
                    accepted.send("welcome");
                    assertEquals("welcome", client.recv());
                }
            }
        }
    }

    @Test
    void x13AWrongKeyIsToldToBothAndTheListenerGoesOn() throws Exception {
        try (Listener listener = Listener.bind(null, KEY)) {
            FutureTask<AuthenticationException> accepting = InThread.run(() -> assertThrows(AuthenticationException.class, listener::accept));
            assertSays("digest sent was rejected", AuthenticationException.class, () -> Client.connect(listener.address(), new byte[] {9}));
            assertEquals("digest received was wrong", accepting.get(30, TimeUnit.SECONDS).getMessage());
            FutureTask<Connection> next = InThread.run(listener::accept);
            Client.connect(listener.address(), AuthOptions.key(KEY), null).close();
            next.get(30, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void x14DescriptorsTravelAlone() throws Exception {
        try (Pipe carrier = Pipe.duplex(); Pipe cargo = Pipe.oneWay()) {
            Handles.send(carrier.first(), cargo.writer().fileno(), null);
            try (Connection writer = Connection.ofDescriptor(Handles.receive(carrier.second(), null), false, true)) {
                writer.sendBytes(new byte[] {42});
            }
            assertArrayEquals(new byte[] {42}, cargo.reader().recvBytes());
            assertThrows(OsException.class, () -> Handles.send(cargo.writer(), 0, null));
        }
    }
}
