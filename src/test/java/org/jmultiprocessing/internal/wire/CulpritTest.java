package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Task;
import org.junit.jupiter.api.Test;

@SuppressWarnings("serial") // That all this does not serialize is what is tested.
class CulpritTest {
    private static final class Wire {
    }

    private static final class Job implements Serializable {
        private final Object connection;
        final transient Wire ignored = new Wire();

        Job(Object connection) {
            this.connection = connection;
        }
    }

    private record Envelope(String name, Object content) implements Serializable {
    }

    private final class Inner implements Serializable {
        int size() {
            return CulpritTest.this.hashCode();
        }
    }

    private static final class Angry implements Serializable {
        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new IllegalStateException("not today");
        }
    }

    private static final class Chain implements Serializable {
        private final Chain next;

        Chain(Chain next) {
            this.next = next;
        }
    }

    private final int field = 1;

    private static String error(Object value, String what) {
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a test"));
        out.writeByte(1);
        var error = assertThrows(SerializationException.class, () -> new ObjectCodec(Trust.OWN_TREE, null).encode(value, out, what));
        assertEquals(1, out.length());
        return error.getMessage();
    }

    private static void assertPath(String path, Object value) {
        assertEquals("argument 2 -> " + path + Wire.class.getName() + " is not Serializable: ", error(value, "argument 2").replaceAll(
            "(?<=is not Serializable: ).*", ""));
    }

    @Test
    void theValueItself() {
        assertPath("", new Wire());
        assertEquals(Wire.class.getName() + " is not Serializable: let it implement Serializable or Transferable", error(new Wire(), null));
    }

    @Test
    void aField() {
        assertPath("CulpritTest$Job.connection -> ", new Job(new Wire()));
        assertTrue(error(new Job(new Wire()), null).endsWith(": make the field transient or implement Transferable"));
    }

    @Test
    void elementsOfCollections() {
        assertPath("ArrayList[1] -> ", new ArrayList<>(List.of(1, new Wire())));
        assertPath("HashMap[key] -> CulpritTest$Job.connection -> ", new HashMap<>(Map.of("key", new Job(new Wire()))));
        assertPath("java.lang.Object[][2] -> CulpritTest$Envelope.content -> ImmutableCollections$List12[0] -> ",
            new Object[] {1, 2, new Envelope("e", List.of(new Wire()))});
    }

    @Test
    void fieldsOfTheJdkAreFoundAsFarAsTheyAreOpen() {
        String message = error(new Job(new Thread("t")), null);
        assertTrue(message.startsWith("CulpritTest$Job.connection -> java.lang.Thread is not Serializable"), message);
        message = error(new Job(java.util.concurrent.CompletableFuture.completedFuture(1)), "argument 1");
        assertTrue(message.startsWith("argument 1 -> CulpritTest$Job.connection -> java.util.concurrent.CompletableFuture is not"), message);
    }

    @Test
    void socketsAndChannelsSayWhatToDoInstead() throws IOException {
        try (SocketChannel channel = SocketChannel.open(); Socket socket = new Socket(); ServerSocket server = new ServerSocket()) {
            for (Object unsendable : List.of(channel, socket, server, new Job(channel))) {
                String message = error(unsendable, "argument 1");
                assertTrue(message.contains(" is not Serializable: the JDK tells nobody its descriptor. Send what it takes to open it"), message);
                assertTrue(message.contains("Listener and Client") && message.contains("Handles.send"), message);
                assertTrue(message.contains("Connection.ofDescriptor"), message);
            }
        }
    }

    @Test
    void whatALambdaCaptures() {
        Wire wire = new Wire();
        ReentrantLock fine = new ReentrantLock();
        Task task = () -> System.out.println(fine + "" + wire);
        assertPath("the lambda in " + CulpritTest.class.getName() + ", captured argument 1 -> ", task);
        assertTrue(error(task, null).endsWith(": make the object inside the lambda, or let it implement Serializable or Transferable"));
        Function0<Integer> usesThis = () -> field;
        String message = error(usesThis, "the target");
        assertEquals("the target -> the lambda in " + CulpritTest.class.getName() + ", captured this -> " + CulpritTest.class.getName()
            + " is not Serializable: the lambda uses its fields or methods: copy what it needs into local variables, or call static methods",
            message);
        Inner inner = new Inner();
        Function0<Integer> bound = inner::size;
        message = error(bound, null);
        assertTrue(message.contains("captured argument 0 -> CulpritTest$Inner.this$0 -> "), message);
        assertTrue(message.contains("make CulpritTest$Inner static"), message);
    }

    @Test
    void aLambdaThatIsNotSerializable() {
        Runnable runnable = () -> System.out.println("x");
        String message = error(new Job(runnable), null);
        assertTrue(message.startsWith("CulpritTest$Job.connection -> a lambda of " + CulpritTest.class.getName() + " is not Serializable:"), message);
        assertTrue(message.contains("org.jmultiprocessing.task") && message.contains("(Runnable & java.io.Serializable)"), message);
    }

    @Test
    void theCauseIsKept() {
        var error = assertThrows(SerializationException.class, () -> Trip.encode(new Wire()));
        assertInstanceOf(NotSerializableException.class, error.getCause());
    }

    @Test
    void aWriteObjectThatFails() {
        var error = assertThrows(SerializationException.class, () -> Trip.encode(new Angry(), "argument 1"));
        assertTrue(error.getMessage().startsWith("argument 1 cannot be written: ") && error.getMessage().contains("not today"), error.getMessage());
    }

    @Test
    void anEndlessChain() {
        Chain chain = null;
        for (int i = 0; i < 1_000_000; i++) {
            chain = new Chain(chain);
        }
        String message = error(chain, null);
        assertTrue(message.startsWith("CulpritTest$Chain is nested too deeply"), message);
    }
}
