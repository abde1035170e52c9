package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;

/**
 * What a process has to know of an object to make a proxy of it.
 *
 * @param kind what it is
 * @param interfaceName of {@link Kind#OWN} the interface, else empty
 * @param fingerprint of {@link Kind#OWN} which methods the interface has in the server, else 0
 */
record Description(Kind kind, String interfaceName, long fingerprint) {
    static Description of(Kind kind) {
        return new Description(kind, "", 0);
    }

    void write(TransferOutput out) {
        out.writeInt(kind.ordinal());
        if (kind == Kind.OWN) {
            out.writeString(interfaceName);
            out.writeLong(fingerprint);
        }
    }

    static Description read(TransferInput in) {
        Kind kind = Kind.of(in.readInt());
        return kind == Kind.OWN ? new Description(kind, in.readString(), in.readLong()) : of(kind);
    }
}
