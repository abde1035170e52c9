package org.jmultiprocessing.pipe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection whose other end is a plain socket, to send what no well-behaved peer sends. */
final class RawPeer implements AutoCloseable {
    final Connection connection;
    final SocketChannel socket;

    RawPeer() throws IOException, InterruptedException {
        try (Listener listener = Listener.bind(null, (byte[]) null)) {
            socket = SocketChannel.open(listener.address());
            connection = listener.accept();
        }
    }

    static byte[] frame(byte[] payload) {
        return ByteBuffer.allocate(4 + payload.length).putInt(payload.length).put(payload).array();
    }

    static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    void write(byte[] bytes, int from, int to) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, to - from);
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
    }

    byte[] read(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (socket.read(buffer) < 0) {
                throw new IOException("ended after " + buffer.position());
            }
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        connection.close();
    }
}
