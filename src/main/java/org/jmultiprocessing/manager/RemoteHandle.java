package org.jmultiprocessing.manager;

import java.lang.ref.Reference;
import org.jmultiprocessing.internal.os.Cleaning;
import org.jmultiprocessing.spi.TransferOutput;

/** The way to an object in another process. It stands for one reference there, which it gives up when it becomes unreachable. */
final class RemoteHandle extends Handle {
    private final Link link;
    private final long object;

    /** @param object a number for which the server has counted a reference of this client's session; 0 for the server's {@link Desk} */
    RemoteHandle(Link link, long object, Description description) {
        super(description);
        this.link = link;
        this.object = object;
        if (object != 0) {
            Cleaning.register(this, new Drop(link, object));
        }
    }

    /** A class, not a lambda: it must not reach the handle. */
    private record Drop(Link link, long object) implements Runnable {
        @Override
        public void run() {
            link.drop(object);
        }
    }

    Link link() {
        return link;
    }

    @Override
    long object() {
        return object;
    }

    @Override
    long server() {
        return link.server();
    }

    @Override
    Object call(int method, Object... arguments) {
        try {
            return link.call(object, method, arguments, false);
        } catch (InterruptedException e) {
            throw new AssertionError("a call that is not to be interrupted was", e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    Object callInterruptibly(int method, Object... arguments) throws InterruptedException {
        try {
            return link.call(object, method, arguments, true);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    boolean takesFunctions() {
        return link.takesFunctions();
    }

    @Override
    Handle desk() {
        return link.desk();
    }

    @Override
    void write(TransferOutput out) {
        try {
            HandleForm.write(out, this);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
