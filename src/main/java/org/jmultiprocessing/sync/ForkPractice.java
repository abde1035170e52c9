package org.jmultiprocessing.sync;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** What a fork server does before it serves, for its children to find it done: locks and their kin arrive as arguments, and are used. By name. */
final class ForkPractice implements Runnable {
    private static final int TIMES = 20;
    private static final Duration MOMENT = Duration.ofNanos(1000);

    ForkPractice() { }

    @Override
    public void run() {
        ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, ForkPractice.class.getClassLoader());
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("an argument"));
        codec.encode(new Object[] {new Lock(), new Semaphore(1), new Event(), new Condition(), new Barrier(1)}, out, "the arguments");
        Object[] arrived = (Object[]) codec.decode(new WireInput(out.array(), 0, out.length(), null));
        try {
            for (int i = 0; i < TIMES; i++) {
                use((Lock) arrived[0], (Semaphore) arrived[1], (Event) arrived[2], (Condition) arrived[3], (Barrier) arrived[4]);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("nobody else has this barrier", e);
        }
    }

    private static void use(Lock lock, Semaphore semaphore, Event event, Condition condition, Barrier barrier)
            throws InterruptedException, BrokenBarrierException {
        lock.acquire();
        lock.release();
        semaphore.acquire();
        semaphore.tryAcquire(MOMENT);
        semaphore.release();
        event.set();
        event.await();
        event.clear();
        event.await(MOMENT);
        condition.acquire();
        condition.signalAll();
        condition.await(MOMENT);
        condition.release();
        barrier.await();
    }
}
