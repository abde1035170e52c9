package org.jmultiprocessing.internal.wire;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.spi.Codec;

/**
 * A message being read; the other side of {@link WireOutput}. It trusts no length: nothing is allocated that the bytes at hand cannot fill, and what
 * does not fit is a {@link SerializationException}. Not for several threads.
 */
public final class WireInput implements Codec.Input {
    private static final ReceivedDescriptors NONE = new ReceivedDescriptors(new int[0]);

    private final byte[] bytes;
    private final int limit;
    private final ReceivedDescriptors descriptors;
    private int position;
    private boolean fromOwnTree;

    /**
     * @param bytes holds the message; not copied
     * @param offset where it begins
     * @param length how many bytes it has
     * @param descriptors what came with it; null if the carrier takes bytes only
     */
    public WireInput(byte[] bytes, int offset, int length, ReceivedDescriptors descriptors) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.position = offset;
        this.limit = offset + length;
        this.descriptors = descriptors == null ? NONE : descriptors;
    }

    /** @return the index in the array of the byte that is read next */
    public int position() {
        return position;
    }

    @Override
    public int remaining() {
        return limit - position;
    }

    /** @return the next byte, 0 to 255 */
    public int readByte() {
        return bytes[advance(1)] & 0xFF;
    }

    @Override
    public int readInt() {
        int at = advance(4);
        return (bytes[at] & 0xFF) << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF;
    }

    @Override
    public long readLong() {
        return (long) readInt() << 32 | readInt() & 0xFFFF_FFFFL;
    }

    /** @return what {@link WireOutput#writeVar} wrote */
    public long readVar() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw corrupt("a number has more than ten bytes");
    }

    @Override
    public String readString() {
        long header = readVar();
        int width = (int) (header & 1) + 1;
        int count = checkCount(header >>> 1, width);
        int at = advance(count * width);
        if (width == 1) {
            return new String(bytes, at, count, StandardCharsets.ISO_8859_1);
        }
        char[] chars = new char[count];
        for (int i = 0; i < count; i++) {
            chars[i] = (char) (bytes[at + 2 * i] & 0xFF | bytes[at + 2 * i + 1] << 8);
        }
        return new String(chars);
    }

    @Override
    public byte[] readBytes() {
        int count = readCount(1);
        int at = advance(count);
        return Arrays.copyOfRange(bytes, at, at + count);
    }

    @Override
    public void read(byte[] target, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, target.length);
        System.arraycopy(bytes, advance(count), target, offset, count);
    }

    @Override
    public int readDescriptor() {
        long index = readVar();
        if (index == ReceivedDescriptors.DEPOSITED) {
            return ReceivedDescriptors.redeem(this);
        }
        return descriptors.take(index < 0 || index > Integer.MAX_VALUE ? -1 : (int) index);
    }

    /**
     * Reads how many things follow.
     *
     * @param width how many bytes each takes at least, not 0
     * @return a number of things that what is left can hold
     */
    int readCount(int width) {
        return checkCount(readVar(), width);
    }

    private int checkCount(long count, int width) {
        if (count < 0 || count > remaining() / width) {
            throw corrupt("a length goes beyond the end");
        }
        return (int) count;
    }

    /**
     * Splits off what follows.
     *
     * @param count how many bytes
     * @return a message of its own of them; this one goes on after them
     */
    public WireInput part(int count) {
        return new WireInput(bytes, advance(count), count, descriptors);
    }

    /** What the value that comes next begins with, if it is one without transferables in the format that is known here; else -1. */
    int tagAhead() {
        int at = position;
        return limit - at > 2 && (bytes[at] & 0xFF) == Tag.MAGIC && bytes[at + 1] == Tag.VERSION ? bytes[at + 2] : -1;
    }

    /** Goes on behind the next bytes. */
    void skip(int count) {
        advance(count);
    }

    /** Notes whose message this is; returns this. */
    WireInput from(Trust trust) {
        fromOwnTree = trust.isOwn();
        return this;
    }

    @Override
    public boolean isFromOwnTree() {
        return fromOwnTree;
    }

    /** @return the next bytes, little-endian, not copied */
    ByteBuffer view(int count) {
        return ByteBuffer.wrap(bytes, advance(count), count).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @return the last byte of those that are left, 0 to 255; there must be one */
    int lastByte() {
        return bytes[limit - 1] & 0xFF;
    }

    /** @return all that is left as a stream, not copied */
    InputStream stream() {
        int count = remaining();
        return new ByteArrayInputStream(bytes, advance(count), count);
    }

    /** @return an exception about the bytes, for the caller to throw */
    SerializationException corrupt(String problem) {
        return new SerializationException("the message is cut or corrupt: " + problem + ", at byte " + position + " of " + limit);
    }

    private int advance(int count) {
        int at = position;
        if (count < 0 || count > limit - at) {
            throw corrupt("it ends too early");
        }
        position = at + count;
        return at;
    }
}
