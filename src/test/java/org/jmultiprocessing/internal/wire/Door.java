package org.jmultiprocessing.internal.wire;

import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/** Something with a descriptor, a name and no serialization. */
final class Door implements Transferable {
    static {
        Transferable.register(Door.class, Door::readTransfer);
    }

    final String name;
    final int descriptor;
    int written;

    Door(String name, int descriptor) {
        this.name = name;
        this.descriptor = descriptor;
    }

    @Override
    public void writeTransfer(TransferOutput out) {
        written++;
        out.writeString(name);
        out.writeInt(-1);
        out.writeLong(1L << 50);
        out.writeBytes(new byte[] {1, 2, 3});
        if (descriptor >= 0) {
            out.writeDescriptor(descriptor);
        }
    }

    private static Door readTransfer(TransferInput in) {
        String name = in.readString();
        if (in.readInt() != -1 || in.readLong() != 1L << 50 || in.readBytes().length != 3) {
            throw new IllegalStateException("a door came back in pieces");
        }
        return new Door(name, name.startsWith("open") ? in.readDescriptor() : -1);
    }
}
