package org.jmultiprocessing.internal.wire;

/** Values that are arrays of byte arrays and nothing else: to decode one is to copy it, and runs no code of the program's. */
public final class ByteStrings {
    private ByteStrings() { }

    /**
     * @param bytes hold a value
     * @param offset where it begins
     * @param length of it
     * @return whether it is an {@code Object[]} of {@code byte[]}
     */
    public static boolean isArrayOf(byte[] bytes, int offset, int length) {
        WireInput in = new WireInput(bytes, offset, length, null);
        if (in.tagAhead() != Tag.OBJECTS) {
            return false;
        }
        in.skip(Tag.BEFORE_CONTENT);
        for (int left = in.readCount(1); left > 0; left--) {
            if (in.remaining() == 0 || in.readByte() != Tag.BYTES) {
                return false;
            }
            in.skip(in.readCount(1));
        }
        return in.remaining() == 0;
    }
}
