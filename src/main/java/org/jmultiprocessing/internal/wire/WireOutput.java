package org.jmultiprocessing.internal.wire;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.spi.Codec;

/**
 * A message being written: bytes that grow, and a carrier for descriptors. Fixed-size numbers are big-endian. Not for several threads.
 *
 * <p>The bytes are handed out without a copy by {@link #array} and {@link #length}.
 */
public final class WireOutput implements Codec.Output {
    /** HotSpot allocates no longer array. */
    private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;
    /** What is longer is worth two copies and a comparison. */
    private static final int LONG_STRING = 512;

    private final DescriptorCarrier carrier;
    private byte[] buffer;
    private int length;
    private Set<Class<?>> classes;

    /** @param carrier takes descriptors */
    public WireOutput(DescriptorCarrier carrier) {
        this(carrier, new byte[256]);
    }

    /**
     * @param carrier takes descriptors
     * @param buffer used as long as it is large enough
     */
    public WireOutput(DescriptorCarrier carrier, byte[] buffer) {
        this.carrier = Objects.requireNonNull(carrier, "carrier");
        this.buffer = buffer;
    }

    /** @return the array that holds the message from index 0 on, until the next write */
    public byte[] array() {
        return buffer;
    }

    /** @return how many bytes have been written */
    public int length() {
        return length;
    }

    /**
     * Forgets what was written last.
     *
     * @param newLength how many bytes to keep
     */
    public void truncate(int newLength) {
        Objects.checkIndex(newLength, length + 1);
        length = newLength;
    }

    /** Notes from now on which classes the reader has to find. */
    public void recordClasses() {
        classes = new LinkedHashSet<>();
    }

    /** @return the classes noted since {@link #recordClasses} */
    public Set<Class<?>> classes() {
        return classes;
    }

    /** Says that the reader has to find a class. */
    void noteClass(Class<?> type) {
        if (classes != null) {
            classes.add(type);
        }
    }

    /** As {@link #noteClass}, of several; returns whether they are noted, and so sent by the caller if need be. */
    boolean takesClasses(Collection<Class<?>> types) {
        return classes != null && (classes.addAll(types) || classes.containsAll(types));
    }

    /** @param value its lowest eight bits are written */
    public void writeByte(int value) {
        if (length == buffer.length) {
            grow(1);
        }
        buffer[length++] = (byte) value;
    }

    @Override
    public void writeInt(int value) {
        length = reserve(4) + 4;
        setInt(length - 4, value);
    }

    /**
     * Overwrites four bytes.
     *
     * @param at where they were written
     * @param value takes their place
     */
    public void setInt(int at, int value) {
        buffer[at] = (byte) (value >> 24);
        buffer[at + 1] = (byte) (value >> 16);
        buffer[at + 2] = (byte) (value >> 8);
        buffer[at + 3] = (byte) value;
    }

    @Override
    public void writeLong(long value) {
        writeInt((int) (value >> 32));
        writeInt((int) value);
    }

    /** @param value not negative and then short if it is small, or any number of 64 bits */
    public void writeVar(long value) {
        int at = reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[at++] = (byte) rest;
        length = at;
    }

    /** Latin-1 if that can hold it, else UTF-16: the first is a copy, and neither loses an unpaired surrogate. */
    @Override
    public void writeString(String value) {
        int start = length;
        int count = value.length();
        writeVar((long) count << 1);
        int at = reserve(count);
        if (count > LONG_STRING ? copyLatin1(value, at) : narrow(value, at)) {
            length = at + count;
        } else {
            length = start;
            writeUtf16(value);
        }
    }

    /** Returns whether Latin-1 holds it. */
    private boolean narrow(String value, int at) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 0xFF) {
                return false;
            }
            buffer[at + i] = (byte) c;
        }
        return true;
    }

    /** As {@link #narrow}, by operations that the JVM has for whole arrays. */
    @SuppressWarnings("deprecation") // What it does with other characters is what the comparison finds.
    private boolean copyLatin1(String value, int at) {
        value.getBytes(0, value.length(), buffer, at);
        return value.equals(new String(buffer, at, value.length(), StandardCharsets.ISO_8859_1));
    }

    private void writeUtf16(String value) {
        int count = value.length();
        writeVar((long) count << 1 | 1);
        int at = reserve(2L * count);
        for (int i = 0; i < count; i++) {
            char c = value.charAt(i);
            buffer[at++] = (byte) c;
            buffer[at++] = (byte) (c >> 8);
        }
        length = at;
    }

    @Override
    public void writeBytes(byte[] value) {
        writeVar(value.length);
        write(value, 0, value.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        int at = reserve(count);
        System.arraycopy(bytes, offset, buffer, at, count);
        length += count;
    }

    @Override
    public void writeDescriptor(int fd) {
        carrier.write(fd, this);
    }

    /**
     * Adds room that the caller fills.
     *
     * @param count how many bytes
     * @return the room, little-endian
     */
    ByteBuffer room(long count) {
        int at = reserve(count);
        length = at + (int) count;
        return ByteBuffer.wrap(buffer, at, (int) count).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Moves what follows {@code at} by {@code count} bytes. */
    void insert(int at, int count) {
        reserve(count);
        System.arraycopy(buffer, at, buffer, at + count, length - at);
        length += count;
    }

    /** @return a stream whose bytes are added to this message */
    OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int value) {
                writeByte(value);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                WireOutput.this.write(bytes, offset, count);
            }
        };
    }

    /** Makes sure that there is room for so many bytes; returns where they begin. */
    private int reserve(long count) {
        if (count > buffer.length - length) {
            grow(count);
        }
        return length;
    }

    private void grow(long count) {
        long needed = length + count;
        if (needed > MAX_LENGTH) {
            throw new SerializationException(
                "the value takes more than 2 GiB, which is the most that one message holds: send it in pieces, raw bytes by sendBytes");
        }
        buffer = Arrays.copyOf(buffer, (int) Math.min(MAX_LENGTH, Math.max(needed, 2L * buffer.length)));
    }
}
