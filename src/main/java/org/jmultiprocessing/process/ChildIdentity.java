package org.jmultiprocessing.process;

import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** What a child is told of itself, its parent, and what both share. */
record ChildIdentity(String name, int[] identity, boolean daemon, int parentPid, String parentName, byte[] authKey, String startMethod) {
    void write(WireOutput out) {
        out.writeString(name);
        out.writeInt(identity.length);
        for (int number : identity) {
            out.writeInt(number);
        }
        out.writeByte(daemon ? 1 : 0);
        out.writeInt(parentPid);
        out.writeString(parentName);
        out.writeBytes(authKey);
        out.writeString(startMethod);
    }

    static ChildIdentity read(WireInput in) {
        String name = in.readString();
        int[] identity = new int[in.readInt()];
        for (int i = 0; i < identity.length; i++) {
            identity[i] = in.readInt();
        }
        return new ChildIdentity(name, identity, in.readByte() == 1, in.readInt(), in.readString(), in.readBytes(), in.readString());
    }
}
