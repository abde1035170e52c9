package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Task2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("serial") // That private methods can be called from serializable lambdas is not what is tested.
class CorruptInputTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private record Node(String name, int[] numbers, Map<String, Object> more, Node next) implements Serializable {
    }

    private static List<byte[]> samples() {
        String captured = "captured";
        Function1<Integer, String> function = a -> captured + a;
        Task2<Integer, String> reference = CorruptInputTest::target;
        Map<String, Object> more = new HashMap<>(Map.of("k", new ArrayList<>(List.of(1, 2)), "l", new TreeMap<>(Map.of("x", 1.5))));
        List<Object> samples = List.of(
            new ArrayList<>(Arrays.asList(1, "text", null, 3L, 2.5, 'c', "ж")), new HashMap<>(Map.of("a", List.of(1, 2, 3), "b", Set.of("x", "y"))),
            Map.of("k", Map.of(1, 2), "l", new LinkedHashSet<>(List.of(1))), new LinkedHashMap<>(Map.of(1, new String[] {"a", null})),
            new Object[] {new int[] {1, 2}, new byte[10], new double[2], new boolean[3], new char[4], new long[1], new short[1], new float[1]},
            function, reference, List.of(function, new Door("shut", -1)), new Door("shut", -1),
            new LinkedList<>(List.of(1, "x")), new Node("n", new int[] {1, 2, 3}, more, new Node("m", null, null, null)),
            new LinkedList<>(List.of(new Door("shut", -1), function)), Thread.State.NEW, Arrays.asList(1, 2), "text", 5);
        List<byte[]> encoded = new ArrayList<>();
        for (Object sample : samples) {
            encoded.add(Trip.encode(sample));
        }
        return encoded;
    }

    private static void target(int a, String b) {
        assertTrue(a > 0 || b != null);
    }

    /** Decodes, lets nothing but the documented exception pass, and bounds what was allocated. */
    private static boolean survives(byte[] bytes, Trust trust, String how) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        boolean decoded = true;
        try {
            Trip.decode(bytes, trust);
        } catch (SerializationException e) {
            decoded = false;
        } catch (RuntimeException | Error e) {
            fail(how + " " + HexFormat.of().formatHex(bytes), e);
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 16 << 20, () -> how + " allocated " + allocated + " " + HexFormat.of().formatHex(bytes));
        return decoded;
    }

    @Test
    void mutationsThrowNothingElse() {
        Random random = new Random(20260101);
        List<byte[]> samples = samples();
        int decoded = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                int at = random.nextInt(bytes.length);
                switch (random.nextInt(4)) {
                    case 0 -> bytes[at] = (byte) random.nextInt(256);
                    case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                    case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
                    default -> bytes = Arrays.copyOf(bytes, Math.max(1, random.nextInt(bytes.length + 1)));
                }
            }
            if (survives(bytes, i % 4 == 0 ? Trust.FOREIGN : Trust.OWN_TREE, "mutation " + i)) {
                decoded++;
            }
        }
        assertTrue(decoded > 100 && decoded < 19_000, "decoded " + decoded);
    }

    @Test
    void everyCutIsNoticed() {
        for (byte[] sample : samples()) {
            for (int length = 0; length < sample.length; length++) {
                byte[] cut = Arrays.copyOf(sample, length);
                assertThrows(SerializationException.class, () -> Trip.decode(cut, Trust.OWN_TREE), "cut at " + cut.length + " of " + sample.length);
            }
        }
    }

    /** A tag, and a length of 2^31-1, in ten bytes. */
    @Test
    void lengthsAreNotBelieved() {
        for (int tag = 0; tag < 64; tag++) {
            byte[] bytes = {(byte) Tag.MAGIC, Tag.VERSION, (byte) tag, -1, -1, -1, -1, 7, 0, 0};
            survives(bytes, Trust.FOREIGN, "tag " + tag);
            survives(bytes, Trust.OWN_TREE, "tag " + tag);
        }
    }

    /** Each of the nested lists claims as many elements as there are bytes left. */
    @Test
    void nestedLengthsAreNotBelievedTogether() {
        for (int tag : new int[] {Tag.ARRAY_LIST, Tag.OBJECTS, Tag.HASH_SET, Tag.LIST_OF, Tag.HASH_MAP}) {
            WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a test"));
            out.writeByte(Tag.MAGIC);
            out.writeByte(Tag.VERSION);
            for (int depth = 0; depth < 90; depth++) {
                out.writeByte(tag);
                out.writeVar(200_000);
                if (tag == Tag.HASH_MAP) {
                    out.writeByte(Tag.NULL);
                }
            }
            byte[] bytes = Arrays.copyOf(out.array(), 500_000);
            survives(bytes, Trust.FOREIGN, "tag " + tag);
        }
    }

    @Test
    void nestingIsBounded() {
        byte[] bytes = new byte[100_000];
        for (int i = 2; i + 1 < bytes.length; i += 2) {
            bytes[i] = Tag.ARRAY_LIST;
            bytes[i + 1] = 1;
        }
        bytes[0] = (byte) Tag.MAGIC;
        bytes[1] = Tag.VERSION;
        assertTrue(message(bytes).contains("100 deep"), message(bytes));
    }

    @Test
    void arraysOfObjectStreamsAreBounded() {
        byte[] bytes = Trip.encode(new LinkedList<>(List.of(new long[5])));
        int at = bytes.length - 5 * 8 - 4 - 1;
        while (!(bytes[at] == 0 && bytes[at + 3] == 5)) {
            at--;
        }
        bytes[at] = 0x7F;
        assertTrue(message(bytes).contains("array of"), message(bytes));
    }

    private static String message(byte[] bytes) {
        return assertThrows(SerializationException.class, () -> Trip.decode(bytes, Trust.OWN_TREE)).getMessage();
    }

    /** What CPython's {@code pickle.dumps} returns for some values in each protocol. */
    @ParameterizedTest
    @CsvSource({
        "0, list, 286c70300a49310a6156610a70310a612e",
        "1, list, 5d7100284b015801000000617101652e",
        "2, list, 80025d7100284b015801000000617101652e",
        "3, list, 80035d7100284b015801000000617101652e",
        "4, list, 8004950b000000000000005d94284b018c016194652e",
        "5, list, 8005950b000000000000005d94284b018c016194652e",
        "0, int, 4934320a2e",
        "1, int, 4b2a2e",
        "2, int, 80024b2a2e",
        "3, int, 80034b2a2e",
        "4, int, 80044b2a2e",
        "5, int, 80054b2a2e",
        "0, str, 56746578740a70300a2e",
        "1, str, 58040000007465787471002e",
        "2, str, 800258040000007465787471002e",
        "3, str, 800358040000007465787471002e",
        "4, str, 80049508000000000000008c0474657874942e",
        "5, str, 80059508000000000000008c0474657874942e",
        "0, dict, 286470300a566b0a70310a46322e350a732e",
        "1, dict, 7d710058010000006b7101474004000000000000732e",
        "2, dict, 80027d710058010000006b7101474004000000000000732e",
        "3, dict, 80037d710058010000006b7101474004000000000000732e",
        "4, dict, 80049511000000000000007d948c016b94474004000000000000732e",
        "5, dict, 80059511000000000000007d948c016b94474004000000000000732e",
        "0, None, 4e2e",
        "1, None, 4e2e",
        "2, None, 80024e2e",
        "3, None, 80034e2e",
        "4, None, 80044e2e",
        "5, None, 80054e2e",
        "0, tuple, 2849310a49320a7470300a2e",
        "1, tuple, 284b014b027471002e",
        "2, tuple, 80024b014b028671002e",
        "3, tuple, 80034b014b028671002e",
        "4, tuple, 80049507000000000000004b014b0286942e",
        "5, tuple, 80059507000000000000004b014b0286942e",
        "0, bytes, 635f636f646563730a656e636f64650a70300a2856780a70310a566c6174696e310a70320a7470330a5270340a2e",
        "1, bytes, 635f636f646563730a656e636f64650a710028580100000078710158060000006c6174696e3171027471035271042e",
        "2, bytes, 8002635f636f646563730a656e636f64650a7100580100000078710158060000006c6174696e3171028671035271042e",
        "3, bytes, 800343017871002e",
        "4, bytes, 8004950500000000000000430178942e",
        "5, bytes, 8005950500000000000000430178942e",
    })
    void picklesAreRecognized(int protocol, String type, String hex) {
        String message = message(HexFormat.of().parseHex(hex));
        assertTrue(message.contains("Python pickle") && message.contains("recvBytes"), () -> protocol + " " + type + ": " + message);
    }

    @Test
    void otherBytesSayWhatTheyAre() {
        assertTrue(message(new byte[0]).contains("empty"));
        assertTrue(message("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8)).contains("recvBytes"));
        assertTrue(message(new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5, 's'}).contains("Java object stream"));
        assertTrue(message(new byte[] {(byte) Tag.MAGIC, 9, 0}).contains("format 9"));
        assertEquals("the message is cut or corrupt: no value begins with 63, at byte 3 of 3", message(new byte[] {(byte) Tag.MAGIC, 1, 63}));
    }
}
