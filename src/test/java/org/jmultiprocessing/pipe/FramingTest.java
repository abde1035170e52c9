package org.jmultiprocessing.pipe;

import static org.jmultiprocessing.pipe.RawPeer.frame;
import static org.jmultiprocessing.pipe.RawPeer.pattern;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.BrokenPipeException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SendInterruptedException;
import org.jmultiprocessing.errors.SendTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, byte by byte, and what a peer that does not keep to it brings about. */
@Tag("smoke")
class FramingTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 508, 509, 16383, 16384, 16385, 65531, 65532, 65535, 65536, 65537, 1 << 20, (1 << 20) + 1, 5_000_000})
    void everyLengthArrivesWhole(int length) throws Exception {
        byte[] message = pattern(length);
        try (Pipe duplex = Pipe.duplex(); Pipe oneWay = Pipe.oneWay()) {
            for (Pipe pipe : new Pipe[] {duplex, oneWay}) {
                Background<Void> sender = Background.run(() -> {
                    pipe.second().sendBytes(message);
                    pipe.second().sendBytes(message);
                    return null;
                });
                assertArrayEquals(message, pipe.first().recvBytes());
                byte[] target = new byte[length + 3];
                assertEquals(length, pipe.first().recvBytesInto(target, 3));
                assertArrayEquals(message, Arrays.copyOfRange(target, 3, length + 3));
                sender.result();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 16384, 16385, 70000})
    void theFrameIsCPythons(int length) throws Exception {
        try (RawPeer peer = new RawPeer()) {
            byte[] message = pattern(length);
            peer.connection.sendBytes(message);
            assertArrayEquals(frame(message), peer.read(4 + length));
        }
    }

    @Test
    void aPeerMaySendByteByByte() throws Exception {
        try (RawPeer peer = new RawPeer()) {
            byte[] bytes = frame(pattern(300));
            Background<byte[]> receiver = Background.run(peer.connection::recvBytes);
            for (int i = 0; i < bytes.length; i++) {
                peer.write(bytes, i, i + 1);
                while (i < bytes.length - 1 && peer.connection.poll()) {
                    Thread.onSpinWait();
                }
            }
            assertArrayEquals(pattern(300), receiver.result());
        }
    }

    @Test
    void theLongHeaderServesForAnyLength() throws Exception {
        try (RawPeer peer = new RawPeer()) {
            peer.write(ByteBuffer.allocate(15).putInt(-1).putLong(3).put(new byte[] {7, 8, 9}).array());
            assertArrayEquals(new byte[] {7, 8, 9}, peer.connection.recvBytes());
        }
    }

    @Test
    void noByteBehindTheFrameIsTaken() throws Exception {
        try (RawPeer peer = new RawPeer()) {
            peer.write(frame(pattern(10)));
            peer.write(frame(pattern(20)));
            peer.connection.recvBytes();
            assertTrue(peer.connection.poll(), "the second frame is still in the socket");
            assertArrayEquals(pattern(20), peer.connection.recvBytes());
            assertFalse(peer.connection.poll());
        }
    }

    @Test
    void aFrameCutAnywhereSaysSo() throws Exception {
        byte[] bytes = frame(pattern(40));
        for (int cut = 1; cut < bytes.length; cut++) {
            try (RawPeer peer = new RawPeer()) {
                peer.write(bytes, 0, cut);
                peer.socket.close();
                OsException exception = assertThrows(OsException.class, peer.connection::recvBytes);
                assertTrue(exception.getMessage().contains("got end of file during message"), exception.getMessage());
                assertThrows(EndOfStreamException.class, peer.connection::recvBytes);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, Integer.MIN_VALUE})
    void aNegativeLengthIsRefused(int length) throws Exception {
        try (RawPeer peer = new RawPeer()) {
            peer.write(ByteBuffer.allocate(4).putInt(length).array());
            assertUnreadable(peer);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40})
    void anAbsurdLongLengthIsRefused(long length) throws Exception {
        try (RawPeer peer = new RawPeer()) {
            peer.write(ByteBuffer.allocate(12).putInt(-1).putLong(length).array());
            assertUnreadable(peer);
        }
    }

    @Test
    void aForeignPeersLengthIsLimited() throws Exception {
        try (RawPeer peer = new RawPeer()) {
            peer.write(ByteBuffer.allocate(4).putInt((256 << 20) + 1).array());
            assertUnreadable(peer);
        }
        try (RawPeer peer = new RawPeer()) {
            peer.connection.withMaxMessageBytes(100);
            peer.write(frame(pattern(100)));
            assertEquals(100, peer.connection.recvBytes().length);
            peer.write(frame(pattern(101)));
            assertUnreadable(peer);
        }
    }

    private static void assertUnreadable(RawPeer peer) throws Exception {
        OsException exception = assertThrows(OsException.class, peer.connection::recvBytes);
        assertTrue(exception.getMessage().contains("bad message length"), exception.getMessage());
        assertFalse(peer.connection.readable());
        assertThrows(OsException.class, peer.connection::recvBytes);
        peer.connection.sendBytes(new byte[1]);
        assertEquals(5, peer.read(5).length);
    }

    @Test
    void anAnnouncedLengthTakesNoMemory() throws Exception {
        RawPeer[] peers = new RawPeer[64];
        try {
            for (int i = 0; i < peers.length; i++) {
                peers[i] = new RawPeer();
                peers[i].write(ByteBuffer.allocate(4).putInt(256 << 20).array());
                RawPeer peer = peers[i];
                assertThrows(TimeoutException.class, () -> peer.connection.recvBytes(Integer.MAX_VALUE, Duration.ZERO));
            }
        } finally {
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void aLateReceiveLosesNothing() throws Exception {
        byte[] bytes = frame(pattern(50));
        for (int cut = 1; cut < bytes.length; cut++) {
            try (RawPeer peer = new RawPeer()) {
                peer.write(bytes, 0, cut);
                assertThrows(TimeoutException.class, () -> peer.connection.recvBytes(1000, Duration.ZERO));
                assertThrows(TimeoutException.class, () -> peer.connection.recvBytesInto(new byte[100], 0, Duration.ZERO));
                peer.write(bytes, cut, bytes.length);
                byte[] target = new byte[50];
                assertEquals(50, cut % 2 == 0 ? peer.connection.recvBytesInto(target, 0) : (target = peer.connection.recvBytes()).length);
                assertArrayEquals(pattern(50), target);
            }
        }
    }

    @Test
    void anInterruptedReceiveLosesNothing() throws Exception {
        byte[] bytes = frame(pattern(200));
        for (int cut = 1; cut < bytes.length; cut += 37) {
            try (RawPeer peer = new RawPeer()) {
                peer.write(bytes, 0, cut);
                Background<byte[]> receiver = Background.run(peer.connection::recvBytes);
                while (peer.connection.poll()) {
                    Thread.onSpinWait();
                }
                receiver.thread.interrupt();
                assertThrows(InterruptedException.class, receiver::result);
                peer.write(bytes, cut, bytes.length);
                assertArrayEquals(pattern(200), peer.connection.recvBytes());
            }
        }
    }

    @Test
    void aLateSendHasSentNothingOrIsCompletedByTheNext() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            byte[] large = pattern(3_000_000);
            byte[] copy = large.clone();
            assertThrows(SendTimeoutException.class, () -> pipe.second().sendBytes(large, 0, large.length, SHORT));
            assertTrue(pipe.second().isSending());
            Arrays.fill(large, (byte) 0);
            assertEquals(TimeoutException.class, assertThrows(TimeoutException.class, () -> pipe.second().send("not sent", SHORT)).getClass());
            Background<byte[]> receiver = Background.run(pipe.first()::recvBytes);
            pipe.second().flush(null);
            assertFalse(pipe.second().isSending());
            assertArrayEquals(copy, receiver.result());
            pipe.second().sendBytes(new byte[] {1});
            assertArrayEquals(new byte[] {1}, pipe.first().recvBytes());
        }
    }

    @Test
    void anInterruptedSendIsCompletedByTheNext() throws Exception {
        try (Pipe pipe = Pipe.oneWay()) {
            byte[] large = pattern(3_000_000);
            Background<Void> sender = Background.run(() -> {
                pipe.writer().sendBytes(large);
                return null;
            });
            assertTrue(pipe.reader().poll(Duration.ofSeconds(10)));
            sender.thread.interrupt();
            assertThrows(SendInterruptedException.class, sender::result);
            assertTrue(pipe.writer().isSending());
            Thread.currentThread().interrupt();
            assertEquals(InterruptedException.class,
                    assertThrows(InterruptedException.class, () -> pipe.writer().sendBytes(new byte[] {4})).getClass(), "nothing of it went out");
            assertThrows(IllegalStateException.class, () -> pipe.writer().writeTransfer(null));
            Background<Void> next = Background.run(() -> {
                pipe.writer().sendBytes(new byte[] {5});
                return null;
            });
            assertArrayEquals(large, pipe.reader().recvBytes());
            assertArrayEquals(new byte[] {5}, pipe.reader().recvBytes());
            next.result();
        }
    }

    @Test
    void aReaderThatLeavesInTheMiddleOfAMessageBreaksThePipe() throws Exception {
        for (Pipe pipe : new Pipe[] {Pipe.duplex(), Pipe.oneWay()}) {
            try (pipe) {
                Background<Void> sender = Background.run(() -> {
                    pipe.second().sendBytes(new byte[3_000_000]);
                    return null;
                });
                assertTrue(pipe.first().poll(Duration.ofSeconds(10)));
                pipe.first().close();
                assertThrows(BrokenPipeException.class, sender::result);
                assertFalse(pipe.second().isSending(), "nobody wants the rest");
                assertThrows(BrokenPipeException.class, () -> pipe.second().sendBytes(new byte[1]));
            }
        }
    }

    @Test
    void closingAfterALateSendCutsTheMessage() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            assertThrows(TimeoutException.class, () -> pipe.second().sendBytes(new byte[3_000_000], 0, 3_000_000, SHORT));
            pipe.second().close();
            OsException exception = assertThrows(OsException.class, pipe.first()::recvBytes);
            assertTrue(exception.getMessage().contains("got end of file during message"), exception.getMessage());
        }
    }
}
