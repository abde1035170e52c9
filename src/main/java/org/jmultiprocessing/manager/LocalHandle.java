package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.TransferOutput;

/** The way to an object from within its own server. It keeps the object alive as any reference of Java's. */
final class LocalHandle extends Handle {
    private final Server server;
    private final ServerObject target;

    LocalHandle(Server server, ServerObject target) {
        super(target.referent().description());
        this.server = server;
        this.target = target;
    }

    Server home() {
        return server;
    }

    ServerObject target() {
        return target;
    }

    @Override
    long object() {
        return target.number();
    }

    @Override
    long server() {
        return server.number();
    }

    @Override
    Object call(int method, Object... arguments) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return callInterruptibly(method, arguments);
                } catch (InterruptedException e) {
                    // Nothing has happened yet.
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    Object callInterruptibly(int method, Object... arguments) throws InterruptedException {
        LocalCall call = new LocalCall(server);
        try {
            target.referent().invoke(method, arguments, call, call);
        } catch (InterruptedException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Failures.raise(e);
        }
        return call.result();
    }

    @Override
    boolean takesFunctions() {
        return true;
    }

    @Override
    Handle desk() {
        return new LocalHandle(server, server.desk());
    }

    @Override
    void write(TransferOutput out) {
        HandleForm.write(out, this);
    }
}
