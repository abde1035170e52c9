package org.jmultiprocessing.pipe;

import java.util.List;
import org.jmultiprocessing.internal.os.Descriptors;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.ReceivedDescriptors;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** What a fork server does before it serves, for its children to find it done: connections arrive as arguments, and are used. Found by name. */
final class ForkPractice implements Runnable {
    ForkPractice() { }

    @Override
    public void run() {
        try {
            practise();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void practise() throws InterruptedException {
        ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, ForkPractice.class.getClassLoader());
        try (Pipe pipe = Pipe.duplex(); Descriptors descriptors = new Descriptors()) {
            WireOutput out = new WireOutput(descriptors::add);
            codec.encode(new Object[] {pipe.second(), "text", 1, List.of(1L, 2.0)}, out, "the arguments");
            int[] travelling = descriptors.toArray();
            int[] arrived = new int[travelling.length];
            for (int i = 0; i < arrived.length; i++) {
                arrived[i] = Io.duplicate(travelling[i]);
            }
            Object[] arguments = (Object[]) codec.decode(new WireInput(out.array(), 0, out.length(), new ReceivedDescriptors(arrived)));
            try (Connection connection = (Connection) arguments[0]) {
                pipe.first().send(1);
                connection.send(connection.recv());
                pipe.first().recv();
            }
        }
    }
}
