package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;
import org.jmultiprocessing.task.Task;
import org.junit.jupiter.api.Test;

@SuppressWarnings("serial") // That lambdas may call what is not public is not what is tested.
class TrustTest {
    private static final AtomicInteger INITIALIZED = new AtomicInteger();
    private static final String HERE = TrustTest.class.getName();

    /** The names of these classes are put into messages in place of names as long. */
    static final class TrapFunction {
        static {
            INITIALIZED.incrementAndGet();
        }

        static void run() {
            INITIALIZED.incrementAndGet();
        }
    }

    static final class GoodFunction {
        static void run() {
            INITIALIZED.get();
        }
    }

    static final class TrapTransfer implements Transferable {
        static {
            INITIALIZED.incrementAndGet();
        }

        @Override
        public void writeTransfer(TransferOutput out) {
            out.writeInt(1);
        }
    }

    static final class GoodTransfer implements Transferable {
        static {
            Transferable.register(GoodTransfer.class, GoodTransfer::readTransfer);
        }

        @Override
        public void writeTransfer(TransferOutput out) {
            out.writeInt(1);
        }

        private static GoodTransfer readTransfer(TransferInput in) {
            in.readInt();
            return new GoodTransfer();
        }
    }

    record Payload(Integer number, List<String> texts) implements Serializable {
    }

    enum Color { RED }

    private static byte[] rename(byte[] bytes, String from, String to) {
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from));
        return text.replace(from, to).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String refusal(byte[] bytes, Trust trust) {
        return assertThrows(SerializationException.class, () -> Trip.decode(bytes, trust)).getMessage();
    }

    @Test
    void functionsOfOthersAreRefusedBeforeTheirClassIsLookedUp() {
        Task task = GoodFunction::run;
        byte[] trap = rename(Trip.encode(task), "GoodFunction", "TrapFunction");
        byte[] unknown = rename(Trip.encode(task), "GoodFunction", "BadXFunction");
        Trust all = Trust.foreign(info -> ObjectInputFilter.Status.ALLOWED);
        for (Trust trust : new Trust[] {Trust.FOREIGN, all}) {
            for (byte[] bytes : new byte[][] {trap, unknown, Trip.encode(List.of(1, task))}) {
                String message = refusal(bytes, trust);
                assertTrue(message.contains("a function, which is code"), message);
            }
        }
        String message = refusal(unknown, Trust.OWN_TREE);
        assertTrue(message.contains(HERE + "$BadXFunction") && message.contains("class path"), message);
        assertEquals(0, INITIALIZED.get());
    }

    @Test
    void transferablesOfOthersNeedAFilterThatAllowsThem() {
        byte[] good = Trip.encode(List.of(new GoodTransfer()));
        byte[] trap = rename(good, "GoodTransfer", "TrapTransfer");
        assertTrue(refusal(trap, Trust.FOREIGN).contains("ObjectInputFilter"));
        Trust trust = Trust.foreign(ObjectInputFilter.Config.createFilter(HERE + "$Good*"));
        assertTrue(refusal(trap, trust).contains("does not allow " + HERE + "$TrapTransfer"));
        assertEquals(0, INITIALIZED.get());
        assertInstanceOf(GoodTransfer.class, ((List<?>) Trip.decode(good, trust)).get(0));
        String message = refusal(rename(good, "GoodTransfer", "GoodFunction"), Trust.OWN_TREE);
        assertTrue(message.contains("is no Transferable"), message);
    }

    @Test
    void objectsOfOthersNeedAFilterThatAllowsThem() {
        byte[] bytes = Trip.encode(new Payload(1, new LinkedList<>(List.of("x"))));
        assertTrue(refusal(bytes, Trust.FOREIGN).contains("ObjectInputFilter"));
        Trust partly = Trust.foreign(ObjectInputFilter.Config.createFilter(HERE + "$*"));
        assertTrue(refusal(bytes, partly).contains("does not allow java.util.LinkedList"));
        Trust wholly = Trust.foreign(ObjectInputFilter.Config.createFilter(HERE + "$*;java.util.LinkedList;!*"));
        String message = refusal(bytes, wholly);
        assertTrue(message.contains("does not allow java.lang.Integer"), message);
        Trust boxes = Trust.foreign(ObjectInputFilter.Config.createFilter(HERE + "$*;java.util.LinkedList"));
        assertEquals(new Payload(1, List.of("x")), Trip.decode(bytes, boxes));
        assertEquals(Color.RED, Trip.decode(Trip.encode(Color.RED), boxes));
    }

    @Test
    void limitsOfTheUsersFilterCount() {
        byte[] bytes = Trip.encode(new LinkedList<>(List.of(new int[100])));
        Trust trust = Trust.foreign(ObjectInputFilter.Config.createFilter("maxarray=50;java.util.*"));
        assertTrue(refusal(bytes, trust).contains("does not allow int[] with 100 elements"), refusal(bytes, trust));
    }

    @Test
    void compactValuesOfOthersAreWelcome() {
        assertEquals(List.of("a", 1), Trip.foreign(new ArrayList<>(List.of("a", 1))));
    }
}
