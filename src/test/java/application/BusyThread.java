package application;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A program's thread that never waits, in a package that is not this library's: what goes on there is none of its business. */
public final class BusyThread implements AutoCloseable {
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger beats = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "busy");

    public BusyThread() {
        thread.start();
    }

    private void run() {
        while (end.getCount() > 0) {
            beats.incrementAndGet();
        }
    }

    /** Waits until it has gone on. */
    public void awaitBeat() {
        int before = beats.get();
        while (beats.get() == before) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws InterruptedException {
        end.countDown();
        thread.join();
    }
}
