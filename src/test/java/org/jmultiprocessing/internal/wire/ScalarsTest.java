package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short ways write and read what the codec does. */
class ScalarsTest {
    private static final ObjectCodec CODEC = new ObjectCodec(Trust.OWN_TREE, null);

    private static WireOutput output() {
        return new WireOutput(DescriptorCarrier.bytesOnly("a test"));
    }

    private static byte[] encoded(Object value) {
        WireOutput out = output();
        CODEC.encode(value, out);
        return Arrays.copyOf(out.array(), out.length());
    }

    @Test
    void scalarsAreWrittenAsTheCodecWritesThem() {
        for (Object value : new Object[] {null, 0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 7L, Long.MIN_VALUE, 1.5, true, false, "", "text",
            "\u20ac", "long ".repeat(1_000)}) {
            WireOutput out = output();
            assertTrue(Scalars.write(value, out));
            byte[] bytes = Arrays.copyOf(out.array(), out.length());
            assertArrayEquals(encoded(value), bytes);
            WireInput in = new WireInput(bytes, 0, bytes.length, null);
            Object read = Scalars.read(in);
            if (read == Scalars.NONE) {
                assertEquals(bytes.length, in.remaining());
                read = CODEC.decode(in);
            }
            assertEquals(value, read);
            assertEquals(0, in.remaining());
        }
    }

    @Test
    void whatElseThereIsGoesToTheCodec() {
        for (Object value : new Object[] {List.of(1), new int[] {1}, (short) 1, new Object[0]}) {
            WireOutput out = output();
            assertFalse(Scalars.write(value, out));
            assertEquals(0, out.length());
            byte[] bytes = encoded(value);
            WireInput in = new WireInput(bytes, 0, bytes.length, null);
            assertSame(Scalars.NONE, Scalars.read(in));
            assertEquals(bytes.length, in.remaining());
        }
        assertSame(Scalars.NONE, Scalars.read(new WireInput(new byte[] {1, 2}, 0, 2, null)));
    }

    private static boolean isArrayOfBytes(Object value) {
        byte[] bytes = encoded(value);
        return ByteStrings.isArrayOf(bytes, 0, bytes.length);
    }

    @Test
    void arraysOfByteArraysAreToldFromOthers() {
        assertTrue(isArrayOfBytes(new Object[] {new byte[10], new byte[0], new byte[1_000]}));
        assertTrue(isArrayOfBytes(new Object[0]));
        assertFalse(isArrayOfBytes(new Object[] {new byte[10], null}));
        assertFalse(isArrayOfBytes(new Object[] {new byte[10], "text"}));
        assertFalse(isArrayOfBytes(new byte[10]));
        assertFalse(isArrayOfBytes(new Object[] {new byte[10], List.of(new byte[1])}));
    }
}
