package org.jmultiprocessing.internal.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes values through the codec. */
final class Trip {
    private static final DescriptorCarrier BYTES_ONLY = DescriptorCarrier.bytesOnly("a test");

    private Trip() { }

    /** The bytes of a value that needs no descriptors. */
    static byte[] encode(Object value) {
        return encode(value, null);
    }

    static byte[] encode(Object value, String what) {
        WireOutput out = new WireOutput(BYTES_ONLY);
        new ObjectCodec(Trust.OWN_TREE, null).encode(value, out, what);
        return Arrays.copyOf(out.array(), out.length());
    }

    static Object decode(byte[] bytes, Trust trust) {
        return new ObjectCodec(trust, Trip.class.getClassLoader()).decode(new WireInput(bytes, 0, bytes.length, null));
    }

    static Object own(Object value) {
        return decode(encode(value), Trust.OWN_TREE);
    }

    static Object foreign(Object value) {
        return decode(encode(value), Trust.FOREIGN);
    }

    /** The type is the caller's guess, as in {@code Connection.recv}. */
    @SuppressWarnings("unchecked")
    static <T> T same(T value) {
        return (T) own(value);
    }

    /** Whether a value took the compact way. */
    static boolean isCompact(byte[] bytes) {
        return bytes[2] != Tag.JAVA;
    }

    /** Counts the descriptors that travel. */
    static final class Descriptors implements DescriptorCarrier {
        final List<Integer> added = new ArrayList<>();

        @Override
        public int add(int fd) {
            added.add(fd);
            return added.size() - 1;
        }

        ReceivedDescriptors received() {
            int[] fds = new int[added.size()];
            for (int i = 0; i < fds.length; i++) {
                fds[i] = added.get(i);
            }
            return new ReceivedDescriptors(fds);
        }
    }
}
