package org.jmultiprocessing.internal.wire;

/**
 * Single numbers, strings, booleans and null, as {@link ObjectCodec} writes them, with a fraction of its code: what is called seldom enough to be
 * still compiled, as calls of another process's objects are in the first second, is as fast as it is short.
 */
public final class Scalars {
    /** What {@link #read} returns of any other value. */
    public static final Object NONE = new Object();

    private Scalars() { }

    /**
     * @param value any
     * @param out gets it, if it is one of these
     * @return whether it is
     */
    public static boolean write(Object value, WireOutput out) {
        if (value instanceof Integer) {
            int number = (Integer) value;
            begin(out, Tag.INT);
            out.writeVar((number << 1 ^ number >> 31) & 0xFFFF_FFFFL);
        } else if (value == null) {
            begin(out, Tag.NULL);
        } else if (value instanceof String) {
            begin(out, Tag.STRING);
            out.writeString((String) value);
        } else if (value instanceof Long) {
            long number = (Long) value;
            begin(out, Tag.LONG);
            out.writeVar(number << 1 ^ number >> 63);
        } else if (value instanceof Double) {
            begin(out, Tag.DOUBLE);
            out.writeLong(Double.doubleToRawLongBits((Double) value));
        } else if (value instanceof Boolean) {
            begin(out, (Boolean) value ? Tag.TRUE : Tag.FALSE);
        } else {
            return false;
        }
        return true;
    }

    private static void begin(WireOutput out, int tag) {
        out.writeByte(Tag.MAGIC);
        out.writeByte(Tag.VERSION);
        out.writeByte(tag);
    }

    /**
     * @param in a message
     * @return the value that comes next; {@link #NONE}, with nothing read, if it is not one of these
     */
    public static Object read(WireInput in) {
        switch (in.tagAhead()) {
            case Tag.INT:
                in.skip(Tag.BEFORE_CONTENT);
                int number = (int) in.readVar();
                return number >>> 1 ^ -(number & 1);
            case Tag.NULL:
                in.skip(Tag.BEFORE_CONTENT);
                return null;
            case Tag.STRING:
                in.skip(Tag.BEFORE_CONTENT);
                return in.readString();
            default:
                return NONE;
        }
    }
}
