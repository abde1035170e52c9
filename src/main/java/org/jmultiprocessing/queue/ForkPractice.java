package org.jmultiprocessing.queue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** What a fork server does before it serves, for its children to find it done: queues arrive as arguments, and are used. Found by name. */
final class ForkPractice implements Runnable {
    private static final int MESSAGES = 50;
    private static final int BYTES = 1024;

    ForkPractice() { }

    @Override
    public void run() {
        ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, ForkPractice.class.getClassLoader());
        WireOutput out = new WireOutput(DescriptorCarrier.depositing("a queue"));
        try (Queue<Object> made = new Queue<>()) {
            codec.encode(made, out, "the queue");
            @SuppressWarnings("unchecked") // It is what was encoded.
            Queue<Object> arrived = (Queue<Object>) codec.decode(new WireInput(out.array(), 0, out.length(), null));
            byte[] bytes = new byte[BYTES];
            try (arrived) {
                for (int i = 0; i < MESSAGES; i++) {
                    arrived.put(i);
                    arrived.put(bytes);
                    arrived.put(List.of("text", i));
                    made.take();
                    made.take();
                    made.take();
                }
                made.poll(1, TimeUnit.MICROSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
