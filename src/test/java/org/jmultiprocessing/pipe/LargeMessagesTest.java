package org.jmultiprocessing.pipe;

import static org.jmultiprocessing.pipe.RawPeer.frame;
import static org.jmultiprocessing.pipe.RawPeer.pattern;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SendTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages that go between streams or buffers and the wire. */
class LargeMessagesTest {
    /** Counts and checks, so that gigabytes need no memory. */
    private static final class Checker extends OutputStream {
        private long count;

        @Override
        public void write(int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int i = 0; i < length; i += 4099) {
                if (bytes[offset + i] != Generator.at(count + i)) {
                    throw new IOException("wrong byte at " + (count + i));
                }
            }
            count += length;
        }
    }

    private static final class Generator extends InputStream {
        private long count;

        static byte at(long index) {
            return (byte) (index >> 16);
        }

        @Override
        public int read() {
            return at(count++) & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int done = 0;
            while (done < length) {
                int run = (int) Math.min(length - done, (1 << 16) - (count & 0xffff));
                Arrays.fill(target, offset + done, offset + done + run, at(count));
                done += run;
                count += run;
            }
            return length;
        }
    }

    private static void through(long length) throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            Background<Void> sender = Background.run(() -> {
                pipe.second().large().send(new Generator(), length);
                pipe.second().send("afterwards");
                return null;
            });
            assertEquals(length, pipe.first().large().receiveTo(new Checker()));
            assertEquals("afterwards", pipe.first().recv());
            sender.result();
        }
    }

    @Test
    void streamsOfAnyLengthPass() throws Exception {
        for (long length : new long[] {0, 1, 16385, (1 << 18) - 1, (1 << 18) + 1, 40_000_000}) {
            through(length);
        }
    }

    @Test
    @Tag("stress")
    void moreThanTwoGiBPass() throws Exception {
        through((1L << 31) + 12_345);
    }

    @Test
    void moreThanTwoGiBHaveTheLongHeader() throws Exception {
        long length = 1L << 31;
        try (RawPeer peer = new RawPeer()) {
            assertThrows(SendTimeoutException.class, () -> peer.connection.large().send(new Generator(), length, Duration.ofMillis(20)));
            assertArrayEquals(ByteBuffer.allocate(12).putInt(-1).putLong(length).array(), peer.read(12));
            assertTrue(peer.connection.isSending());
        }
    }

    @Test
    void anArrayIsTooShortForTwoGiBAndTheStreamGoesOn() throws Exception {
        long length = 1L << 31;
        try (RawPeer peer = new RawPeer()) {
            peer.connection.withMaxMessageBytes(Long.MAX_VALUE);
            peer.write(ByteBuffer.allocate(14).putInt(-1).putLong(length).array());
            assertThrows(IllegalStateException.class, peer.connection::recvBytes);
            assertThrows(TimeoutException.class, () -> peer.connection.large().receiveTo(new Checker(), Long.MAX_VALUE, Duration.ofMillis(1)));
            IllegalStateException exception = assertThrows(IllegalStateException.class, peer.connection::recv);
            assertTrue(exception.getMessage().contains("large().receiveTo"), exception.getMessage());
        }
    }

    @Test
    void buffersAreSentAsOneMessageAndLeftAlone() throws Exception {
        ByteBuffer direct = ByteBuffer.allocateDirect(100_000).put(pattern(100_000)).flip();
        ByteBuffer heap = ByteBuffer.wrap(pattern(100_000));
        ByteBuffer readOnly = heap.asReadOnlyBuffer().position(99_990);
        try (Pipe pipe = Pipe.duplex()) {
            Background<Void> sender = Background.run(() -> {
                pipe.second().large().send(direct, ByteBuffer.allocate(0), readOnly);
                pipe.second().large().send();
                return null;
            });
            byte[] message = pipe.first().recvBytes();
            assertArrayEquals(pattern(100_000), Arrays.copyOf(message, 100_000));
            assertArrayEquals(Arrays.copyOfRange(pattern(100_000), 99_990, 100_000), Arrays.copyOfRange(message, 100_000, 100_010));
            assertEquals(100_010, message.length);
            assertEquals(0, pipe.first().recvBytes().length);
            sender.result();
            assertEquals(0, direct.position());
            assertEquals(99_990, readOnly.position());
        }
    }

    @Test
    void aReceiveThatWasLateGoesOnWithAStream() throws Exception {
        byte[] bytes = frame(pattern(1000));
        try (RawPeer peer = new RawPeer()) {
            peer.write(bytes, 0, 300);
            assertThrows(TimeoutException.class, () -> peer.connection.recv(Duration.ZERO));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThrows(TimeoutException.class, () -> peer.connection.large().receiveTo(out, 2000, Duration.ZERO));
            peer.write(bytes, 300, bytes.length);
            assertEquals(1000, peer.connection.large().receiveTo(out));
            assertArrayEquals(pattern(1000), out.toByteArray());
        }
    }

    @Test
    void aStreamThatEndsTooEarlyCutsTheMessage() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            UncheckedIOException exception = assertThrows(UncheckedIOException.class,
                    () -> pipe.second().large().send(new ByteArrayInputStream(new byte[10]), 11));
            assertTrue(exception.getMessage().contains("cut"), exception.getMessage());
            assertFalse(pipe.second().writable());
            assertThrows(OsException.class, () -> pipe.second().send(1));
            pipe.second().close();
            assertThrows(OsException.class, pipe.first()::recv);
        }
    }

    /** A stream that gives a part of what is wanted, tells so, and fails when it is let go. */
    private static final class Failing extends InputStream {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);
        private int left = 300_000;

        @Override
        public int read() throws IOException {
            if (left-- > 0) {
                return 1;
            }
            reached.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            throw new IOException("the disk is gone");
        }
    }

    @Test
    void nobodySendsAfterAMessageThatWasCut() throws Exception {
        try (Pipe pipe = Pipe.duplex(); Failing stream = new Failing()) {
            Background<Void> sender = Background.run(() -> {
                pipe.second().large().send(stream, 1_000_000);
                return null;
            });
            Background<Long> receiver = Background.run(() -> pipe.first().large().receiveTo(OutputStream.nullOutputStream()));
            stream.reached.await();
            Background<Void> waiting = Background.run(() -> {
                pipe.second().sendBytes(new byte[] {1});
                return null;
            });
            while (waiting.thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            stream.letGo.countDown();
            assertThrows(UncheckedIOException.class, sender::result);
            assertThrows(UncheckedIOException.class, waiting::result, "its message would be taken for the rest of the other");
            pipe.second().close();
            assertThrows(OsException.class, receiver::result);
        }
    }

    @Test
    void aKeptStreamThatFailsIsToldToWhoeverSendsNext() throws Exception {
        try (Pipe pipe = Pipe.duplex(); Failing stream = new Failing()) {
            stream.letGo.countDown();
            assertThrows(SendTimeoutException.class, () -> pipe.second().large().send(stream, 1_000_000, Duration.ofMillis(20)));
            Background<Long> receiver = Background.run(() -> pipe.first().large().receiveTo(OutputStream.nullOutputStream()));
            UncheckedIOException cut = assertThrows(UncheckedIOException.class, () -> pipe.second().sendBytes(new byte[] {1}));
            assertEquals("the disk is gone", cut.getCause().getMessage());
            assertFalse(pipe.second().isSending());
            assertFalse(pipe.second().writable());
            pipe.second().close();
            assertThrows(OsException.class, receiver::result);
        }
    }

    @Test
    void aLimitOfItsOwn() throws Exception {
        try (Pipe pipe = Pipe.duplex()) {
            pipe.second().sendBytes(new byte[11]);
            OsException exception = assertThrows(OsException.class, () -> pipe.first().large().receiveTo(new ByteArrayOutputStream(), 10, null));
            assertTrue(exception.getMessage().contains("bad message length"), exception.getMessage());
            assertThrows(IllegalArgumentException.class, () -> pipe.second().large().receiveTo(new ByteArrayOutputStream(), -1, null));
            assertThrows(IllegalArgumentException.class, () -> pipe.second().large().send(new Generator(), -1));
        }
    }
}
