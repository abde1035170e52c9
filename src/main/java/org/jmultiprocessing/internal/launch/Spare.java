package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.ChildPid;
import org.jmultiprocessing.internal.os.ControlSocket;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.registry.Kept;
import org.jmultiprocessing.internal.wire.WireOutput;

/** A child that was forked ahead and waits to be told what it is. It ends when it is closed without having been taken. Belongs to one thread. */
final class Spare implements AutoCloseable {
    private final ChildPid child;
    private final ControlSocket socket;
    private boolean taken;

    Spare(ChildPid child, ControlSocket socket) {
        this.child = child;
        this.socket = socket;
    }

    int pid() {
        return child.pid();
    }

    int sentinel() {
        return child.sentinelNumber();
    }

    /** Tells it; false if it is gone, or does not listen. */
    boolean send(ForkRequest request, int[] descriptors, Deadline deadline) {
        WireOutput out = request.message();
        return socket.send(out.array(), out.length(), descriptors, deadline);
    }

    /** It is an ordinary child from now on. */
    ChildPid take() {
        taken = true;
        return child;
    }

    @Override
    public void close() {
        Kept.drop(socket.fd());
        if (!taken) {
            child.kill("KILL");
        }
    }
}
