package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Function1;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@SuppressWarnings("serial") // That what is not Serializable can be in a field that is, is what is tested.
@Tag("smoke")
class TransferTest {
    private record Room(String name, Door door, Door[] others) implements Serializable {
    }

    /** Has a field of the type itself, and is no record. */
    private static final class House implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Door door;
        private final List<Object> rooms = new LinkedList<>();

        House(Door door) {
            this.door = door;
        }
    }

    private static final class Mute implements Transferable {
        @Override
        public void writeTransfer(TransferOutput out) {
            out.writeInt(1);
        }
    }

    private static final class Stuck implements Transferable {
        @Override
        public void writeTransfer(TransferOutput out) {
            throw new IllegalStateException("handle is closed");
        }
    }

    private final Trip.Descriptors descriptors = new Trip.Descriptors();

    private <T> T send(T value) {
        WireOutput out = new WireOutput(descriptors);
        out.writeByte(9);
        ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, TransferTest.class.getClassLoader());
        codec.encode(value, out);
        codec.encode("after", out);
        WireInput in = new WireInput(out.array(), 0, out.length(), descriptors.received());
        in.readByte();
        @SuppressWarnings("unchecked") // What was sent comes back.
        T back = (T) codec.decode(in);
        assertEquals("after", codec.decode(in));
        assertEquals(0, in.remaining());
        return back;
    }

    @Test
    void travelsAlone() {
        Door back = send(new Door("open", 17));
        assertEquals("open", back.name);
        assertEquals(17, back.descriptor);
        assertEquals(List.of(17), descriptors.added);
    }

    @Test
    void travelsInsideCollectionsOnce() {
        Door door = new Door("open one", 3);
        Door other = new Door("open other", 4);
        Map<String, Object> back = send(Map.of("a", List.of(door, door), "b", new Object[] {other, door}));
        assertEquals(1, door.written);
        List<?> list = (List<?>) back.get("a");
        assertSame(list.get(0), list.get(1));
        assertSame(list.get(0), ((Object[]) back.get("b"))[1]);
        assertEquals(2, descriptors.added.size());
        assertEquals(4, ((Door) ((Object[]) back.get("b"))[0]).descriptor);
    }

    @Test
    void travelsInsideSerializedObjectsOnce() {
        Door door = new Door("open", 3);
        House house = new House(door);
        house.rooms.add(new Room("kitchen", door, new Door[] {door, new Door("shut", -1)}));
        house.rooms.add(door);
        House back = send(house);
        assertEquals(1, door.written);
        assertEquals(3, back.door.descriptor);
        Room room = (Room) back.rooms.get(0);
        assertSame(back.door, room.door);
        assertSame(back.door, room.others[0]);
        assertSame(back.door, back.rooms.get(1));
        assertEquals("shut", room.others[1].name);
    }

    @Test
    void isWrittenOnceAlsoWhenTheCompactWayIsGivenUp() {
        Door door = new Door("open", 3);
        List<Object> back = send(List.of(door, Thread.State.NEW));
        assertEquals(1, door.written);
        assertEquals(1, descriptors.added.size());
        assertEquals(3, ((Door) back.get(0)).descriptor);
    }

    @Test
    void isCapturedByFunctions() throws Exception {
        Door door = new Door("open", 5);
        Room room = new Room("hall", door, null);
        Function0<String> name = () -> door.name + door.descriptor;
        assertEquals("open5", send(name).call());
        Function1<Integer, String> nameOfBoth = a -> door.name + a + (room.door == door);
        assertEquals("open1true", send(nameOfBoth).apply(1));
        assertEquals("open2true", send(send(nameOfBoth)).apply(2));
    }

    @Test
    void largeValuesAroundItArrive() {
        byte[] payload = new byte[100_000];
        payload[99_999] = 1;
        Object[] back = send(new Object[] {payload, new Door("open", 5), "end"});
        assertArrayEquals(payload, (byte[]) back[0]);
        assertNotSame(payload, back[0]);
        assertEquals("end", back[2]);
    }

    @Test
    void aCarrierOfBytesNamesTheObjectAndTheRemedy() {
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a one-way pipe"));
        ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, null);
        var error = assertThrows(SerializationException.class, () -> codec.encode(List.of(new Door("open", 5)), out));
        assertEquals("org.jmultiprocessing.internal.wire.Door cannot travel: it stands for an open descriptor, and a one-way pipe carries bytes only:"
            + " send it over a Unix socket (Pipe.duplex()) or pass it as an argument of the process", error.getMessage());
        assertEquals(0, out.length());
        codec.encode(new Door("shut", -1), out);
    }

    @Test
    void itsOwnErrorsReachTheSender() {
        var error = assertThrows(IllegalStateException.class, () -> send(Optional.of(1).map(x -> new Stuck()).get()));
        assertEquals("handle is closed", error.getMessage());
    }

    @Test
    void aTypeWithoutReaderIsAnErrorOfTheReceiver() {
        var error = assertThrows(SerializationException.class, () -> send(new Mute()));
        assertTrue(error.getMessage().contains("Transferable.register"), error.getMessage());
    }

    @Test
    void aReaderCannotReadBeyondItsObject() {
        Trip.Descriptors carrier = new Trip.Descriptors();
        WireOutput out = new WireOutput(carrier);
        new ObjectCodec(Trust.OWN_TREE, null).encode(new Door("open", 5), out);
        WireInput none = new WireInput(out.array(), 0, out.length(), null);
        ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, TransferTest.class.getClassLoader());
        var error = assertThrows(SerializationException.class, () -> codec.decode(none));
        assertTrue(error.getMessage().contains("descriptor 0"), error.getMessage());
    }

    @Test
    void descriptorsThatNobodyTookAreTheCarriers() {
        ReceivedDescriptors received = new ReceivedDescriptors(new int[] {7, 8, 9});
        assertEquals(8, received.take(1));
        assertThrows(SerializationException.class, () -> received.take(1));
        assertThrows(SerializationException.class, () -> received.take(3));
        assertArrayEquals(new int[] {7, 9}, received.takeRest());
        assertArrayEquals(new int[0], received.takeRest());
    }
}
