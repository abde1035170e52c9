package org.jmultiprocessing.internal.launch;

import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.ControlSocket;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Descriptors;
import org.jmultiprocessing.internal.os.Exiting;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.JdkState;
import org.jmultiprocessing.internal.os.LiveFork;
import org.jmultiprocessing.internal.os.ProcessIds;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * What a fork server does: it answers one request after another of the process that has started it ({@link Zygote}), whose children its children are,
 * and ends when that process does, as then its end of the control socket does.
 */
final class ZygoteLoop {
    private static final int[] NONE = {};
    /** What the system says that has too many processes, or no memory, just now. */
    private static final List<String> PASSING = List.of("EAGAIN", "ENOMEM");

    private final ControlSocket control;
    private final JdkState jdk;

    ZygoteLoop(ControlSocket control, JdkState jdk) {
        this.control = control;
        this.jdk = jdk;
    }

    /** Does not return, neither here nor in a child. */
    void serve() throws Exception {
        for (int round = 1;; round++) {
            ControlSocket.Message message = control.receive(Deadline.NEVER);
            if (message == null) {
                Runtime.getRuntime().halt(0);
            }
            ForkRequest request = ForkRequest.of(message);
            if (request.kind() == ForkRequest.Kind.PRACTICE) {
                reply(-ZygoteWarmth.practise(new ChildDescriptors(message.descriptors()), jdk), null);
            } else if (request.kind() == ForkRequest.Kind.SPARE) {
                ZygoteWarmth.load(request.roots());
                forkSpare(message.descriptors()[0]);
            } else {
                forkChild(request, message.descriptors());
                ZygoteWarmth.load(request.roots());
            }
            ZygoteWarmth.tidy(round);
        }
    }

    /** @param refused why there is no child; null if there is one */
    private void reply(int pid, OsException refused) {
        WireOutput reply = new WireOutput(DescriptorCarrier.bytesOnly("a control socket"));
        reply.writeInt(pid);
        reply.writeString(refused == null ? "" : refused.getMessage());
        reply.writeByte(refused != null && PASSING.contains(refused.errnoName()) ? 1 : 0);
        control.send(reply.array(), reply.length(), NONE, Deadline.NEVER);
    }

    private void forkChild(ForkRequest request, int[] descriptors) {
        int pid = -1;
        OsException trouble = null;
        try {
            LiveFork.Forked forked = LiveFork.fork(true, request.given(descriptors), descriptors[Launcher.SIGNAL_NOTES]);
            if (forked == null) {
                renew();
                run(request, descriptors);
            }
            pid = forked.pid();
        } catch (OsException refused) {
            trouble = refused;
        }
        Io.close(descriptors, 0, descriptors.length);
        reply(pid, trouble);
    }

    /** The child has a socket of its own, whose other end its parent has: it says who it is there, in case that this process cannot any more. */
    private void forkSpare(int socket) {
        int pid = -1;
        OsException trouble = null;
        try {
            LiveFork.Forked forked = LiveFork.forkSpare();
            if (forked == null) {
                renew();
                ControlSocket own = ControlSocket.blocking(socket);
                WireOutput name = new WireOutput(DescriptorCarrier.bytesOnly("a control socket"));
                name.writeInt(ProcessIds.self());
                own.send(name.array(), name.length(), NONE, Deadline.NEVER);
                touch(own);
                await(own);
            }
            pid = forked.pid();
        } catch (OsException refused) {
            trouble = refused;
        }
        Descriptors.discard(socket);
        reply(pid, trouble);
    }

    /** Unless somebody is waiting already. */
    private static void touch(ControlSocket socket) {
        try {
            if (!socket.fd().isReadable()) {
                ZygoteWarmth.touch();
            }
        } catch (Throwable failure) {
            end(failure);
        }
    }

    /** In a spare child: waits for what it is to be. */
    private void await(ControlSocket socket) {
        ControlSocket.Message message = socket.receive(Deadline.NEVER);
        if (message == null) {
            Runtime.getRuntime().halt(0);
        }
        socket.close();
        ForkRequest request = ForkRequest.of(message);
        int[] descriptors = message.descriptors();
        LiveFork.settle(request.given(descriptors), descriptors[Launcher.SIGNAL_NOTES]);
        run(request, descriptors);
    }

    /** In a child. Until it says that it lives, it may simply end: its parent then starts another one in its stead. */
    private void renew() {
        try {
            control.close();
            jdk.renew();
            Exiting.renew();
        } catch (Throwable failure) {
            end(failure);
        }
    }

    /** In a child, which goes on to be any child. */
    private static void run(ForkRequest request, int[] descriptors) {
        try {
            if (request.environment() != null) {
                JdkState.renewEnvironment();
            }
            if (request.directory() != null) {
                JdkState.renewDirectory(request.directory());
            }
            LiveFork.tellAlive(descriptors[Launcher.SIGNAL_NOTES]);
        } catch (Throwable failure) {
            end(failure);
        }
        ChildMain.run(new ChildDescriptors(descriptors));
    }

    private static void end(Throwable failure) {
        failure.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
