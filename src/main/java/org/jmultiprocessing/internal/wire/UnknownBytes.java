package org.jmultiprocessing.internal.wire;

import org.jmultiprocessing.errors.SerializationException;

/** Says what bytes are that this codec did not write. */
final class UnknownBytes {
    /** What protocols 0 and 1, which have no header, can begin a pickle with: the opcodes that put something on an empty stack. */
    private static final String PICKLE_OPCODES = "(]})BCFGIJKLMNPSTUVXc";
    private static final int PICKLE_PROTOCOL = 0x80;
    private static final int PICKLE_STOP = '.';
    private static final int JAVA_STREAM = 0xAC;

    private UnknownBytes() { }

    /** Reads the first byte of a value, or says why there is no value. */
    static void requireMagic(WireInput in) {
        if (in.remaining() == 0) {
            throw new SerializationException("the message is empty, so it is no value: it was sent as bytes, receive it by recvBytes");
        }
        int last = in.lastByte();
        int first = in.readByte();
        if (first == Tag.MAGIC) {
            return;
        }
        if (first == PICKLE_PROTOCOL || last == PICKLE_STOP && PICKLE_OPCODES.indexOf(first) >= 0) {
            throw new SerializationException("this is a Python pickle, which Java cannot read:"
                + " let the Python side send bytes (send_bytes) and receive them by recvBytes");
        }
        if (first == JAVA_STREAM) {
            throw new SerializationException("this is a Java object stream that somebody wrote by hand: receive it by recvBytes");
        }
        throw new SerializationException("these bytes are no value of this library, they begin with 0x" + Integer.toHexString(first)
            + ": if they were sent as bytes, receive them by recvBytes");
    }
}
