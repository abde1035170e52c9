package org.jmultiprocessing.pipe;

import static org.jmultiprocessing.pipe.RawPeer.frame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ObjectInputFilter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Io;
import org.junit.jupiter.api.Test;

/** Connections inside messages, and who owns which descriptor. */
class TransferTest {
    private static long openDescriptors() throws Exception {
        Path folder = Path.of("/proc/self/fd");
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    @Test
    void connectionsTravelInsideOtherValuesAndOnwards() throws Exception {
        try (Pipe a = Pipe.duplex(); Pipe b = Pipe.duplex(); Pipe cargo = Pipe.duplex()) {
            a.first().send(List.of("take", b.first(), cargo.second()));
            List<?> received = (List<?>) a.second().recv();
            try (Connection carrier = (Connection) received.get(1); Connection goods = (Connection) received.get(2)) {
                carrier.send(goods);
            }
            try (Connection arrived = (Connection) b.second().recv()) {
                arrived.send("from afar");
            }
            assertEquals("from afar", cargo.first().recv());
        }
    }

    @Test
    void aMessageCarriesAsManyAsTheKernelAllows() throws Exception {
        List<Pipe> pipes = new ArrayList<>();
        try (Pipe carrier = Pipe.duplex()) {
            List<Connection> ends = new ArrayList<>();
            for (int i = 0; i < 127; i++) {
                Pipe pipe = Pipe.oneWay();
                pipes.add(pipe);
                ends.add(pipe.reader());
                ends.add(pipe.writer());
            }
            carrier.first().send(new ArrayList<>(ends.subList(0, 253)));
            for (Object end : (List<?>) carrier.second().recv()) {
                ((Connection) end).close();
            }
            long before = openDescriptors();
            assertThrows(SerializationException.class, () -> carrier.first().send(new ArrayList<>(ends)));
            assertEquals(before, openDescriptors());
        } finally {
            pipes.forEach(Pipe::close);
        }
    }

    @Test
    void oneWayPipesLeaveThemWithTheTracker() throws Exception {
        try (Pipe carrier = Pipe.oneWay(); Pipe cargo = Pipe.oneWay()) {
            carrier.writer().send(cargo.reader());
            ((Connection) carrier.reader().recv()).close();
            long before = openDescriptors();
            carrier.writer().send(List.of(cargo.writer(), "and", cargo.writer()));
            assertEquals(before, openDescriptors());
            List<?> received = (List<?>) carrier.reader().recv();
            try (Connection writer = (Connection) received.get(0)) {
                assertSame(writer, received.get(2));
                writer.send("through it");
                assertEquals("through it", cargo.reader().recv());
            }
            assertEquals(before, openDescriptors());
        }
    }

    @Test
    void pipesThatLeaveTheTreeAndTcpRefuseThem() throws Exception {
        try (Pipe pipe = Pipe.oneWay(); Pipe cargo = Pipe.oneWay();
                Connection carrier = Connection.ofDescriptor(Io.duplicate(pipe.writer().fileno()), false, true)) {
            long before = openDescriptors();
            SerializationException exception = assertThrows(SerializationException.class, () -> carrier.send(cargo.writer()));
            assertTrue(exception.getMessage().contains("Pipe.duplex"), exception.getMessage());
            assertFalse(pipe.reader().poll());
            assertEquals(before, openDescriptors());
        }
    }

    @Test
    void whatNobodyTakesIsClosed() throws Exception {
        try (Pipe carrier = Pipe.duplex(); Pipe cargo = Pipe.duplex()) {
            long before = openDescriptors();
            carrier.first().send(cargo.first());
            carrier.second().recvBytes();
            assertEquals(before, openDescriptors());
            carrier.first().send(cargo.first());
            carrier.second().withFilter(info -> ObjectInputFilter.Status.REJECTED);
            assertThrows(SerializationException.class, () -> carrier.second().recv());
            assertEquals(before, openDescriptors());
            carrier.first().send(cargo.first());
            assertThrows(TimeoutException.class, () -> cargo.second().recv(Duration.ZERO));
        }
    }

    @Test
    void settingsThatProtectTravel() throws Exception {
        try (RawPeer foreign = new RawPeer(); Pipe carrier = Pipe.duplex()) {
            foreign.connection.withMaxMessageBytes(10);
            carrier.first().send(foreign.connection);
            try (Connection received = (Connection) carrier.second().recv()) {
                foreign.write(frame(new byte[11]));
                assertThrows(OsException.class, received::recv);
            }
        }
    }

    /** What a foreign peer may say about a connection that it hands over does not include that it may be trusted. */
    @Test
    void aForeignPeerCannotHandOverATrustedConnection() throws Exception {
        try (Listener listener = Listener.bind(null, (byte[]) null); Connection client = Client.connect(listener.address(), (byte[]) null);
                Connection server = listener.accept(); Pipe cargo = Pipe.duplex()) {
            client.send(cargo.first());
            assertThrows(SerializationException.class, server::recv);
            server.withFilter(ObjectInputFilter.Config.createFilter(Connection.class.getName() + ";!*"));
            client.send(cargo.first());
            try (Connection received = (Connection) server.recv()) {
                cargo.second().send(new BigInteger("5"));
                assertThrows(SerializationException.class, received::recv);
                cargo.second().send("compact");
                assertEquals("compact", received.recv());
            }
        }
    }

    @Test
    void aConnectionInMidMessageStays() throws Exception {
        try (RawPeer peer = new RawPeer(); Pipe carrier = Pipe.duplex()) {
            byte[] bytes = frame(new byte[] {1, 2, 3});
            peer.write(bytes, 0, 5);
            assertThrows(TimeoutException.class, () -> peer.connection.recv(Duration.ZERO));
            RuntimeException exception = assertThrows(RuntimeException.class, () -> carrier.first().send(peer.connection));
            assertTrue(exception.toString().contains("in the middle of a message") || exception.getCause().toString().contains("in the middle"),
                    exception.toString());
            peer.write(bytes, 5, bytes.length);
            assertArrayEquals(new byte[] {1, 2, 3}, peer.connection.recvBytes());
            carrier.first().send(peer.connection);
            ((Connection) carrier.second().recv()).close();
        }
    }
}
