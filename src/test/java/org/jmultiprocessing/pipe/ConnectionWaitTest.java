package org.jmultiprocessing.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.spi.Waitable;
import org.junit.jupiter.api.Test;

/** Waiting for many things of many kinds. */
class ConnectionWaitTest {
    private static final Duration SHORT = Duration.ofMillis(10);

    @Test
    void channelsTakePart() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(); Pipe pipe = Pipe.oneWay()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            List<Object> all = List.of(pipe.reader(), server);
            try {
                assertEquals(List.of(), ConnectionWait.await(all, SHORT));
            } catch (OsException e) {
                assertEquals("ENOTSUP", e.errnoName());
                assumeTrue("jni".equals(System.getProperty("jmultiprocessing.binding", "jni")), "JNA does not find a channel's descriptor");
                throw e;
            }
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                assertEquals(List.of(server), ConnectionWait.await(all, null));
                try (SocketChannel accepted = server.accept()) {
                    assertEquals(List.of(), ConnectionWait.await(List.of(accepted), SHORT));
                    client.write(ByteBuffer.wrap(new byte[1]));
                    assertEquals(List.of(accepted), ConnectionWait.await(List.of(accepted), null));
                }
            }
        }
    }

    @Test
    void listenersDescriptorsAndOthersTakePart() throws Exception {
        try (Listener listener = Listener.bind(null, (byte[]) null); Pipe pipe = Pipe.oneWay(); Pipe other = Pipe.oneWay()) {
            int number = pipe.reader().fileno();
            Waitable waitable = new Waitable() {
                @Override
                public int waitDescriptor() {
                    return other.reader().fileno();
                }

                @Override
                public boolean readyNow() {
                    return true;
                }
            };
            List<Object> all = List.of(listener, number);
            assertEquals(List.of(), ConnectionWait.await(all, SHORT));
            assertEquals(List.of(waitable), ConnectionWait.await(List.of(listener, waitable), null));
            try (Connection client = Client.connect(listener.address(), (byte[]) null); Connection accepted = acceptReady(listener, all)) {
                client.send(1);
                pipe.writer().send(1);
                assertEquals(List.of(accepted, number), ConnectionWait.await(List.of(listener, accepted, number), null));
            }
        }
    }

    private static Connection acceptReady(Listener listener, List<Object> all) throws InterruptedException {
        assertEquals(List.of(listener), ConnectionWait.await(all, null));
        return listener.accept();
    }

    @Test
    void thousandsAtOnceAndTheSameTwice() throws Exception {
        List<Pipe> pipes = new ArrayList<>();
        try {
            List<Connection> readers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Pipe pipe = Pipe.oneWay();
                pipes.add(pipe);
                readers.add(pipe.reader());
                readers.add(pipe.reader());
            }
            pipes.get(7).writer().send(1);
            pipes.get(199).writer().close();
            assertEquals(List.of(readers.get(14), readers.get(14), readers.get(398), readers.get(398)), ConnectionWait.await(readers, null));
        } finally {
            pipes.forEach(Pipe::close);
        }
    }

    @Test
    void closingOneOfThemAndInterruptsEndTheWait() throws Exception {
        try (Pipe a = Pipe.duplex(); Pipe b = Pipe.duplex()) {
            List<Connection> both = List.of(a.first(), b.first());
            Background<List<Connection>> interrupted = Background.run(() -> ConnectionWait.await(both, null));
            interrupted.thread.interrupt();
            assertThrows(InterruptedException.class, interrupted::result);
            Background<List<Connection>> closed = Background.run(() -> ConnectionWait.await(both, null));
            b.first().close();
            assertThrows(OsException.class, closed::result);
            assertThrows(OsException.class, () -> ConnectionWait.await(both, null));
        }
    }

    @Test
    void whatCannotBeWaitedForIsNamed() throws Exception {
        try (Pipe pipe = Pipe.oneWay()) {
            assertThrows(IllegalArgumentException.class, () -> ConnectionWait.await(List.of("text"), null));
            assertThrows(OsException.class, () -> ConnectionWait.await(List.of(pipe.writer()), null));
            assertThrows(IllegalArgumentException.class, () -> ConnectionWait.await(List.of(), null));
            assertEquals(List.of(), ConnectionWait.await(List.of(), SHORT));
            assertThrows(OsException.class, () -> ConnectionWait.await(List.of(1_000_000), SHORT));
        }
    }
}
