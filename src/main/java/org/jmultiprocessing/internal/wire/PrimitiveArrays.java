package org.jmultiprocessing.internal.wire;

/** Arrays of primitives, copied in bulk: a length, and the elements little-endian as most machines hold them. */
final class PrimitiveArrays {
    private PrimitiveArrays() { }

    /** Writes the array if it is one of primitives; returns false and writes nothing if not. */
    static boolean write(WireOutput out, Object array, Class<?> type) {
        if (type == byte[].class) {
            out.writeByte(Tag.BYTES);
            out.writeBytes((byte[]) array);
        } else if (type == int[].class) {
            int[] values = (int[]) array;
            begin(out, Tag.INTS, values.length);
            out.room(4L * values.length).asIntBuffer().put(values);
        } else if (type == long[].class) {
            long[] values = (long[]) array;
            begin(out, Tag.LONGS, values.length);
            out.room(8L * values.length).asLongBuffer().put(values);
        } else if (type == double[].class) {
            double[] values = (double[]) array;
            begin(out, Tag.DOUBLES, values.length);
            out.room(8L * values.length).asDoubleBuffer().put(values);
        } else if (type == float[].class) {
            float[] values = (float[]) array;
            begin(out, Tag.FLOATS, values.length);
            out.room(4L * values.length).asFloatBuffer().put(values);
        } else if (type == short[].class) {
            short[] values = (short[]) array;
            begin(out, Tag.SHORTS, values.length);
            out.room(2L * values.length).asShortBuffer().put(values);
        } else if (type == char[].class) {
            char[] values = (char[]) array;
            begin(out, Tag.CHARS, values.length);
            out.room(2L * values.length).asCharBuffer().put(values);
        } else if (type == boolean[].class) {
            boolean[] values = (boolean[]) array;
            begin(out, Tag.BOOLEANS, values.length);
            var room = out.room(values.length);
            for (boolean value : values) {
                room.put((byte) (value ? 1 : 0));
            }
        } else {
            return false;
        }
        return true;
    }

    private static void begin(WireOutput out, int tag, int length) {
        out.writeByte(tag);
        out.writeVar(length);
    }

    /** Reads the array that a tag from {@link Tag#BOOLEANS} to {@link Tag#DOUBLES} announces. */
    static Object read(WireInput in, int tag) {
        switch (tag) {
            case Tag.BYTES:
                return in.readBytes();
            case Tag.INTS:
                int[] ints = new int[in.readCount(4)];
                in.view(4 * ints.length).asIntBuffer().get(ints);
                return ints;
            case Tag.LONGS:
                long[] longs = new long[in.readCount(8)];
                in.view(8 * longs.length).asLongBuffer().get(longs);
                return longs;
            case Tag.DOUBLES:
                double[] doubles = new double[in.readCount(8)];
                in.view(8 * doubles.length).asDoubleBuffer().get(doubles);
                return doubles;
            case Tag.FLOATS:
                float[] floats = new float[in.readCount(4)];
                in.view(4 * floats.length).asFloatBuffer().get(floats);
                return floats;
            case Tag.SHORTS:
                short[] shorts = new short[in.readCount(2)];
                in.view(2 * shorts.length).asShortBuffer().get(shorts);
                return shorts;
            case Tag.CHARS:
                char[] chars = new char[in.readCount(2)];
                in.view(2 * chars.length).asCharBuffer().get(chars);
                return chars;
            case Tag.BOOLEANS:
                boolean[] booleans = new boolean[in.readCount(1)];
                for (int i = 0; i < booleans.length; i++) {
                    booleans[i] = in.readByte() != 0;
                }
                return booleans;
            default:
                throw new IllegalArgumentException("no array has tag " + tag);
        }
    }
}
