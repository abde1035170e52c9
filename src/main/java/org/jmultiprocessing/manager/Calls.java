package org.jmultiprocessing.manager;

/** The calls that come by one connection, one after the other: which is running and which are cancelled. */
final class Calls {
    private Thread running;
    private long begun;
    private long cancelled;
    private boolean ended;
    private Channel channel;

    /** The connection is there; returns false if the client is gone already. */
    synchronized boolean serve(Channel by) {
        channel = by;
        return !ended;
    }

    /** The next call runs in the calling thread. */
    synchronized void begin() {
        running = Thread.currentThread();
        begun++;
        if (ended || cancelled >= begun) {
            running.interrupt();
        }
    }

    /** It is done; an interrupt that came too late is forgotten. */
    synchronized void finish() {
        running = null;
        Thread.interrupted();
    }

    /** Whether the interrupt that the running call met was meant for it. */
    synchronized boolean isCancelled() {
        return ended || cancelled >= begun;
    }

    synchronized void cancel(long call) {
        if (call < begun || call == begun && running == null) {
            return;
        }
        cancelled = Math.max(cancelled, call);
        if (running != null && call == begun) {
            running.interrupt();
        }
    }

    /** The client is gone, or the server ends. */
    synchronized void end() {
        ended = true;
        // First, as the client of a call that ends by this has cancelled nothing, and is told nothing.
        if (channel != null) {
            channel.close();
        }
        if (running != null) {
            running.interrupt();
        }
    }
}
