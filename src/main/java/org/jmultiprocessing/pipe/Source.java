package org.jmultiprocessing.pipe;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Io;

/** Bytes of a frame on their way out. */
abstract class Source {
    /** How many are left to write. */
    abstract long left();

    /** Writes what there is room for; returns how many, or {@link Io#WOULD_BLOCK}. At least one is left. */
    abstract int writeTo(Fd fd) throws IOException;

    /** The rest, independent of what the caller may change once its call has ended with an exception. */
    abstract Source kept();

    /** A stretch of an array; reused for the heads of frames. */
    static final class Bytes extends Source {
        private byte[] array;
        private int offset;
        private int end;

        Bytes(byte[] array, int offset, int end) {
            set(array, offset, end);
        }

        void set(byte[] newArray, int newOffset, int newEnd) {
            array = newArray;
            offset = newOffset;
            end = newEnd;
        }

        byte[] array() {
            return array;
        }

        int offset() {
            return offset;
        }

        void skip(int count) {
            offset += count;
        }

        @Override
        long left() {
            return end - offset;
        }

        @Override
        int writeTo(Fd fd) {
            int count = Io.write(fd, array, offset, end - offset);
            if (count > 0) {
                offset += count;
            }
            return count;
        }

        @Override
        Source kept() {
            return new Bytes(Arrays.copyOfRange(array, offset, end), 0, end - offset);
        }
    }

    /** Anything that gives its bytes in pieces: copied through a chunk. It stays in use until its last byte is out. */
    abstract static class Chunked extends Source {
        private static final int CHUNK = 1 << 18;

        private final Bytes chunk = new Bytes(new byte[0], 0, 0);
        private long unread;

        Chunked(long length) {
            unread = length;
        }

        /** Fills all of the stretch. */
        abstract void fill(byte[] target, int length) throws IOException;

        @Override
        long left() {
            return chunk.left() + unread;
        }

        @Override
        int writeTo(Fd fd) throws IOException {
            if (chunk.left() == 0) {
                int size = (int) Math.min(CHUNK, unread);
                byte[] array = chunk.array().length >= size ? chunk.array() : new byte[size];
                fill(array, size);
                unread -= size;
                chunk.set(array, 0, size);
            }
            return chunk.writeTo(fd);
        }

        @Override
        Source kept() {
            return this;
        }
    }

    /** Several buffers, by duplicates of them. */
    static final class Buffers extends Chunked {
        private final ByteBuffer[] buffers;
        private int next;

        Buffers(ByteBuffer[] buffers, long length) {
            super(length);
            this.buffers = buffers;
        }

        @Override
        void fill(byte[] target, int length) {
            int filled = 0;
            while (filled < length) {
                ByteBuffer buffer = buffers[next];
                int count = Math.min(buffer.remaining(), length - filled);
                buffer.get(target, filled, count);
                filled += count;
                if (!buffer.hasRemaining()) {
                    next++;
                }
            }
        }
    }

    /** A stream that promises a length. */
    static final class Stream extends Chunked {
        private final InputStream stream;

        Stream(InputStream stream, long length) {
            super(length);
            this.stream = stream;
        }

        @Override
        void fill(byte[] target, int length) throws IOException {
            int got = stream.readNBytes(target, 0, length);
            if (got < length) {
                throw new EOFException("the stream ended before the length that was promised, " + (left() - got) + " bytes too early");
            }
        }
    }
}
