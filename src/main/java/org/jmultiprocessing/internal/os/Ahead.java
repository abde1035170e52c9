package org.jmultiprocessing.internal.os;

/** What a child needs anyway and may have before it is asked for. */
public final class Ahead {
    private Ahead() { }

    /** Starts the thread that waits for the life line. */
    public static void startWatcher() {
        Watcher.get();
    }
}
