package org.jmultiprocessing.pipe;

import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Sockets;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/** How a connection travels. A class, not a lambda, because a fresh child meets it on its way to its first line. */
final class ConnectionTransfer implements Transferable.Reader<Connection> {
    private static final int READABLE = 1;
    private static final int WRITABLE = 2;
    private static final int TRUSTED = 4;
    private static final int KIND_SHIFT = 3;

    static void write(TransferOutput out, int raw, Connection connection) {
        int flags = (connection.readable() ? READABLE : 0) | (connection.writable() ? WRITABLE : 0) | (connection.isTrusted() ? TRUSTED : 0);
        out.writeInt(flags | connection.kind().ordinal() << KIND_SHIFT);
        out.writeLong(connection.limit());
        out.writeDescriptor(raw);
    }

    @Override
    public Connection readTransfer(TransferInput in) {
        int flags = in.readInt();
        long limit = in.readLong();
        boolean readable = (flags & READABLE) != 0;
        boolean writable = (flags & WRITABLE) != 0;
        if (!readable && !writable) {
            throw new SerializationException("a connection that can neither be read nor written");
        }
        if (!in.isFromOwnTree()) {
            return Connection.ofDescriptor(in.readDescriptor(), readable, writable);
        }
        Sockets.Kind kind = Sockets.Kind.values()[flags >> KIND_SHIFT];
        Fd fd = Fd.owning(in.readDescriptor(), "connection");
        return new Connection(fd, kind, readable, writable, (flags & TRUSTED) != 0).withMaxMessageBytes(limit);
    }
}
